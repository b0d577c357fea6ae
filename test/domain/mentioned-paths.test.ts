import { expect, test } from "vitest";
import { mentionedPaths } from "../../src/domain/mentioned-paths.ts";

const files = ["README.md", "services/api/src/rates.py", "services/web/app.ts", "a b/c.py"];

test.each([
  ["see services/api/src/rates.py:12.", ["services/api/src/rates.py"]],
  ['File "/usr/src/app/services/api/src/rates.py", line 3', ["services/api/src/rates.py"]],
  ["in `services/api/` and ./services/web/app.ts", ["services/api", "services/web/app.ts"]],
  ["https://github.com/o/r/blob/main/services/web/app.ts#L3", ["services/web/app.ts"]],
  ["README.md, rates.py, services, x/y/z, ../../etc/passwd", []],
])("%j names %j", (text, paths) => {
  expect(mentionedPaths(text, files)).toEqual(paths);
});

test("a text made of slashes is read quickly", () => {
  for (const piece of ["a/", "a", "/", "a/a "]) {
    const started = process.cpuUsage();
    mentionedPaths(piece.repeat(200_000 / piece.length), files);
    expect(process.cpuUsage(started).user).toBeLessThan(1_500_000);
  }
});
