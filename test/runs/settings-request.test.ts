import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { unlimited } from "../../src/domain/limits.ts";
import { refusalFor } from "../../src/runs/authorize.ts";
import { requestRun, type RunAsk } from "../../src/runs/request-run.ts";
import { settingsForRequest } from "../../src/runs/settings-request.ts";
import { createMemoryJobQueue } from "../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../fakes/memory-run-store.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { makeRunRequest, policy } from "../fixtures/run-request.ts";

/** Asks as often as `times` says, each time for another issue unless `same`; what the bot said last, and the runs. */
async function asking(
  files: { readonly repository?: string; readonly owner?: string },
  { times = 1, same = false, limits = unlimited, more = {} } = {},
) {
  const first = makeRunRequest();
  const { owner, name } = first.issue.ref.repo;
  const forges = createRecordingForge({
    issues: [],
    branch: null,
    source: { kind: "local", directory: "unused" },
    permissions: { hubot: "write" },
    files: {
      ...(files.repository === undefined
        ? {}
        : { [`${owner}/${name}:.github/copatcher.yml`]: files.repository }),
      ...(files.owner === undefined ? {} : { [`${owner}/.github:.github/copatcher.yml`]: files.owner }),
    },
  });
  const runs = createMemoryRunStore(createMemoryJobQueue());
  const deps = { runs, forges, logger: createSilentLogger(), policy: { ...policy, limits } };
  const made: (string | null)[] = [];
  for (let time = 0; time < times; time++) {
    const { issue, trigger, ...other } = makeRunRequest();
    const ask: RunAsk = {
      ...other,
      issue: same ? { ...issue, ref: first.issue.ref } : issue,
      trigger: { ...trigger, delivery: `delivery-${time}` },
      label: null,
      ...more,
    };
    made.push((await requestRun(deps, ask))?.id ?? null);
  }
  return { made, forges, deps, said: forges.comments.at(-1)?.body ?? "" };
}

test.each([
  [{ repository: "enabled: false" }, "`.github/copatcher.yml` of this repository"],
  [{ owner: "enabled: false" }, "the settings of the owner's `.github` repository"],
])("where %j says so, no run begins, and the answer names the file", async (files, where) => {
  const { made, said } = await asking(files);

  expect(made).toEqual([null]);
  expect(said).toContain(`switched off (\`enabled: false\`) in ${where}`);
});

test("what a command says of the branch goes before the settings, and a pull request has its own", async () => {
  const baseOf = async (more: Partial<RunAsk>) => {
    const { deps } = await asking({ repository: "branch: {base: develop}" }, { more });
    return (await deps.runs.recent(1))[0]?.base;
  };

  expect(await baseOf({})).toBe("develop");
  expect(await baseOf({ base: "main" })).toBe("main");
  expect(await baseOf({ kind: "validation", pullRequest: 9 })).toBeUndefined();
});

test("a repository may switch on again what its owner switched off", async () => {
  const { made } = await asking({ owner: "enabled: false", repository: "enabled: true" });

  expect(made).toEqual([expect.any(String)]);
});

test("a repository's own limit refuses what is beyond it, and the answer names its file", async () => {
  const { made, said } = await asking({ repository: "limits: {runs_per_day: 2}" }, { times: 3 });

  expect(made).toEqual([expect.any(String), expect.any(String), null]);
  expect(said).toContain("the limit is 2.");
  expect(said).toContain("the limit is in `.github/copatcher.yml` of this repository");
});

test("runs of a repository that wants one at a time wait for each other, and the comment says why", async () => {
  const { made, deps, said } = await asking({ repository: "limits: {concurrent_runs: 1}" }, { times: 2 });

  const claims = [await deps.runs.claim("worker-1", unlimited), await deps.runs.claim("worker-2", unlimited)];

  expect(claims.map((claim) => claim?.run.id)).toEqual([made[0], undefined]);
  expect(said).toContain("1 run before it has begun. The limit of this repository is 1 run at a time");
});

test("a repository's runs at the same time are never more than the operator allows", async () => {
  const limits = { ...unlimited, repositoryRuns: 1 };
  const { deps, said } = await asking({ repository: "limits: {concurrent_runs: 5}" }, { times: 2, limits });

  await deps.runs.claim("worker-1", limits);

  expect(await deps.runs.claim("worker-2", limits)).toBeNull();
  expect(said).toContain("The limit of this repository is 1 run");
});

test("no settings lift the operator's limit", async () => {
  const limits = { ...unlimited, runsPerDay: 1 };

  const { made, said } = await asking({ repository: "limits: {runs_per_day: 500}" }, { times: 2, limits });

  expect(made).toEqual([expect.any(String), null]);
  expect(said).toContain("COPATCHER_MAX_DAILY_RUNS");
});

test("a newer request takes the place of a live run where the settings say so", async () => {
  const refused = await asking({}, { times: 2, same: true });
  const superseded = await asking({ owner: "newer_request: supersede" }, { times: 2, same: true });

  expect(new Set(refused.made).size).toBe(1);
  expect(new Set(superseded.made).size).toBe(2);
});

test("a file that is not valid lets the run begin, which then tells about it", async () => {
  const { made } = await asking({ repository: "enabled: maybe" });

  expect(made).toEqual([expect.any(String)]);
});

/** What holds for a request, and whether somebody of this role may cancel. */
async function heldBy(files: { readonly repository?: string; readonly owner?: string }, refused = "") {
  const { deps, forges } = await asking(files, { times: 0 });
  const { repo } = makeRunRequest().issue.ref;
  const forge = forges.forInstallation(1);
  const reading: typeof forge = {
    ...forge,
    file: (of, path) =>
      refused === of.name
        ? Promise.reject(new RepairError("forge-rejected", "not for this App"))
        : forge.file(of, path),
    permission: async (_, login) => (login === "tina" ? "triage" : "admin"),
  };
  const held = await settingsForRequest(
    { ...deps, policy: { ...policy, newer: "supersede" } },
    reading,
    repo,
  );
  const { permissions } = held;
  const mayCancel = async (sender: string): Promise<boolean> =>
    (await refusalFor(deps, reading, permissions, { repo, sender, right: "cancel" })) === null;
  return { ...held, may: [await mayCancel("tina"), await mayCancel("anna")] };
}

const strictOwner = "permissions: {cancel: admin}\ntrigger: {commands: false}";

test.each([
  ["is not valid", { owner: strictOwner, repository: "enabled: maybe" }, ""],
  ["cannot be had", { owner: strictOwner }, makeRunRequest().issue.ref.repo.name],
])("the owner's policy holds where the repository's file %s", async (_, files, refused) => {
  const { trigger, may } = await heldBy(files, refused);

  expect(may).toEqual([false, true]);
  expect(trigger.commands).toBe(false);
});

test.each([
  ["is not valid", { owner: "permissions: {cancel: nobody}" }, ""],
  ["cannot be had", {}, ".github"],
])("only administrators end runs and get answers where the owner's file %s", async (_, files, refused) => {
  const { permissions, policy: held, may } = await heldBy(files, refused);

  expect(may).toEqual([false, true]);
  expect(permissions).toMatchObject({ status: "admin", users: [], teams: [], bots: [] });
  expect(held.newer).toBe("refuse");
});

test("what a repository grants by itself holds whatever is wrong with the owner's file", async () => {
  const { may } = await heldBy({ owner: "enabled: maybe", repository: "permissions: {cancel: triage}" });

  expect(may).toEqual([true, true]);
});

test("while GitHub cannot be read nothing is decided", async () => {
  const { deps, forges } = await asking({});
  forges.breakDown("file", new RepairError("forge-unavailable", "GitHub is down"));

  await expect(requestRun(deps, { ...makeRunRequest(), label: null })).rejects.toMatchObject({
    code: "forge-unavailable",
  });
});
