import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { settingsDocs } from "../.ci/settings-docs.ts";

test.each(["docs/settings.md", "docs/settings.schema.json"])(
  "%s says what the validator does",
  async (path) => {
    const kept = await readFile(new URL(`../${path}`, import.meta.url), "utf8");

    expect(kept, "stale: run `npx tsx .ci/settings-docs.ts`").toBe((await settingsDocs())[path]);
  },
);
