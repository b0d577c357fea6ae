// Prints "N passed, N failed" from vitest's JSON report and fails when a test failed or was skipped, or none ran.
import { existsSync, readFileSync } from "node:fs";

const file = process.argv[2];
if (!existsSync(file)) {
  console.log("0 passed, 1 failed");
  process.exit(1);
}
const report = JSON.parse(readFileSync(file, "utf8"));
const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
const count = (...statuses) => tests.filter(({ status }) => statuses.includes(status)).length;
const brokenFiles = report.testResults.filter(
  ({ status, assertionResults }) =>
    status === "failed" && !assertionResults.some((test) => test.status === "failed"),
);
const passed = count("passed");
const failed = count("failed") + brokenFiles.length;
const skipped = tests.length - passed - count("failed");

for (const { name, message } of brokenFiles) console.log(`not run: ${name}: ${message}`);
for (const { status, fullName } of tests)
  if (status !== "passed" && status !== "failed") console.log(`skipped: ${fullName}`);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = passed > 0 && failed === 0 && skipped === 0 ? 0 : 1;
