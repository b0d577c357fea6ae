import { expect, test } from "vitest";
import { createBuildProgress } from "../../src/runs/build-progress.ts";

const plan = {
  source: "requirements.txt",
  inputs: [],
  blobs: [],
  base: { kind: "image" as const, image: null },
  steps: ["pip install  a", "pip install b"].map((name) => ({ name, script: name })),
  activate: "",
};

test("a step is under way once its name has been said at the end of a line, in whatever pieces", () => {
  const texts: string[] = [];
  const log = createBuildProgress(plan, ({ text, done }) => texts.push(`${text} ${done ?? "-"}`));

  for (const piece of ["@everyone\npip install b\n[copatcher] step 1/2: pip ins", "tall a", "\nmore\n"])
    log(piece);

  expect(texts).toEqual([
    "building the environment from requirements.txt -",
    "building the environment: pip install  a 0",
  ]);
});
