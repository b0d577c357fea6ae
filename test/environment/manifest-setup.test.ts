import { expect, test } from "vitest";
import type { SetupPlan } from "../../src/domain/environment.ts";
import { manifestSetup } from "../../src/environment/manifest-setup.ts";
import type { Language } from "../../src/languages/language.ts";
import { createPython } from "../../src/languages/python/python.ts";
import { openSession } from "../contracts/sandbox-subject.ts";
import { createProcessSandbox } from "../../src/adapters/process/process-sandbox.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { memoryCheckout } from "../fakes/memory-workspace.ts";

const python = await createPython();
const folder = "services/the api";
const files = { "a.py": "", [`${folder}/requirements.txt`]: "six\n", "web/requirements.txt": "flask\n" };
const planned = (
  tree: Readonly<Record<string, string>>,
  at: string | null = folder,
  language: Language = python,
) => manifestSetup(memoryCheckout(tree), language, at);

test("a project's own manifests are what its environment is made of", async () => {
  const found = await planned(files);

  expect(found).toMatchObject({
    source: `requirements.txt in ${folder}`,
    inputs: [`${folder}/requirements.txt`],
  });
  expect(found?.steps.map(({ name }) => name)).toContain(`pip install -r requirements.txt (in ${folder})`);
});

test("without a project the manifests at the root count, and nobody else's", async () => {
  expect(await planned(files, null)).toBeNull();
  expect((await planned({ ...files, "requirements.txt": "" }, null))?.inputs).toEqual(["requirements.txt"]);
});

test("manifests at the root that leave the project out give way to its own", async () => {
  expect((await planned({ ...files, "requirements.txt": "six\n" }))?.inputs).toEqual([
    `${folder}/requirements.txt`,
  ]);
});

test("manifests at the root that take the project in have the word on it", async () => {
  const tree = { ...files, "requirements.txt": `-r ${folder.replace(" ", "-")}/requirements.txt\n` };
  const renamed = folder.replace(" ", "-");

  const found = await planned({ ...tree, [`${renamed}/requirements.txt`]: "six\n" }, renamed);

  expect(found?.source).toBe("requirements.txt");
});

test("a project without manifests has the environment of the root", async () => {
  expect((await planned({ "requirements.txt": "six\n", "docs/a.py": "" }, "docs"))?.source).toBe(
    "requirements.txt",
  );
});

test("set-up and activation happen in the project's folder, and commands then at the root", async () => {
  const plan: SetupPlan = {
    source: "make.cfg",
    inputs: ["make.cfg"],
    steps: [{ name: "make", script: "cat make.cfg\n" }],
    activate: "AT=$(pwd)",
  };
  const language: Language = {
    ...python,
    planSetup: async (checkout) => ((await checkout.read("make.cfg")) === null ? null : plan),
  };
  const tree = { [`${folder}/make.cfg`]: "found\n" };
  const found = await planned(tree, folder, language);
  const session = await openSession(createProcessSandbox({ slots: 1, logger: createSilentLogger() }), {
    files: tree,
  });
  const run = async (script: string) => {
    const commands = [{ script, timeoutMs: 60_000, report: null }];
    const [outcome] = await session.run({ label: "x", files: [], commands }, AbortSignal.timeout(60_000));
    return outcome;
  };

  expect(await run(found?.steps[0]?.script ?? "")).toMatchObject({ exitCode: 0, stdout: "found\n" });
  expect(await run(`${found?.activate}[ "$AT" = "$(pwd)/${folder}" ] && echo at the root`)).toMatchObject({
    stdout: "at the root\n",
  });
});
