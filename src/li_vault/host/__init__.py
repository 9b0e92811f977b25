"""This machine: files, folders, zips, clocks."""
