// Reads the demo's output and fails unless its last line tells of one pull request with executed evidence.
import { readFileSync } from "node:fs";

const last = readFileSync(process.argv[2], "utf8").trimEnd().split("\n").at(-1) ?? "";
const { pullRequest, run, evidence } = JSON.parse(last);
const claims = {
  "a pull request is open": Number.isInteger(pullRequest?.number) && pullRequest.bodyLength > 0,
  "the run is proposed": run?.state === "proposed" || run?.state?.at === "proposed",
  "PoCs fail before": evidence?.pocsFailBefore > 0,
  "PoCs pass after": evidence?.pocsPassAfter > 0,
  "no test fails newly": evidence?.newTestFailures === 0,
};
const untrue = Object.keys(claims).filter((claim) => !claims[claim]);
if (untrue.length > 0) {
  console.error(`the demo ended, but not so that ${untrue.join(", ")}: ${last.slice(0, 2000)}`);
  process.exit(1);
}
