import { spawnSync } from "node:child_process";
import { afterAll, describe, expect, test, vi } from "vitest";
import { killContainers } from "../adapters/docker/docker-subject.ts";
import { createEngineRelay } from "../adapters/docker/engine-relay.ts";
import type { Sandbox } from "../../src/ports/sandbox.ts";
import {
  endOf,
  image,
  noBubblewrap,
  noEngine,
  projectWith,
  realBubblewrap,
  realDocker,
} from "../fixtures/real-runs.ts";

// A step or a container takes a second, on a busy machine many.
vi.setConfig({ testTimeout: 120_000 });

const check = { kind: "environment-check" } as const;
const setUpBy = (command: string) => projectWith({ environment: { setup: [command] } });
/** Tests alone, without a set-up. */
const testedBy = (tests: object, files: Readonly<Record<string, string>> = {}) =>
  projectWith({ environment: { setup: [] }, tests }, files);

const quick = testedBy({ command: "python3 -c 'import calc.core'" });

describe.skipIf(noEngine())(`images that a repository asks for (need a Docker engine with ${image})`, () => {
  const docker = realDocker();
  afterAll(docker.remove);
  const build = (dockerfile: string) =>
    endOf(
      docker.sandbox,
      projectWith({ environment: { dockerfile: "ci/Dockerfile" } }, { "ci/Dockerfile": dockerfile }),
      check,
    );

  test("one that is not there is named, with what to do", async () => {
    const files = projectWith({ environment: { image: "ghcr.io/acme/none:1" } });

    const { state, said } = await endOf(docker.sandbox, files, check);

    expect(state).toEqual({ at: "failed", code: "sandbox-image-missing" });
    expect(said).toContain("ghcr.io/acme/none:1 is not on the Docker engine");
    expect(said).toContain("**Next step:** Pull it on the sandbox host");
  });

  test("a Dockerfile that fails is shown with its last lines, of which none is markup", async () => {
    const { state, said } = await build(`FROM ${image}\nRUN echo '\`\`\` @everyone'; exit 7\n`);

    expect(state).toEqual({ at: "failed", code: "environment-failed" });
    expect(said).toContain("The command `docker build of ci/Dockerfile` failed");
    expect(said).toContain("returned a non-zero code: 7");
    expect(said).toMatch(/\n````\n[^]*\n``` @everyone\n[^]*\n````\n/);
  });

  test("what is no Dockerfile is refused with the engine's reason alone", async () => {
    const { state, said } = await build("FRM x\n");

    expect(state).toEqual({ at: "failed", code: "environment-failed" });
    expect(said).toMatch(/failed \(dockerfile parse error line 1: unknown instruction: FRM\)/i);
  });

  const foreign = String.raw`printf '\177ELF\002\001\001\000\000\000\000\000\000\000\000\000\003\000\267\000' >/bin/new`;
  test.each([
    ["without a shell", "FROM scratch\nCOPY calc /calc\n", /"sh": executable file not found/],
    ["without tar", `FROM ${image}\nRUN rm "$(command -v tar)"\n`, /the sandbox image lacks tar/],
    ["without setpriv", `FROM ${image}\nRUN rm "$(command -v setpriv)"\n`, /the sandbox image lacks setpriv/],
    [
      "for another processor",
      `FROM ${image}\nRUN ${foreign} && chmod 755 /bin/new && mv /bin/new /bin/sh\n`,
      /exec format error/,
    ],
    ["without Python", `FROM ${image}\nRUN rm /usr/bin/python3*\n`, /Python does not run in ci\/Dockerfile/],
  ])("one %s is the repository's to correct, and says what is missing", async (_, dockerfile, missing) => {
    const { state, said } = await build(dockerfile);

    expect(state).toEqual({ at: "failed", code: "environment-failed" });
    expect(said).toMatch(missing);
    expect(said).toContain("environment.dockerfile of .github/copatcher.yml");
    expect(said).not.toMatch(/sha256:|HTTP code|Run again/);
  });

  test("a set-up that prints without end is stopped, and its last lines are few", async () => {
    const { state, said } = await endOf(docker.sandbox, setUpBy("yes '@mona'"), {
      ...check,
      stepMinutes: 0.02,
    });

    expect(state).toEqual({ at: "failed", code: "environment-failed" });
    expect(said).toContain("timed out after 1.2 s");
    expect(said.length).toBeLessThan(8_000);
  });

  test("an engine that goes away in mid-run and comes back costs no finished work", async () => {
    const relay = await createEngineRelay();
    const { sandbox, instance, remove } = realDocker({ socketPath: relay.socketPath });
    let jobs = 0;
    const cutting: Sandbox = {
      ...sandbox,
      async open(request, signal) {
        const session = await sandbox.open(request, signal);
        return {
          ...session,
          async run(job, jobSignal) {
            jobs += 1;
            const running = session.run(job, jobSignal);
            if (jobs === 3) {
              await relay.cut();
              killContainers(instance);
              setTimeout(() => void relay.restore(), 500);
            }
            return running;
          },
        };
      },
    };

    const { state, body } = await endOf(cutting, quick);
    remove();

    expect(state).toMatchObject({ at: "proposed" });
    expect(body).toContain("Validated");
    expect(jobs).toBeGreaterThan(3);
  });
});

describe.skipIf(noBubblewrap())("set-ups and tests of bad repositories (need bwrap)", () => {
  const { sandbox, remove } = realBubblewrap();
  afterAll(remove);

  test.each<[string, string, number, RegExp]>([
    [
      "prints without end",
      "yes '``` @mona'",
      0.02,
      /timed out after 1\.2 s\).*\n\n````\n(``` @mona\n){10,40}/,
    ],
    ["does not end", "echo begun; sleep 600", 0.02, /timed out after 1\.2 s\)[^]*\nbegun\n/],
    [
      "waits for an answer",
      "read -r answer || { echo no answer; exit 4; }",
      2,
      /no answer[^]*it gets no input/,
    ],
    [
      "needs a host that is not allowed",
      `python3 -c 'import urllib.request as u; u.urlopen("http://evil.example/x")'`,
      2,
      /blocked: evil\.example is not on COPATCHER_SETUP_HOSTS/,
    ],
    ["fills the disk", 'head -c 60000000 /dev/zero >"$COPATCHER_ENV/x"', 2, /File size limit exceeded/],
    [
      "prints escapes and markup",
      String.raw`printf '\033]0;t\007\033[31mred\n</details> @mona <img src=x>\n'; exit 9`,
      2,
      /\n```\n[^`]*red\n<\/details> @mona <img src=x>\n/,
    ],
  ])(
    "a set-up that %s ends the run with the command and its last lines",
    async (_, command, stepMinutes, words) => {
      const { state, said } = await endOf(sandbox, setUpBy(command), { ...check, stepMinutes });

      expect(state).toEqual({ at: "failed", code: "environment-failed" });
      expect(said).toMatch(words);
      expect(said).toMatch(/The command `+.*`+ failed/);
      expect(said).not.toContain("\u001b");
    },
  );

  test("a set-up that leaves processes behind is done, and they are dead", async () => {
    const marker = "sleep 4321.5";
    const { state } = await endOf(sandbox, setUpBy(`setsid ${marker} & ${marker} &`), check);

    expect(state).toEqual({ at: "checked" });
    expect(String(spawnSync("ps", ["-eo", "args"]).stdout)).not.toContain(marker);
  });

  const test1 = (body: string) => ({ "tests/test_core.py": `def test_a():\n    ${body}\n` });
  test.each<[string, Readonly<Record<string, string>>, readonly RegExp[]]>([
    [
      "hang",
      testedBy(
        { timeout_minutes: 0.03 },
        test1("print('before', flush=True); __import__('time').sleep(600)"),
      ),
      [/timed out after 2 s/, /raise `tests\.timeout_minutes`/],
    ],
    [
      "need the network",
      testedBy({}, test1("__import__('socket').create_connection(('example.com', 80), 3)")),
      [/0 passed, 1 failed/, /\n```text\n[^`]*name resolution/, /no network here/],
    ],
    [
      "need more memory than there is",
      testedBy({}, test1("bytearray(b'x' * 3_000_000_000)")),
      [/out of memory/, /COPATCHER_SANDBOX_MEMORY_MB/],
    ],
    [
      "print nothing",
      testedBy({ command: "true" }),
      [/printed nothing and left no report, so only its exit status is known/],
    ],
    [
      "leave half a report",
      testedBy({ command: `printf '<testsuites><testsuite><testcase name="a"' >"$report"` }),
      [/The run is not complete: the test report is damaged/],
    ],
    ["are none", testedBy({}, { "tests/test_core.py": "" }), [/The run is not complete: no test was found/]],
  ])("a check of tests that %s says so, and what to do", async (_, files, words) => {
    const { state, said } = await endOf(sandbox, files, check);

    expect(state).toEqual({ at: "checked" });
    for (const pattern of words) expect(said).toMatch(pattern);
    expect(said).toContain("**Next step:**");
  });

  test.each<[string, object, RegExp]>([
    [
      "hang",
      { timeout_minutes: 0.03, command: "sleep 600" },
      /No test of the repository was run: .*timed out after 2 s/,
    ],
    ["leave half a report", { command: `printf '<testsuites>' >"$report"` }, /test report is damaged/],
  ])("a patch whose tests %s is proposed as a draft that says so", async (_, tests, words) => {
    const { state, body, draft } = await endOf(sandbox, testedBy(tests));

    expect(state).toMatchObject({ at: "proposed" });
    expect(draft).toBe(true);
    expect(body).toMatch(words);
  });

  test("a pull request says that a test command without a report is only known by its exit status", async () => {
    const { body } = await endOf(sandbox, testedBy({ command: "true" }));

    expect(body).toContain("the test command leaves no report, so only its exit status is known");
  });

  test.each([
    ["fails", "exit 3"],
    ["does not end", "sleep 600"],
  ])("a warm-up that %s changes nothing", async (_, warmUp) => {
    const { state, body } = await endOf(sandbox, quick, { warmUp });

    expect(state).toMatchObject({ at: "proposed" });
    expect(body).toContain("**Validated.**");
  });

  test("a patch of what is installed runs in a layer, where that needs no network", async () => {
    const setup = ['cp calc/core.py "$COPATCHER_ENV/core.py"'];
    const files = projectWith({
      environment: { setup },
      tests: { command: "diff calc/core.py $COPATCHER_ENV/core.py" },
    });

    expect((await endOf(sandbox, files)).state).toMatchObject({ at: "proposed" });
  });

  test("two runs at once on one slot both come to their end", async () => {
    const [one, other] = await Promise.all([endOf(sandbox, quick), endOf(sandbox, quick)]);

    expect([one.state, other.state]).toEqual([
      expect.objectContaining({ at: "proposed" }),
      expect.objectContaining({ at: "proposed" }),
    ]);
  });
});
