import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { programParts } from "../../../src/adapters/bubblewrap/program-parts.ts";

function makePrefix(): string {
  const prefix = mkdtempSync(join(tmpdir(), "copatcher-prefix-"));
  onTestFinished(() => rmSync(prefix, { recursive: true, force: true }));
  for (const name of ["bin", "lib", ".ssh"]) mkdirSync(join(prefix, name));
  return prefix;
}

test("a program of the system needs nothing more", () => {
  expect(programParts("/usr/bin/node")).toEqual([]);
});

test("a program in a folder of its own is shown with its libraries, and nothing else of the folder", () => {
  const prefix = makePrefix();

  expect(programParts(`${prefix}/bin/node`)).toEqual([`${prefix}/bin/node`, `${prefix}/lib`]);
});

test("neither a home nor the root is shown for a program in its bin", () => {
  const home = makePrefix();

  expect(programParts(`${home}/bin/node`, home)).toEqual([`${home}/bin/node`]);
  expect(programParts("/bin/node")).toEqual(["/bin/node"]);
});
