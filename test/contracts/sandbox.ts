import { describe, expect, test } from "vitest";
import { sandboxFilesContract } from "./sandbox-files.ts";
import { sandboxLifeContract } from "./sandbox-life.ts";
import { sandboxPortContract } from "./sandbox-port.ts";
import {
  command,
  openSession,
  outputOf,
  runAll,
  sharedSession,
  type MakeSandbox,
} from "./sandbox-subject.ts";

/** What every sandbox owes its callers, however strong its walls are. */
export function sandboxContract(name: string, make: MakeSandbox): void {
  sandboxPortContract(name, make);
  sandboxFilesContract(name, make);
  sandboxLifeContract(name, make);

  describe(`${name}: commands`, () => {
    const shared = sharedSession(make);

    test("returns exit code and both streams of every command, in order", async () => {
      const session = shared();

      const outcomes = await runAll(session, [
        command("echo out; echo err >&2; exit 3"),
        command("printf second"),
      ]);

      expect(outcomes).toMatchObject([
        { kind: "exited", exitCode: 3, stdout: "out\n", stderr: "err\n", cut: false, report: null },
        { kind: "exited", exitCode: 0, stdout: "second", stderr: "" },
      ]);
    });

    test("starts commands in the root of the tree with an empty standard input", async () => {
      const { sandbox } = make({ slots: 1 });
      const session = await openSession(sandbox, { files: { "here.txt": "found" } });

      expect(await outputOf(session, "cat; cat here.txt")).toBe("found");
    });

    test("shows commands no variable of the host", async () => {
      process.env["COPATCHER_CONTRACT_SECRET"] = "secret";
      const session = shared();

      const output = await outputOf(session, "env");
      delete process.env["COPATCHER_CONTRACT_SECRET"];

      const names = output.split("\n").flatMap((line) => /^([A-Z_]+)=/.exec(line)?.[1] ?? []);
      expect(names.filter((variable) => !["PWD", "OLDPWD", "SHLVL", "_"].includes(variable)).sort()).toEqual(
        [
          "COPATCHER_ASIDE",
          "COPATCHER_ENV",
          "COPATCHER_OUT",
          "HOME",
          "LANG",
          "PATH",
          "PYTHONHASHSEED",
          "TZ",
        ].sort(),
      );
      expect(output).toMatch(/LANG=C.UTF-8/);
    });

    test("gives a command its input and the next one none", async () => {
      const session = shared();

      const outcomes = await runAll(session, [
        command("cat; cat", { input: "one\n" }),
        command("cat; echo two"),
      ]);

      expect(outcomes).toMatchObject([{ stdout: "one\n" }, { stdout: "two\n" }]);
    });

    test("gives commands a writable home", async () => {
      const session = shared();

      expect(await outputOf(session, 'echo kept >"$HOME/x" && cat "$HOME/x"')).toBe("kept\n");
    });

    test("stops a command at its time limit together with its children and runs the next one", async () => {
      const session = shared();

      const outcomes = await runAll(session, [
        command("echo before; (sleep 2; echo late >late.txt) & sleep 30", { timeoutMs: 1000 }),
        command("sleep 2; ls"),
      ]);

      expect(outcomes).toMatchObject([
        { kind: "timed-out", stdout: "before\n", stderr: "" },
        { kind: "exited", exitCode: 0, stdout: "" },
      ]);
    });

    test("ends what a command left in the background before the next command", async () => {
      const session = shared();

      const outcomes = await runAll(session, [
        command("(while :; do echo x >>alive.txt; sleep 0.1; done) >/dev/null 2>&1 & sleep 0.5"),
        command("wc -c <alive.txt; sleep 1; wc -c <alive.txt"),
      ]);

      const sizes = outcomes[1]?.kind === "exited" ? outcomes[1].stdout.trim().split(/\s+/) : [];
      expect(sizes).toHaveLength(2);
      expect(sizes[0]).toBe(sizes[1]);
    });

    test("keeps head and tail of long output and marks it as cut", async () => {
      const { sandbox } = make({ slots: 1 });
      const session = await openSession(sandbox, {}, { outputBytes: 1000 });

      const [outcome] = await runAll(session, [command("echo first; seq 1 20000; echo last")]);

      expect(outcome).toMatchObject({ kind: "exited", exitCode: 0, cut: true });
      const text = outcome?.kind === "exited" ? outcome.stdout : "";
      expect(text).toMatch(/^first\n[^]*bytes left out[^]*last\n$/);
      expect(text.length).toBeLessThan(1200);
    });
  });

  describe(`${name}: reports`, () => {
    const shared = sharedSession(make);

    test("brings back the report that a command left, also after a time limit", async () => {
      const session = shared();

      const outcomes = await runAll(session, [
        command('echo "<r/>" >"$COPATCHER_OUT/r.xml"', { report: "r.xml" }),
        command('echo partial >"$COPATCHER_OUT/s.xml"; sleep 30', { report: "s.xml", timeoutMs: 1000 }),
      ]);

      expect(outcomes).toMatchObject([{ report: "<r/>\n" }, { kind: "timed-out", report: "partial\n" }]);
    });

    test.each([
      ["is missing", "true"],
      ["is a link", 'ln -s /etc/passwd "$COPATCHER_OUT/r"'],
      ["is a pipe", 'mkfifo "$COPATCHER_OUT/r"'],
      ["is a folder", 'mkdir "$COPATCHER_OUT/r"'],
      ["is larger than 10 MiB", 'head -c 11000000 /dev/zero >"$COPATCHER_OUT/r"'],
    ])("has no report when the file %s", async (_, script) => {
      const session = shared();

      const outcomes = await runAll(session, [command(script, { report: "r" })]);

      expect(outcomes).toMatchObject([{ kind: "exited", exitCode: 0, report: null }]);
    });

    test("does not take an earlier command's report for a later one's", async () => {
      const session = shared();

      const outcomes = await runAll(session, [
        command('echo one >"$COPATCHER_OUT/r"', { report: "r" }),
        command("true", { report: "r" }),
      ]);

      expect(outcomes).toMatchObject([{ report: "one\n" }, { report: null }]);
    });
  });
}
