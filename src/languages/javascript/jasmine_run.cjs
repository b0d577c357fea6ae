"use strict";

/**
 * Runs the project's own jasmine (3 and later) on the given test files.
 * Usage: jasmine_run.cjs CONFIGURATION TEST_FILE...; an empty configuration means the usual one. Results do not name their
 * file, which only late versions know.
 */
const { join, resolve } = require("path");
const lines = require(join(__dirname, "result_lines.cjs"));

const statuses = { passed: "passed", failed: "failed" };
const found = require(require.resolve("jasmine", { paths: [process.cwd()] }));
const Jasmine = found.default || found;
const [configuration, ...files] = process.argv.slice(2);
const titles = [];

const reporter = {
  suiteStarted: (suite) => void titles.push(suite.description),
  suiteDone(suite) {
    // Errors of beforeAll and afterAll belong to the suite.
    if ((suite.failedExpectations || []).length > 0) {
      show(suite);
      lines.result(null, titles, "errored", 0);
    }
    titles.pop();
  },
  specDone(spec) {
    if (spec.status === "failed") show(spec);
    lines.result(null, titles.concat(spec.description), statuses[spec.status] || "skipped", spec.duration);
  },
  jasmineDone(run) {
    const failures = run.failedExpectations || [];
    if (failures.length > 0) {
      show({ fullName: "jasmine", failedExpectations: failures });
      lines.result(null, ["jasmine"], "errored", 0);
    }
    lines.end();
  },
};

function show({ fullName, failedExpectations }) {
  for (const { message, stack } of failedExpectations || []) {
    process.stderr.write(fullName + "\n" + (stack || message || "") + "\n");
  }
}

const jasmine = new Jasmine({ projectBaseDir: process.cwd() });
jasmine.loadConfigFile(configuration || undefined);
// The same order each time, so that two runs can be compared.
if (jasmine.seed) jasmine.seed(1);
else if (jasmine.env && jasmine.env.configure) jasmine.env.configure({ seed: 1 });
jasmine.clearReporters();
jasmine.addReporter(reporter);
Promise.resolve(jasmine.execute(files.map((file) => resolve(file)))).catch((error) => {
  process.stderr.write(String(error && error.stack) + "\n");
  process.exitCode = 1;
});
