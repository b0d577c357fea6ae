import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGitWorkspace } from "../../../src/adapters/git/git-workspace.ts";
import { createSystemClock } from "../../../src/adapters/system/clock.ts";
import type { Checkout } from "../../../src/ports/workspace.ts";
import { never, type Attack, type Finding } from "../attack.ts";
import { quietLogger } from "../quiet-logger.ts";

/** A repository of an attacker, and the file that its program leaves when it runs on the host. */
export type Place = { readonly repo: string; readonly marker: string; git(...args: string[]): string };

/** Of git as an attacker runs it: nobody's settings, and every protocol that it wants. */
export const environment = {
  PATH: process.env["PATH"],
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "a",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "a",
  GIT_COMMITTER_EMAIL: "a@example.com",
  GIT_ALLOW_PROTOCOL: "file:ext",
};

async function withRepository<T>(
  prepare: (place: Place) => void,
  use: (place: Place) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "copatcher-attack-git-"));
  const repo = join(directory, "repo");
  mkdirSync(repo);
  const git = (...args: string[]): string =>
    execFileSync("git", args, {
      cwd: repo,
      env: environment,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    });
  const place = { repo, marker: join(directory, "executed"), git };
  git("init", "-q", "-b", "main");
  writeFileSync(join(repo, "app.py"), "x = 1\n");
  git("add", ".");
  git("commit", "-qm", "first");
  try {
    prepare(place);
    return await use(place);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Everything that the bot does to a repository before a sandbox sees it. */
async function handle(place: Place): Promise<{ checkout: Checkout; archive: string }> {
  const workspace = createGitWorkspace({
    directory: join(place.repo, "..", "workspace"),
    maxRepositoryMb: 100,
    logger: quietLogger,
    clock: createSystemClock(),
  });
  const checkout = await workspace.checkout({ kind: "local", directory: place.repo }, "HEAD", never());
  const entries = await checkout.entries();
  for (const { path } of entries) await checkout.read(path);
  await checkout.search(["x"]);
  const { file } = await checkout.archive(never());
  return { checkout, archive: file };
}

/** Git that runs the attacker's program; the canary is what a bot with a work tree does. */
export const executes = (
  name: string,
  tries: string,
  stoppedBy: string,
  prepare: (place: Place) => void,
  naive: string,
): Attack => ({
  name,
  tries,
  stoppedBy,
  on: "host",
  attempt: () =>
    withRepository(prepare, async (place): Promise<Finding> => {
      const ended = await handle(place).then(
        () => "read as data",
        (error: unknown) => `refused: ${String(error).slice(0, 80)}`,
      );
      return {
        contained: !existsSync(place.marker),
        saw: existsSync(place.marker) ? "its program ran on the host" : ended,
      };
    }),
  unprotected: () =>
    withRepository(prepare, (place) => {
      spawnSync("sh", ["-c", naive], { cwd: place.repo, env: environment, stdio: "ignore" });
      return Promise.resolve(existsSync(place.marker) ? "git ran its program" : null);
    }),
});

/** A repository whose content must come out as data and nothing else. */
export const isData = (
  name: string,
  tries: string,
  stoppedBy: string,
  prepare: (place: Place) => void,
  check: (checkout: Checkout, archive: string, place: Place) => Promise<string | null>,
  naive: (place: Place) => string | null,
): Attack => ({
  name,
  tries,
  stoppedBy,
  on: "host",
  attempt: () =>
    withRepository(prepare, async (place): Promise<Finding> => {
      try {
        const { checkout, archive } = await handle(place);
        const bad = await check(checkout, archive, place);
        return { contained: bad === null, saw: bad ?? "it is data" };
      } catch (error) {
        return { contained: true, saw: `refused: ${String(error).slice(0, 100)}` };
      }
    }),
  unprotected: () => withRepository(prepare, (place) => Promise.resolve(naive(place))),
});
