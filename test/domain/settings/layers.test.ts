import { describe, expect, test } from "vitest";
import { defaultSettings, profileOf, profiles, type SettingsValues } from "../../../src/domain/settings.ts";
import type { SettingsCaps } from "../../../src/domain/settings/caps.ts";
import { resolveSettings } from "../../../src/domain/settings/layers.ts";
import type { LayerName } from "../../../src/domain/settings/origins.ts";

const none: SettingsCaps = {
  "limits.concurrent_runs": Infinity,
  "limits.minutes": Infinity,
  "limits.tokens": Infinity,
  "limits.runs_per_day": Infinity,
  "limits.tokens_per_day": Infinity,
  "limits.open_prs": Infinity,
  "environment.timeout_minutes": Infinity,
};
const resolve = (
  said: { readonly [Name in LayerName]?: SettingsValues },
  caps: Partial<SettingsCaps> = {},
) => {
  const names = ["owner", "repository", "command"] as const;
  const layers = names.map((name) => ({ name, values: said[name] ?? {} }));
  return resolveSettings(layers, { ...none, ...caps });
};

describe("layers", () => {
  test("that say nothing leave the defaults", () => {
    const { settings, origins } = resolve({});

    expect(settings).toEqual(defaultSettings);
    expect(origins).toMatchObject({ "tests.max_files": ["built-in"], profile: ["operator"] });
  });

  test("are asked from the strongest, key by key", () => {
    const { settings, origins } = resolve({
      owner: { profile: "paper", tests: { max_files: 3, command: "make" } },
      repository: { tests: { max_files: 4 } },
      command: { profile: "quick" },
    });

    expect(settings).toMatchObject({ profile: "quick", tests: { max_files: 4, command: "make" } });
    expect(origins).toMatchObject({
      profile: ["command"],
      "tests.max_files": ["repository"],
      "tests.command": ["owner"],
      "pr.mode": ["built-in"],
    });
  });

  test("give a key back with null", () => {
    const { settings, origins } = resolve({ owner: { critique: true }, repository: { critique: null } });

    expect(settings.critique).toBeNull();
    expect(origins["critique"]).toEqual(["repository"]);
  });

  test("cannot take back what a weaker one protects", () => {
    const { settings, origins } = resolve({
      owner: { paths: { protect: ["legal/**", "vendor/**"] } },
      repository: { paths: { protect: ["vendor/**", "a.c"] } },
    });

    expect(settings.paths.protect).toEqual(["legal/**", "vendor/**", "a.c"]);
    expect(origins["paths.protect"]).toEqual(["owner", "repository"]);
  });

  test("add variables up", () => {
    const { settings, origins } = resolve({
      owner: { environment: { env: { A: "1", B: "1" } } },
      repository: { environment: { env: { B: "2" } } },
    });

    expect(settings.environment.env).toEqual({ A: "1", B: "2" });
    expect(origins).toMatchObject({ "environment.env.A": ["owner"], "environment.env.B": ["repository"] });
  });

  test("replace the weaker one's image by a Dockerfile of their own", () => {
    const { settings } = resolve({
      owner: { environment: { image: "tests:1", activate: "x" } },
      repository: { environment: { dockerfile: "ci/Dockerfile" } },
    });

    expect(settings.environment).toMatchObject({ image: null, dockerfile: "ci/Dockerfile", activate: "x" });
  });
});

test("a command that runs tests takes the place of a weaker layer's, however that one runs them", () => {
  const owner = { tests: { targeted: "tox -- {files}", max_files: 3 } };

  expect(resolve({ owner, repository: { tests: { command: "make" } } }).settings.tests).toMatchObject({
    command: "make",
    targeted: null,
    max_files: 3,
  });
  expect(resolve({ owner, repository: { tests: { max_files: 4 } } }).settings.tests.targeted).toBe(
    "tox -- {files}",
  );
});

describe("caps", () => {
  test("lower what is above them, and say whose it was", () => {
    const { settings, origins, clamps } = resolve(
      { repository: { limits: { minutes: 600, open_prs: 2 } } },
      { "limits.minutes": 120, "limits.open_prs": 10 },
    );

    expect(settings.limits).toMatchObject({ minutes: 120, open_prs: 2 });
    expect(origins).toMatchObject({ "limits.minutes": ["operator"], "limits.open_prs": ["repository"] });
    expect(clamps).toEqual([
      "limits.minutes: 600 (repository) is more than the operator allows, so it is 120 (COPATCHER_RUN_MINUTES)",
    ]);
  });

  test("hold where no layer says anything, without a word", () => {
    const { settings, origins, clamps } = resolve({}, { "environment.timeout_minutes": 20 });

    expect(settings.environment.timeout_minutes).toBe(20);
    expect(origins["environment.timeout_minutes"]).toEqual(["operator"]);
    expect(clamps).toEqual([]);
  });
});

test("the samples are the profile's, as far as the settings say no number of their own", () => {
  const { settings } = resolve({ repository: { validation: { candidates: 8, poc: { assert: 0 } } } });

  expect(profileOf(settings, profiles.paper)).toEqual({ ...profiles.paper, candidates: 8, assertingPocs: 0 });
  expect(profileOf({ ...settings, profile: "quick" }, profiles.paper).localizationSamples).toBe(3);
});
