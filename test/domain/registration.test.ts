import { expect, test } from "vitest";
import { lacking, neededEvents, neededPermissions } from "../../src/domain/registration.ts";

const app = { slug: "copatcher", permissions: neededPermissions, events: neededEvents };

test("an App with all permissions and events, or more, lacks nothing", () => {
  const more = {
    ...app,
    permissions: { ...neededPermissions, metadata: "write", issues: "admin", members: "read" },
  };

  expect(lacking(app)).toEqual([]);
  expect(lacking(more)).toEqual([]);
});

test("what it lacks is named with what it has", () => {
  const granted = Object.entries(neededPermissions).filter(([name]) => name !== "checks");
  const permissions = { ...Object.fromEntries(granted), contents: "read" };

  const events = neededEvents.filter((event) => event !== "check_run");

  expect(lacking({ ...app, permissions, events })).toEqual([
    "permission contents: write (it has read)",
    "permission checks: write (it has none)",
    "event check_run",
  ]);
});
