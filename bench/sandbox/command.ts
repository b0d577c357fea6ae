import { Command } from "commander";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureBubblewrap } from "./measure-bubblewrap.ts";
import { measureDocker } from "./measure-docker.ts";
import { makeTree } from "./trees.ts";

type Options = {
  readonly image: string;
  readonly rounds: number;
  readonly candidates: number;
  readonly json: boolean;
};

/** `npm run bench -- sandbox`: what a candidate costs beyond the work itself (sandbox notes, section 2). */
export const sandboxBench = (): Command =>
  new Command("sandbox")
    .description(
      "cost of a whole candidate against a bare chroot and a container per command; needs root and dockerd",
    )
    .option("--image <name>", "image with sh, tar, setpriv, timeout and python3", "copatcher-sandbox:test")
    .option("--rounds <n>", "repetitions of each measurement", Number, 7)
    .option("--candidates <n>", "candidates of the endurance run", Number, 1000)
    .option("--json", "print one JSON object on the last line", false)
    .action(run);

async function run({ image, rounds, candidates, json }: Options): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new Error("this benchmark mounts and counts processor time: run it as root");
  const directory = mkdtempSync(join(tmpdir(), "copatcher-bench-"));
  const say = (text: string) => console.error(text);
  try {
    say("making the two repositories");
    const trees = { small: makeTree("small", directory), large: makeTree("large", directory) };
    const docker = await measureDocker({ image, rounds, candidates, trees, directory, say });
    const bubblewrap = await measureBubblewrap({ rounds, trees, say });
    const report = { bench: "sandbox", ...docker, ...bubblewrap };
    if (json) console.log(JSON.stringify(report));
    else console.log(JSON.stringify(report, null, 2));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
