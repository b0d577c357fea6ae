import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { createDockerSandbox } from "../../../src/adapters/docker/docker-sandbox.ts";
import { createDockerEnvironments } from "../../../src/adapters/docker/environment/environments.ts";
import type { EnvironmentPlan } from "../../../src/domain/environment.ts";
import {
  download,
  environmentBuilderContract,
  failure,
  plan,
  request,
  setUp,
  type MakeEnvironments,
} from "../../contracts/environment-builder.ts";
import { environmentHostsContract } from "../../contracts/environment-hosts.ts";
import { environmentOwnersContract } from "../../contracts/environment-owners.ts";
import { never, outputOf, someLimits, treeOf } from "../../contracts/sandbox-subject.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";

const image = process.env["COPATCHER_TEST_IMAGE"] ?? "copatcher-sandbox:test";
const required = process.env["COPATCHER_REQUIRE_ALL"] === "1";
const usable = spawnSync("docker", ["image", "inspect", image], { stdio: "ignore" }).status === 0;

const lines = (...words: string[]): string[] =>
  execFileSync("docker", words, { encoding: "utf8" }).split("\n").filter(Boolean);

const instances: string[] = [];

const make = ({ egress, directory }: Parameters<MakeEnvironments>[0], dockerfiles = true) => {
  const instance = `test-${randomUUID()}`;
  instances.push(instance);
  const logger = createSilentLogger();
  const common = { defaultImage: image, instance, logger };
  const environments = createDockerEnvironments({
    dockerfiles,
    ...common,
    egress,
    directory,
    certificates: null,
    keep: 1,
    disk: { mb: 40, files: 3000 },
  });
  const label = ["--filter", `label=copatcher.instance=${instance}`];
  return {
    environments,
    instance,
    sandbox: createDockerSandbox({ ...common, slots: 1 }),
    leftovers: () => [
      ...lines("ps", "-aq", ...label),
      ...lines("volume", "ls", "-q", ...label),
      ...lines("image", "ls", "-q", `copatcher-layer/${instance}`),
    ],
  };
};

afterAll(() => {
  const images = instances.flatMap((instance) => [
    ...lines("image", "ls", "-q", `copatcher-environment/${instance}`),
    ...lines("image", "ls", "-q", `copatcher-base/${instance}`),
  ]);
  if (images.length > 0) lines("rmi", "-f", ...new Set(images));
});

describe.skipIf(!usable && !required)(
  `docker environments (need an engine with ${image}: .ci/docker-up.sh, .ci/sandbox-image.sh)`,
  () => {
    environmentBuilderContract("docker", make);
    environmentHostsContract("docker", make);
    environmentOwnersContract("docker", make);

    const step = (script: string) => [{ name: "step", script }];
    const inDockerfile = (text: string, files: Readonly<Record<string, string>> = {}) => ({
      tree: { ...treeOf({ files: { "ci/Dockerfile": text, ...files } }), sha: randomUUID() },
      plan: plan([], { base: { kind: "dockerfile", path: "ci/Dockerfile", context: "app" } }),
    });

    test("builds the repository's Dockerfile from its context, with the proxy for a network", async () => {
      const { environments, sandbox, index, leftovers } = await setUp(make);
      const text = `FROM ${image}\nCOPY . /app\nRUN ${download(`${index.url}/tool`, "/app/tool")}\n`;
      const asked = request([], inDockerfile(text, { "app/a.txt": "in context", "b.txt": "outside" }));

      const built = await environments.build(asked, never());
      const again = await environments.build(asked, never());

      expect([built.cached, again.cached]).toEqual([false, true]);
      expect(again.reference).toBe(built.reference);
      const tree = treeOf({});
      const session = await sandbox.open(
        { label: "x", environment: built.reference, warmUp: null, tree, limits: someLimits },
        never(),
      );
      expect(await outputOf(session, "ls /app")).toBe("a.txt\ntool\n");
      await session.close();
      expect(leftovers()).toEqual([]);
    });

    test("builds no Dockerfile where the operator did not allow it, and says why", async () => {
      const { environments } = await setUp((parts) => make(parts, false));
      const asked = request([], inDockerfile("FROM scratch\nADD http://169.254.169.254/ /x\n"));

      await expect(environments.build(asked, never())).rejects.toMatchObject({
        code: "environment-failed",
        message: expect.stringContaining("COPATCHER_DOCKERFILES"),
      });
    });

    test("keeps nothing of a candidate's layer but the environment's folder", async () => {
      const { environments, sandbox } = await setUp(make);
      const script = 'echo planted >"/usr/bin/of-$(cat who)"; echo kept >"$COPATCHER_ENV/kept"';
      const asked = request(step(script), { tree: treeOf({ files: { who: "base" } }) });
      const base = await environments.build(asked, never());
      const layer = await environments.layer(base, asked, [{ path: "who", content: "candidate" }], never());

      const session = await sandbox.open(
        { label: "x", environment: layer.reference, warmUp: null, tree: treeOf({}), limits: someLimits },
        never(),
      );
      expect(await outputOf(session, 'cd /usr/bin && ls of-*; cat "$COPATCHER_ENV/kept"')).toBe(
        "of-base\nkept\n",
      );
      await session.close();
      await environments.discard(layer);
    });

    test("says what a Dockerfile failed with", async () => {
      const { environments } = await setUp(make);
      const asked = request([], inDockerfile(`FROM ${image}\nRUN echo the reason; exit 7\n`));

      const { code, data } = await failure(environments.build(asked, never()));

      expect(code).toBe("environment-failed");
      expect(data).toMatchObject({
        step: "docker build of ci/Dockerfile",
        status: expect.stringContaining("returned a non-zero code: 7"),
        tail: expect.stringContaining("the reason"),
      });
    });

    test("keeps no image of a Dockerfile that writes more than is allowed, and names the setting", async () => {
      const { environments } = await setUp(make);
      const text = `FROM ${image}\nRUN head -c 60000000 /dev/zero >/big-${randomUUID()}\n`;
      const asked = request([], inDockerfile(text, { "app/a.txt": "" }));

      // the second time, the engine has steps of the first one
      for (let time = 0; time < 2; time += 1) {
        expect((await failure(environments.build(asked, never()))).data).toMatchObject({
          step: "docker build of ci/Dockerfile",
          status: "wrote more than the 40 MB of COPATCHER_SETUP_DISK_MB",
        });
      }
    });

    test.each([
      ["no Dockerfile", plan([], { base: { kind: "dockerfile", path: "Dockerfile", context: "." } })],
      ["nonsense", plan([], { base: { kind: "dockerfile", path: "wanted.txt", context: "." } })],
    ])("refuses a tree with %s", async (_what, asked: EnvironmentPlan) => {
      const { environments } = await setUp(make);

      const error = await failure(environments.build(request([], { plan: asked }), never()));

      expect(error.code).toBe("environment-failed");
    });

    test("names the image that is missing", async () => {
      const { environments } = await setUp(make);
      const missing = plan(step("true"), { base: { kind: "image", image: "no-such-image:1" } });

      expect(await failure(environments.build(request([], { plan: missing }), never()))).toMatchObject({
        code: "sandbox-image-missing",
        message: expect.stringContaining("no-such-image:1"),
      });
    });

    test("keeps the environments used last, and builds again what was removed", async () => {
      const { environments, instance } = await setUp(make);
      const build = (script: string) => environments.build(request(step(script)), never());

      const first = await build("echo 1");
      const second = await build("echo 2");

      expect(lines("image", "ls", "-q", "--no-trunc", `copatcher-environment/${instance}`)).toEqual([
        second.reference,
      ]);
      expect(await build("echo 2")).toMatchObject({ cached: true, reference: second.reference });
      expect(await build("echo 1")).toMatchObject({ cached: false, key: first.key });
    });

    const greedy = `python3 -c 'x = b"x" * (700 << 20)'`;

    test("names the setting when a step has too little memory", async () => {
      const { environments } = await setUp(make);

      expect((await failure(environments.build(request(step(greedy)), never()))).data).toMatchObject({
        status: "out of memory: took more than the 512 MB of COPATCHER_SETUP_MEMORY_MB",
      });
    });

    test("does not take a step that ends itself for one without memory, whatever an earlier one took", async () => {
      const { environments } = await setUp(make);
      const steps = [
        { name: "greedy", script: `${greedy} || true` },
        { name: "killed", script: "kill -9 $$" },
      ];

      expect((await failure(environments.build(request(steps), never()))).data).toMatchObject({
        step: "killed",
        status: "exit 137",
      });
    });

    test("stops a step that fills the disk", async () => {
      const { environments } = await setUp(make);
      const asked = request(step("head -c 60000000 /dev/zero >/var/tmp/big; sleep 100"));

      expect((await failure(environments.build(asked, never()))).data).toMatchObject({
        status: "wrote more than the 40 MB of COPATCHER_SETUP_DISK_MB",
      });
    });
  },
);
