import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { fitted } from "../../../src/domain/calibration/fitted.ts";
import { fittedModule } from "../../../src/eval/calibration/fitted-module.ts";

test("the file that the pipeline reads is the one that the command writes", async () => {
  expect(fittedModule(fitted)).toBe(await readFile("src/domain/calibration/fitted.ts", "utf8"));
});

test("a fit that decides is written as one", () => {
  expect(fittedModule({ ...fitted, threshold: 0.71239, undecided: null })).toMatch(
    /threshold: 0\.7124,\n {2}undecided: null,\n/,
  );
});
