"""The command line: options in, words out, errors to exit statuses."""
