import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EmbeddedGitHub } from "../../src/demo/github/embedded-github.ts";
import { startSampleGitHub } from "../fixtures/sample-github.ts";
import { scalingDatabase, type ScalingDatabase } from "./scaling-database.ts";
import { startGatedModels, type GatedModels } from "./scaling-models.ts";
import { readScalingPage, replaced } from "./scaling-page.ts";
import { startProcess, type StartedProcess } from "./scaling-process.ts";

/** docs/scaling.md on this machine: its commands, with a database, a GitHub and models of the test's own. */
export type ScalingStage = {
  readonly github: EmbeddedGitHub;
  readonly models: GatedModels;
  readonly database: ScalingDatabase;
  /** The text of a block. */
  block(name: string): string;
  /** Runs a block that starts a process, in a shell in which `before` was run. */
  start(name: string, before?: string): StartedProcess;
  /** A text with the names of folders in the place of what their processes call themselves in claims. */
  withNames(text: string, folders: readonly string[]): Promise<string>;
  openIssue(): Promise<number>;
  label(issue: number): Promise<void>;
  close(): Promise<void>;
};

const maintainer = "maria";

export async function openScalingStage(): Promise<ScalingStage> {
  const page = await readScalingPage();
  const folder = await mkdtemp(join(tmpdir(), "copatcher-scaling-"));
  const home = join(folder, "home");
  await mkdir(home);
  const database = scalingDatabase();
  const models = await startGatedModels();
  const { github, sample, environment: forBot } = await startSampleGitHub(folder);
  const environment = {
    ...forBot(models.url, home),
    // shorter ones end by themselves where a machine stands still for some seconds
    COPATCHER_LEASE_SECONDS: "8",
    COPATCHER_DRAIN_SECONDS: "1",
    npm_config_update_notifier: "false",
  };
  const started: StartedProcess[] = [];

  const block = (name: string): string => {
    const text = page.get(name);
    if (text === undefined) throw new Error(`docs/scaling.md has no block ${name}`);
    return text;
  };
  return {
    github,
    models,
    database,
    block,
    start(name, before = ":") {
      const command = replaced(block(name), { "/srv/copatcher": folder });
      // others may have the page's ports on this machine
      const one = startProcess(`${before}\n${command.replace(/\bPORT=\d+/, "PORT=0")}`, environment);
      started.push(one);
      return one;
    },
    async withNames(text, folders) {
      const ids = await Promise.all(
        folders.map((name) => readFile(join(folder, name, "installation"), "utf8")),
      );
      return folders.reduce(
        (named, name, at) => named.replaceAll(new RegExp(`${ids[at]?.trim()}/pid-\\d+`, "g"), name),
        text,
      );
    },
    openIssue: () => github.openIssue(sample.issue.title, sample.issue.body, maintainer),
    label: async (issue) => void (await github.addLabel(issue, "copatcher", maintainer)),
    async close() {
      for (const one of started) one.signal("SIGKILL");
      await Promise.all(started.map((one) => one.ended()));
      await Promise.all([github.stop(), models.stop()]);
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
