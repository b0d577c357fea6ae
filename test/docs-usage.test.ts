import { expect, test } from "vitest";
import { usageDocs } from "./fixtures/usage-docs.ts";

test("docs/usage.md says what the grammar takes and what the bot answers", async () => {
  await expect(
    await usageDocs(),
    "stale: run `npx vitest run test/docs-usage.test.ts -u`",
  ).toMatchFileSnapshot("../docs/usage.md");
});
