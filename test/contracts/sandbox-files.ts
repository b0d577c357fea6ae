import { describe, expect, test } from "vitest";
import { command, openSession, outputOf, runAll, type MakeSandbox } from "./sandbox-subject.ts";

/** How a sandbox lays out the tree and the files of a job. */
export function sandboxFilesContract(name: string, make: MakeSandbox): void {
  describe(`${name}: files`, () => {
    test("gives every job a fresh copy of the tree", async () => {
      const { sandbox } = make({ slots: 1 });
      const session = await openSession(sandbox, { files: { "a.txt": "base" } });

      await outputOf(session, "echo changed >a.txt; echo new >b.txt");

      expect(await outputOf(session, "cat a.txt; ls")).toBe("basea.txt\n");
    });

    test("keeps changes between the commands of one job", async () => {
      const { sandbox } = make({ slots: 1 });
      const session = await openSession(sandbox);

      const outcomes = await runAll(session, [command("echo one >a.txt"), command("cat a.txt")]);

      expect(outcomes[1]).toMatchObject({ stdout: "one\n" });
    });

    test("overwrites, adds and deletes files of the tree and keeps executable bits", async () => {
      const { sandbox } = make({ slots: 1 });
      const session = await openSession(sandbox, {
        files: { "a.txt": "old", "b.txt": "gone" },
        executables: { "run.sh": "#!/bin/sh\necho old\n" },
      });

      const output = await outputOf(session, "cat a.txt deep/er/new.txt; ./run.sh; ls", [
        { place: "tree", path: "a.txt", content: "new " },
        { place: "tree", path: "b.txt", content: null },
        { place: "tree", path: "deep/er/new.txt", content: "added " },
        { place: "tree", path: "run.sh", content: "#!/bin/sh\necho ran\n" },
      ]);

      expect(output).toBe("new added ran\na.txt\ndeep\nrun.sh\n");
    });

    test("unpacks links, odd names and bytes that are not text as they are", async () => {
      const { sandbox } = make({ slots: 1 });
      const session = await openSession(sandbox, {
        files: { "with space": "1", "quo'te\"$x": "2", "new\nline": "3", "-rf": "4" },
        links: { out: "/etc/hostname", up: "../../../../etc" },
        bytes: [Buffer.from([0x66, 0xff, 0xfe])],
      });

      const output = await outputOf(
        session,
        "cat ./with* ./quo* ./new* ./-rf; readlink out up; printf '%s' ./f* | od -An -tx1",
      );

      expect(output).toBe("1234/etc/hostname\n../../../../etc\n 2e 2f 66 ff fe\n");
    });

    test("lays files with odd names over the tree", async () => {
      const { sandbox } = make({ slots: 1 });
      const session = await openSession(sandbox);

      const output = await outputOf(session, "cat ./so*/* ./-n ./new*; ls | wc -l", [
        { place: "tree", path: "so me/$(touch x)`'\"", content: "1" },
        { place: "tree", path: "-n", content: "2" },
        { place: "tree", path: "new\nline\n", content: "3\n" },
      ]);

      expect(output.replaceAll(" ", "")).toBe("123\n5\n");
    });

    test("shows aside files to commands", async () => {
      const { sandbox } = make({ slots: 1 });
      const session = await openSession(sandbox);

      const output = await outputOf(session, 'cat "$COPATCHER_ASIDE/in/poc.py"; ls', [
        { place: "aside", path: "in/poc.py", content: "print(1)\n" },
      ]);

      expect(output).toBe("print(1)\n");
    });

    test.each([
      ["goes through a link of the tree", "link/x"],
      ["is a link of the tree", "link"],
    ])("starts nothing when a path %s", async (_, path) => {
      const { sandbox } = make({ slots: 1 });
      const session = await openSession(sandbox, { links: { link: "/tmp" } });

      const outcomes = await runAll(
        session,
        [command("true"), command("true")],
        [{ place: "tree", path, content: "x" }],
      );

      expect(outcomes.map(({ kind }) => kind)).toEqual(["not-started", "not-started"]);
    });
  });
}
