// node read.mjs NODE_MODULES ical.js|papaparse FILE…: what the reader makes of each file, a line of JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [modules, name, ...paths] = process.argv.slice(2);
const reader = createRequire(`${modules}/`)(name);

function cards(text) {
  const found = reader.parse(text); // jCard (RFC 7095): one, or a list of them
  return typeof found[0] === "string" ? [found] : found;
}

function rows(text) {
  const found = reader.parse(text, { header: true, skipEmptyLines: true });
  if (found.errors.length) throw new Error(JSON.stringify(found.errors));
  return found.data;
}

for (const path of paths) {
  const text = readFileSync(path, "utf8");
  console.log(JSON.stringify(name === "ical.js" ? cards(text) : rows(text)));
}
