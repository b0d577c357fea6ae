import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openHttpWorld, type HttpWorld } from "./http-world.ts";

let world: HttpWorld;
beforeEach(async () => {
  world = await openHttpWorld();
});
afterEach(() => world.close());

test("the bot serves the schema that the repository keeps", async () => {
  const kept: unknown = JSON.parse(
    await readFile(new URL("../../docs/settings.schema.json", import.meta.url), "utf8"),
  );

  const response = await fetch(`${world.url}/schema/v1.json`);

  expect([response.status, await response.json()]).toEqual([200, kept]);
  expect((await fetch(`${world.url}/schema/v1.json`, { method: "POST" })).status).toBe(405);
});
