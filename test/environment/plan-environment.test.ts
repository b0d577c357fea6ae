import { describe, expect, test } from "vitest";
import type { SetupPlan } from "../../src/domain/environment.ts";
import { RepoSettings } from "../../src/domain/settings.ts";
import { needsBuild, planEnvironment } from "../../src/environment/plan-environment.ts";
import type { Language } from "../../src/languages/language.ts";
import { createPython } from "../../src/languages/python/python.ts";
import { memoryCheckout } from "../fakes/memory-workspace.ts";
import type { TreeFile } from "../fixtures/make-repository.ts";

const python = await createPython();
const detected: SetupPlan = {
  source: "requirements.txt",
  inputs: ["requirements.txt"],
  steps: [{ name: "pip install", script: "pip install\n" }],
  activate: "PATH=detected\n",
};
const language: Language = {
  ...python,
  planSetup: async (checkout) => ((await checkout.read("requirements.txt")) === null ? null : detected),
};

const plan = (files: Readonly<Record<string, TreeFile>>, environment: unknown = {}) =>
  planEnvironment(
    memoryCheckout({ "a.py": "", ...files }),
    RepoSettings.parse({ environment }),
    language,
    null,
  );

const manifests = { "requirements.txt": "six\n" };
const devcontainer = (document: unknown): Record<string, string> => ({
  ".devcontainer/devcontainer.json": typeof document === "string" ? document : JSON.stringify(document),
});

describe("the first that says how decides", () => {
  test.each<[string, Record<string, TreeFile>, unknown, string]>([
    [
      "the settings",
      { ...manifests, ...devcontainer({ image: "i" }) },
      { setup: ["make"] },
      "environment.setup of .github/copatcher.yml",
    ],
    [
      "the devcontainer",
      { ...manifests, ...devcontainer({ image: "i", postCreateCommand: "make" }) },
      {},
      ".devcontainer/devcontainer.json",
    ],
    ["the manifests", manifests, {}, "requirements.txt"],
    ["nothing", {}, {}, "the sandbox's default"],
  ])("%s", async (_, files, environment, source) => {
    expect((await plan(files, environment)).source).toBe(source);
  });
});

test("an image of the settings has everything, so nothing is installed into it", async () => {
  const found = await plan(manifests, { image: "my-tests:1" });

  expect(found).toMatchObject({ base: { kind: "image", image: "my-tests:1" }, steps: [], inputs: [] });
  expect(needsBuild(found)).toBe(false);
});

test("an empty set-up of the settings installs nothing", async () => {
  expect(needsBuild(await plan(manifests, { setup: [] }))).toBe(false);
});

test("commands of the settings depend on the files that they name and on the manifests, with their blobs", async () => {
  const found = await plan(
    { ...manifests, "tools/build.sh": "echo", "tools/other.sh": "" },
    { setup: ["sh ./tools/build.sh --fast"] },
  );

  expect(found.blobs.map(({ path }) => path)).toEqual(["requirements.txt", "tools/build.sh"]);
  expect(found.blobs.every(({ blob }) => /^[0-9a-f]{40}$/.test(blob))).toBe(true);
});

test("a set-up reaches the hosts that the settings name, or all that the operator allows", async () => {
  const hostsOf = async (network: unknown) =>
    (await planEnvironment(memoryCheckout(manifests), RepoSettings.parse({ network }), language, null)).hosts;

  expect(await hostsOf({ setup: ["pypi.org", "*.corp:8443"] })).toEqual(["pypi.org", "*.corp:8443"]);
  expect(await hostsOf({ setup: [] })).toEqual([]);
  expect(await hostsOf({})).toBeUndefined();
});

test("a failing line of a command with several ends it", async () => {
  expect((await plan({}, { setup: ["make a\nmake b"] })).steps).toEqual([
    { name: "make a", script: "set -e\nmake a\nmake b\n" },
  ]);
});

test("variables of the settings are set for the steps and for every later command, whatever they hold", async () => {
  const found = await plan({}, { setup: ["make"], activate: ". ./env.sh", env: { A: "it's; $X" } });

  expect(found.steps[0]?.script).toBe("export A='it'\\''s; $X'\nset -e\nmake\n");
  expect(found.activate).toBe("export A='it'\\''s; $X'\n. ./env.sh\n");
});

test("other shell can follow the activation, however a language ends its own", async () => {
  const unended: Language = {
    ...language,
    planSetup: async () => ({ ...detected, activate: "if true; then X=1; fi" }),
  };
  const found = await planEnvironment(memoryCheckout(manifests), RepoSettings.parse({}), unended, null);

  expect(found.activate).toBe("if true; then X=1; fi\n");
});

test("activate of the settings comes after what the manifests want", async () => {
  expect((await plan(manifests, { activate: "X=1" })).activate).toBe("PATH=detected\nX=1\n");
});

describe("a Dockerfile of the settings", () => {
  test("depends on what it copies; of a whole context on its manifests only", async () => {
    const found = await plan(
      {
        ...manifests,
        "docker/Dockerfile": `FROM a AS b\nCOPY --chown=1 tools/*.sh docs/ /x/\nCOPY --from=b /src /z
ADD ["data/in.txt", "https://example.org/x", "/d"]\nCOPY \\\n  . .\n`,
        "tools/a.sh": "",
        "tools/deep/b.sh": "",
        "docs/i.md": "",
        "data/in.txt": "",
        "src/a.c": "",
      },
      { dockerfile: "docker/Dockerfile" },
    );

    expect(found.base).toEqual({ kind: "dockerfile", path: "docker/Dockerfile", context: "." });
    expect(found.inputs).toEqual(
      ["data/in.txt", "docker/Dockerfile", "docs/i.md", "requirements.txt", "tools/a.sh"].sort(),
    );
    expect(needsBuild(found)).toBe(true);
  });

  test.each<[string, TreeFile | null, RegExp]>([
    ["is missing", null, /no such file/],
    ["is a symbolic link", { link: "/etc/passwd" }, /symbolic link/],
  ])("is refused when it %s", async (_, file, why) => {
    await expect(
      plan(file === null ? {} : { Dockerfile: file }, { dockerfile: "Dockerfile" }),
    ).rejects.toMatchObject({ code: "settings-invalid", message: expect.stringMatching(why) });
  });
});

test.each([
  [{ dockerfile: "../Dockerfile" }, /leaves the repository/],
  [{ dockerfile: "/etc/passwd" }, /absolute/],
  [{ devcontainer: ".git/config" }, /enters .git/],
  [{ image: "a", dockerfile: "b" }, /exclude each other/],
  [{ setup: [""] }, /setup/],
  [{ setups: ["make"] }, /setups/],
])("%j is no valid setting", (environment, why) => {
  expect(RepoSettings.safeParse({ environment }).error?.message).toMatch(why);
});

describe("a devcontainer", () => {
  test("may have comments and trailing commas, and three forms of commands, in their order", async () => {
    const found = await plan(
      devcontainer(`// for people
{ "name": "x", "image": "debian:12", "customizations": {}, "features": {},
  "postCreateCommand": { "deps": "make deps", "db": ["sh", "-c", "echo it's"] },
  "onCreateCommand": "echo \${containerWorkspaceFolder}", "containerEnv": { "A": "1" }, }`),
    );

    expect(found.base).toEqual({ kind: "image", image: "debian:12" });
    expect(found.steps.map(({ name }) => name)).toEqual([
      "onCreateCommand: echo ${containerWorkspaceFolder}",
      "postCreateCommand deps: make deps",
      "postCreateCommand db: sh -c echo it's",
    ]);
    expect(found.steps[2]?.script).toBe("export A='1'\n'sh' '-c' 'echo it'\\''s'\n");
    expect(found.activate).toBe("export A='1'\n");
    expect(found.inputs).toContain(".devcontainer/devcontainer.json");
  });

  test("names its Dockerfile relative to its own folder", async () => {
    const found = await plan({
      ...devcontainer({ build: { dockerfile: "Dockerfile", context: ".." }, postCreateCommand: "make" }),
      ".devcontainer/Dockerfile": "FROM a\n",
    });

    expect(found.base).toEqual({ kind: "dockerfile", path: ".devcontainer/Dockerfile", context: "." });
  });

  test("that only names an image leaves the dependencies to the manifests", async () => {
    expect(await plan({ ...manifests, ...devcontainer({ image: "i" }) })).toMatchObject({
      source: ".devcontainer/devcontainer.json and requirements.txt",
      base: { image: "i" },
      steps: detected.steps,
      activate: detected.activate,
    });
  });

  test("is left alone when the settings say so", async () => {
    const files = { ...manifests, ...devcontainer({ features: { x: {} } }) };

    expect((await plan(files, { devcontainer: false })).source).toBe("requirements.txt");
  });

  test.each<[string, unknown, RegExp]>([
    ["features", { image: "i", features: { "ghcr.io/x": {} } }, /"features"/],
    ["compose", { dockerComposeFile: "c.yml", service: "a" }, /"dockerComposeFile"/],
    ["mounts", { image: "i", mounts: ["source=/,target=/host,type=bind"] }, /"mounts"/],
    ["arguments of the engine", { image: "i", runArgs: ["--privileged"] }, /"runArgs"/],
    ["privileges", { image: "i", privileged: true }, /"privileged"/],
    ["commands of the host", { image: "i", initializeCommand: "rm -rf /" }, /"initializeCommand"/],
    ["services", { image: "i", postStartCommand: "postgres" }, /"postStartCommand"/],
    ["build arguments", { build: { dockerfile: "D", args: { A: "1" } } }, /args/],
    ["variables of the host", { image: "i", containerEnv: { A: "${localEnv:HOME}" } }, /\$\{localEnv:HOME\}/],
    ["neither image nor Dockerfile", { name: "x" }, /neither an image/],
    ["a Dockerfile outside", { build: { dockerfile: "../../D" } }, /leaves the repository/],
    ["no object", [], /object|image/],
    ["what is no JSON", "{ image: ", /line 1/],
  ])("with %s is refused by name, with a way out", async (_, document, why) => {
    const refused = plan(devcontainer(document));

    await expect(refused).rejects.toMatchObject({
      code: "devcontainer-unsupported",
      message: expect.stringMatching(why),
      help: expect.stringContaining("environment.devcontainer: false"),
    });
  });
});
