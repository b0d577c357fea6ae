"use strict";

/**
 * Prints mocha's own options as it finds them in .mocharc, package.json and mocha.opts, without the test files that they
 * name: mocha would run these besides the ones that it is given.
 */
const { dirname, join } = require("path");

const folder = dirname(require.resolve("mocha/package.json", { paths: [process.cwd()] }));
const options = require(join(folder, "lib/cli/options")).loadOptions(process.argv.slice(2));
for (const name of [
  "_",
  "spec",
  "config",
  "package",
  "opts",
  "reporter",
  "R",
  "reporter-option",
  "reporterOptions",
]) {
  delete options[name];
}
process.stdout.write(JSON.stringify(options));
