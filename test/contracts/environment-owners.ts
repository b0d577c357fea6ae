import { expect, test } from "vitest";
import { request, setUp, type MakeEnvironments } from "./environment-builder.ts";
import { never, treeOf } from "./sandbox-subject.ts";

/** What every builder owes the owner of a tree: steps see files that no key knows. */
export function environmentOwnersContract(name: string, make: MakeEnvironments): void {
  test(`${name} builds anew for another owner of the same manifests`, async () => {
    const { environments } = await setUp(make);
    let log = "";
    const build = (scope: string) =>
      environments.build(
        request([{ name: "install", script: "cat setup.py" }], {
          scope,
          tree: treeOf({ files: { "wanted.txt": "greet", "setup.py": `of ${scope}` } }),
          log: (text) => (log += text),
        }),
        never(),
      );

    const [fork, victim] = [await build("fork"), await build("victim")];

    expect([fork.cached, victim.cached]).toEqual([false, false]);
    expect(victim.reference).not.toBe(fork.reference);
    expect(log).toMatch(/of fork[^]*of victim/);
    expect(await build("victim")).toMatchObject({ cached: true, reference: victim.reference });
  });
}
