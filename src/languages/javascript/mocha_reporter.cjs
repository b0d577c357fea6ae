"use strict";

/** A mocha reporter, for mocha 2 and later. */
const { join } = require("path");
const lines = require(join(__dirname, "result_lines.cjs"));

module.exports = function (runner) {
  const report = (test, status) => {
    const titles = [];
    for (let part = test; part; part = part.parent) if (part.title) titles.unshift(part.title);
    lines.result(test.file || (test.parent && test.parent.file), titles, status, test.duration);
  };
  runner.on("pass", (test) => report(test, "passed"));
  // A hook that fails takes the tests after it with it.
  runner.on("fail", (test, error) => {
    report(test, test.type === "hook" ? "errored" : "failed");
    const message = (error && (error.stack || error.message)) || String(error);
    process.stderr.write(test.title + "\n" + message + "\n");
  });
  runner.on("pending", (test) => report(test, "skipped"));
  runner.on("end", () => lines.end());
};
