import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { RepoSettings } from "../../src/domain/settings.ts";
import { refusalFor } from "../../src/runs/authorize.ts";
import { mayStillHave } from "../../src/runs/may-still-have.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";

const repo = { owner: "octo", name: "calc" };
const world = () =>
  createRecordingForge({
    issues: [],
    branch: null,
    source: { kind: "local", directory: "/none" },
    permissions: { hubot: "write", reed: "read", tess: "read", "helper[bot]": "none" },
    teams: { "octo/core": ["reed"], "evil/core": ["tess"] },
  });
const refused = (forge: ReturnType<typeof world>, sender: string, teams: readonly string[]) => {
  const { permissions } = RepoSettings.parse({ permissions: { teams } });
  return refusalFor({ logger: createSilentLogger() }, forge, permissions, { repo, sender, right: "fix" });
};
const notAllowed = (sender: string) => ({ kind: "not-allowed", sender, permission: "read", needed: "write" });

test("a member of a team of the repository's owner may, whatever their role", async () => {
  expect(await refused(world(), "reed", ["docs", "core"])).toBeNull();
  expect(await refused(world(), "reed", [])).toEqual(notAllowed("reed"));
  expect(await refused(world(), "tess", ["core"])).toEqual(notAllowed("tess"));
});

test("teams that cannot be read let nobody in, keep nobody out, and the refusal says so", async () => {
  const forge = world();
  forge.breakDown(
    "isTeamMember",
    new RepairError("forge-rejected", "Resource not accessible by integration"),
  );

  expect(await refused(forge, "reed", ["core"])).toEqual({ ...notAllowed("reed"), teamsUnread: true });
  expect(await refused(forge, "hubot", ["core"])).toBeNull();
});

test("somebody whom the forge does not know is in no team", async () => {
  expect(await refused(world(), "nobody", ["core"])).toEqual({
    kind: "permission-unknown",
    sender: "nobody",
  });
});

test("an App that was heard for its id may still have what it asked for, and for nothing else", async () => {
  const { permissions } = RepoSettings.parse({ permissions: { bots: [4711] } });
  const deps = { logger: createSilentLogger() };
  const run = (app?: number) => ({
    kind: "repair" as const,
    issue: { ref: { repo, number: 1 }, title: "", body: "", author: "mona" },
    trigger: {
      kind: "command" as const,
      sender: "helper[bot]",
      delivery: "d",
      ...(app === undefined ? {} : { app }),
    },
  });
  const may = (app?: number) => mayStillHave(deps, world(), run(app), permissions);

  expect([await may(4711), await may(815), await may()]).toEqual([true, false, false]);
});

test.each(["octo/core", "Core Team", "../core", ""])("%j is no team", (team) => {
  expect(RepoSettings.safeParse({ permissions: { teams: [team] } }).success).toBe(false);
});
