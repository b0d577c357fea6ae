"use strict";

/**
 * Leaves one JSON line per finished test in the file that COPATCHER_RESULTS names; the last line of a complete report is
 * {"end":true}. For Node 8 and later, without dependencies.
 */
const { openSync, writeSync } = require("fs");
const { relative } = require("path");

const root = process.env.COPATCHER_ROOT || process.cwd();
const descriptor = openSync(process.env.COPATCHER_RESULTS, "a");
// Processes that the tests start must not write here.
delete process.env.COPATCHER_RESULTS;

const write = (record) => void writeSync(descriptor, JSON.stringify(record) + "\n");

module.exports = {
  result(file, titles, status, milliseconds) {
    const names = file ? [relative(root, file)].concat(titles) : titles;
    write({ id: names.join(" > "), status, seconds: Math.max(0, Number(milliseconds) || 0) / 1000 });
  },
  end() {
    write({ end: true });
  },
};
