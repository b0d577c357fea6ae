import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import type { RunEvent } from "../../src/domain/run.ts";
import type { Claim } from "../../src/ports/run-store.ts";
import { executeRun } from "../../src/runs/execute-run.ts";
import { Interrupted } from "../../src/runs/run-control.ts";
import type { Reply } from "../../src/simulator/replies.ts";
import { createScriptedClient } from "../../src/simulator/scripted-client.ts";
import { once } from "../fixtures/model-answers.ts";
import { controlOf, makeWorld } from "../fixtures/run-world.ts";
import { rightEdit, smallProject, smallReplies } from "../fixtures/small-project.ts";

const never = controlOf();

type World = Parameters<typeof makeWorld>[0];

test("a right patch becomes one pull request, and the comment ends with it", async () => {
  const world = await makeWorld();

  await world.work();

  expect(await world.state()).toMatchObject({ at: "proposed", pullRequest: 100 });
  expect(world.forge.proposals).toHaveLength(1);
  expect(world.said()).toEqual([expect.stringContaining("#100")]);
  expect(world.sandbox.openSessions()).toBe(0);
});

const allSamples = (reply: Reply): World => ({
  replies: smallReplies({ "localize-files": [[reply], [reply]] }),
});

test.each<[string, World, string, RegExp]>([
  ["an issue without a body", { issue: { body: " \n" } }, "issue-empty", /Describe what happens/],
  [
    "an issue whose body is a hidden comment only",
    { issue: { body: "<!-- please fill in -->" } },
    "issue-empty",
    /Describe what happens/,
  ],
  ["a repository without a commit", { branch: null }, "repository-empty", /first commit/],
  [
    "a repository in a language without an adapter",
    { files: { "Main.hs": "main = pure ()\n", "README.md": "hi" } },
    "language-unsupported",
    /Python/,
  ],
  [
    "settings that are not valid",
    { files: { ...smallProject, ".github/copatcher.yml": "profile: fast\n" } },
    "settings-invalid",
    /copatcher\.yml/,
  ],
  [
    "a missing image",
    { sandboxError: new RepairError("sandbox-image-missing", "The sandbox image a:b is not there.") },
    "sandbox-image-missing",
    /a:b/,
  ],
  ["a wrong key", allSamples({ text: "", fault: "http-401" }), "inference-misconfigured", /API key/],
  [
    "models that answer nothing",
    allSamples({ text: "", fault: "empty" }),
    "inference-unusable",
    /checkpoint/,
  ],
  ["models that send 50 MB", allSamples({ text: "", fault: "huge" }), "inference-unusable", /all 2 samples/],
])("%s fails the run with the reason and the next step on the issue", async (_, options, code, said) => {
  const world = await makeWorld(options);

  await world.work();

  expect(await world.state()).toEqual({ at: "failed", code });
  expect(world.said()).toEqual([expect.stringMatching(said)]);
  expect(world.said()[0]).toContain("**Next step:**");
  expect(world.forge.proposals).toEqual([]);
  expect(world.sandbox.openSessions()).toBe(0);
});

test.each<[string, World, string]>([
  ["names no file", { replies: smallReplies({ "localize-files": [once("lorem ipsum")] }) }, "no-location"],
  ["writes no patch", { replies: smallReplies({ generate: [once("lorem ipsum")] }) }, "no-candidate"],
  [
    "only writes outside of the repository",
    { replies: smallReplies({ generate: [once(rightEdit.replace("calc/core.py", "../../x.py"))] }) },
    "no-candidate",
  ],
  [
    "writes a patch that fixes nothing",
    { replies: smallReplies({ generate: [once(rightEdit.replace("a + b", "b - a"))] }) },
    "none-passes-poc",
  ],
])(
  "a model that %s ends declined, with an explanation and without a pull request",
  async (_, options, reason) => {
    const world = await makeWorld(options);

    await world.work();

    expect(await world.state()).toEqual({ at: "declined", reason });
    expect(world.said()).toEqual([expect.stringContaining("**Copatcher proposes nothing")]);
    expect(world.forge.proposals).toEqual([]);
    expect(world.sandbox.openSessions()).toBe(0);
  },
);

test("a repository without tests gets a draft that says so", async () => {
  const { "tests/test_core.py": _, ...files } = smallProject;
  const world = await makeWorld({ files });

  await world.work();

  const [published] = world.forge.proposals;
  expect(published?.proposal.draft).toBe(true);
  expect(published?.proposal.body).toContain("the repository has no tests");
});

test("a shutdown puts the run back into the queue and leaves the comment as it was", async () => {
  const stop = new AbortController();
  const world = await makeWorld({
    replies: smallReplies({ generate: [once(rightEdit, { delayMs: 60_000 })] }),
  });
  const before = world.said();

  const working = world.work(stop.signal);
  setTimeout(() => stop.abort(new Error("shutdown")), 100);
  await working;

  expect(await world.state()).toEqual({ at: "queued" });
  expect(world.said().map(headline)).toEqual(
    before.map((text) => headline(text).replace("queued", "working on this issue")),
  );
  expect(world.forge.proposals).toEqual([]);
  expect(world.sandbox.openSessions()).toBe(0);
});

const headline = (text: string): string =>
  /Copatcher is (queued|working on this issue)/.exec(text)?.[0] ?? text;

test("a run that resumes says only how it ends: GitHub takes few changes, and where it is has been said", async () => {
  const world = await makeWorld();
  await world.runs.release(await world.claim());
  const said: string[] = [];
  const forInstallation: typeof world.forge.forInstallation = (installation, use) => {
    const forge = world.forge.forInstallation(installation, use);
    return {
      ...forge,
      upsertComment(ref, marker, body, edition) {
        said.push(body);
        return forge.upsertComment(ref, marker, body, edition);
      },
    };
  };

  await executeRun({ ...world.deps, forges: { forInstallation } }, await world.claim(), never);

  expect(said).toEqual([expect.stringContaining("#100")]);
});

test("after a shutdown the run goes on without asking the models again", async () => {
  const world = await makeWorld();
  const stop = new AbortController();
  const save = async (id: string): Promise<string> => {
    stop.abort(new Error("shutdown"));
    return id;
  };
  await executeRun({ ...world.deps, reports: { save } }, await world.claim(), controlOf(stop.signal));

  const silent = createScriptedClient({ replies: { origin: "nothing", replies: {} } });
  const resumed = { ...world.deps, tools: { ...world.deps.tools, inference: silent } };
  await executeRun(resumed, await world.claim("worker-2"), never);

  expect(await world.state()).toMatchObject({ at: "proposed" });
});

test("a cancelled run says so on the issue", async () => {
  const world = await makeWorld();
  const claim = await world.claim();
  await world.runs.requestCancel(claim.run.id, "mona");
  const cancel = AbortSignal.abort(new Interrupted({ kind: "cancelled", by: "mona", successor: null }));

  await executeRun(world.deps, claim, controlOf(cancel));

  expect(await world.state()).toEqual({ at: "cancelled", by: "mona" });
  expect(world.said()).toEqual([expect.stringContaining("the run was cancelled")]);
});

test("a worker whose run was taken over says and proposes nothing", async () => {
  const world = await makeWorld();
  const claim = await world.claim();
  const before = world.said();
  await world.runs.recover();
  const next = await world.claim("worker-2");

  await executeRun(world.deps, claim, never);

  expect(world.forge.proposals).toEqual([]);
  expect(world.said().map(headline)).toEqual(before.map(headline));
  expect(world.runs.holds(next)).toBe(true);
});

test("a failure after the run was taken over is said by nobody", async () => {
  const world = await makeWorld();
  const claim = await world.claim();
  const open = async (): Promise<never> => {
    await world.runs.recover();
    await world.claim("worker-2");
    throw new RepairError("sandbox-unavailable", "No Docker engine answers.");
  };
  const { tools } = world.deps;
  const deps = { ...world.deps, tools: { ...tools, sandbox: { ...tools.sandbox, open } } };

  await executeRun(deps, claim, never);

  expect(world.said().map(headline)).toEqual(["Copatcher is working on this issue"]);
  expect(await world.state()).toMatchObject({ at: "running" });
});

test.each<[string, () => Promise<string>]>([
  ["opens no pull request", () => Promise.resolve("/reports/run-1")],
  ["reports no failure", () => Promise.reject(new Error("the disk is full"))],
])("a run that is taken over after its last step %s", async (_, saved) => {
  const world = await makeWorld();
  const claim = await world.claim();
  const save = async (): Promise<string> => {
    await world.runs.recover();
    await world.claim("worker-2");
    return saved();
  };

  await executeRun({ ...world.deps, reports: { save } }, claim, never);

  expect(world.forge.proposals).toEqual([]);
  expect(world.said().map(headline)).toEqual(["Copatcher is working on this issue"]);
  expect(await world.state()).toMatchObject({ at: "running" });
});

test("publishing again after a crash changes the same pull request and the same comment", async () => {
  const world = await makeWorld();
  const killed = {
    ...world.runs,
    advance: (claim: Claim, event: RunEvent) =>
      event.kind === "entered" ? world.runs.advance(claim, event) : Promise.reject(new Error("killed")),
  };
  const dying = executeRun({ ...world.deps, runs: killed }, await world.claim(), never);
  await expect(dying).rejects.toThrow("killed");
  await world.runs.recover();

  await world.work();

  expect(await world.state()).toMatchObject({ at: "proposed", pullRequest: 100 });
  expect(world.forge.proposals).toHaveLength(1);
  expect(world.said()).toHaveLength(1);
});

test("a comment that cannot be written does not undo the run's end", async () => {
  const world = await makeWorld({ issue: { body: "" } });
  world.forge.breakDown("upsertComment", new RepairError("forge-unavailable", "GitHub is down"));

  await world.work();

  expect(await world.state()).toEqual({ at: "failed", code: "issue-empty" });
  expect(world.logger.lines.map((line) => line.text)).toContain("the closing comment was not written");
});

test("a closing comment is tried again while GitHub is down for a moment", async () => {
  const world = await makeWorld({ issue: { body: "" } });
  world.forge.breakDown("upsertComment", new RepairError("forge-unavailable", "GitHub is down"));

  const sleep = async (): Promise<void> => world.forge.breakDown("upsertComment", null);

  await executeRun({ ...world.deps, clock: { ...world.deps.clock, sleep } }, await world.claim(), never);

  expect(world.said()).toEqual([expect.stringContaining("**Next step:**")]);
});

test("a pull request whose closing comment fails is still proposed", async () => {
  const world = await makeWorld();
  world.forge.breakDown("upsertComment", new RepairError("forge-unavailable", "GitHub is down"));

  await world.work();

  expect(await world.state()).toMatchObject({ at: "proposed" });
  expect(world.forge.proposals).toHaveLength(1);
});

test("GitHub refusing the pull request fails the run with its words", async () => {
  const world = await makeWorld();
  world.forge.breakDown("propose", new RepairError("forge-rejected", "branch rules forbid it"));

  await world.work();

  expect(await world.state()).toEqual({ at: "failed", code: "forge-rejected" });
  expect(world.said()).toEqual([expect.stringContaining("branch rules forbid it")]);
});
