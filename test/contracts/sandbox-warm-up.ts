import { describe, expect, onTestFinished, test } from "vitest";
import type { SandboxSession } from "../../src/ports/sandbox.ts";
import { never, outputOf, someLimits, treeOf, type MakeSandbox } from "./sandbox-subject.ts";

/** For sandboxes that warm up: port `SandboxRequest.warmUp`. */
export function sandboxWarmUpContract(name: string, make: MakeSandbox): void {
  const open = async (warmUp: string, limits = someLimits): Promise<SandboxSession> => {
    const tree = treeOf({ files: { "a.txt": "base\n", "b.txt": "base\n" } });
    const request = { label: "warm", environment: null, warmUp, tree, limits };
    const session = await make({ slots: 1 }).sandbox.open(request, never());
    onTestFinished(() => session.close());
    return session;
  };

  describe(`${name}: warm-up`, () => {
    test("gives later jobs the tree that the warm-up left, and changes no time stamp in it", async () => {
      const session = await open("touch -d 2001-02-03 old.txt; cat a.txt >made.txt");
      const patch = [{ place: "tree", path: "b.txt", content: "new\n" }] as const;
      const look = "cat made.txt; date -r old.txt +%F; [ b.txt -nt a.txt ] && echo newer; cat b.txt";

      await expect
        .poll(() => outputOf(session, `${look}; true`, patch), { timeout: 20_000, interval: 250 })
        .toBe("base\n2001-02-03\nnewer\nnew\n");
    });

    test("warms up as the user of the commands, inside the same walls", async () => {
      const session = await open(
        "id -u >who; (echo x >/usr/x || echo x >/sbx/base/x || echo x >/sbx/x) 2>/dev/null && echo wrote >who; true",
      );

      await expect
        .poll(() => outputOf(session, 'grep -c "$(id -u)\\|^[1-9][0-9]*$" who; true'), {
          timeout: 20_000,
          interval: 250,
        })
        .toBe("1\n");
    });

    test.each([
      ["fails", "echo x >half.txt; exit 3"],
      [
        "leaves more than there is room for",
        "n=0; while [ $n -lt 40 ]; do truncate -s 20M big.$n; n=$((n+1)); done; echo x >half.txt",
      ],
      ["leaves what cannot be read", "echo x >half.txt; chmod 000 half.txt"],
    ])("keeps the base tree when the warm-up %s", async (_, script) => {
      const session = await open(script);
      // no job waits for a warm-up, so some run beside it and some after it
      for (const pause of ["0", "1", "1"]) {
        expect(await outputOf(session, `sleep ${pause}; ls`)).toBe("a.txt\nb.txt\n");
      }
    });

    test("does not let jobs or closing wait for a warm-up that does not end", async () => {
      const session = await open("sleep 1000");

      expect(await outputOf(session, "cat a.txt")).toBe("base\n");
      await session.close();
    });
  });
}
