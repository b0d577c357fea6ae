import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createBubblewrapSandbox } from "../../../src/adapters/bubblewrap/bubblewrap-sandbox.ts";
import { createBubblewrapEnvironments } from "../../../src/adapters/bubblewrap/environments.ts";
import {
  environmentBuilderContract,
  failure,
  plan,
  request,
  setUp,
  type MakeEnvironments,
} from "../../contracts/environment-builder.ts";
import { environmentHostsContract } from "../../contracts/environment-hosts.ts";
import { environmentOwnersContract } from "../../contracts/environment-owners.ts";
import { never, someLimits, treeOf } from "../../contracts/sandbox-subject.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";

const required = process.env["COPATCHER_REQUIRE_ALL"] === "1";
const walls = ["--unshare-all", "--unshare-user", "--disable-userns", "--ro-bind", "/", "/", "true"];
const usable = spawnSync("bwrap", walls, { stdio: "ignore" }).status === 0;

const make: MakeEnvironments = (parts) => makeTrusting(parts, null);

const makeTrusting = (
  { egress, directory }: Parameters<MakeEnvironments>[0],
  certificates: string | null,
): ReturnType<MakeEnvironments> => {
  const common = { instance: "test", logger: createSilentLogger() };
  const options = {
    ...common,
    directory,
    egress,
    certificates,
    keep: 2,
    disk: { mb: 40, files: 3000 },
  };
  const environments = createBubblewrapEnvironments(options);
  return {
    environments,
    sandbox: createBubblewrapSandbox({ ...common, slots: 1, environments }),
    leftovers: () =>
      readdirSync(join(directory, "environments")).filter((name) => /partial|^layer/.test(name)),
  };
};

describe.skipIf(!usable && !required)(
  "bubblewrap environments (need bwrap 0.8 and unprivileged user name spaces)",
  () => {
    environmentBuilderContract("bubblewrap", make);
    environmentHostsContract("bubblewrap", make);
    environmentOwnersContract("bubblewrap", make);

    const step = (script: string) => [{ name: "step", script }];

    test.each([
      ["the image node:22", plan(step("true"), { base: { kind: "image", image: "node:22" } })],
      [
        "an image from Dockerfile",
        plan([], { base: { kind: "dockerfile", path: "Dockerfile", context: "." } }),
      ],
    ])("refuses %s, which it cannot run", async (what, asked) => {
      const { environments } = await setUp(make);

      const error = await failure(environments.build(request([], { plan: asked }), never()));

      expect(error.code).toBe("sandbox-image-missing");
      expect(error.message).toContain(what);
    });

    test("opens no folder of the host that no builder filled", async () => {
      const { sandbox } = await setUp(make);
      const open = sandbox.open(
        { label: "x", environment: "/etc", warmUp: null, tree: treeOf({}), limits: someLimits },
        never(),
      );

      await expect(open).rejects.toMatchObject({ code: "sandbox-image-missing" });
    });

    test("takes from a finished folder what is no file, and every right but reading and running", async () => {
      const { environments } = await setUp(make);
      const script =
        'cd "$COPATCHER_ENV"; cp /bin/true run; chmod 6777 run; mkfifo pipe; ln -s run link; mkdir -m 1777 d';

      const { reference } = await environments.build(request(step(script)), never());

      const mode = (name: string) => (statSync(join(reference ?? "", name)).mode & 0o7777).toString(8);
      expect([mode("run"), mode("d"), mode(".")]).toEqual(["555", "555", "555"]);
      expect(readdirSync(reference ?? "").sort()).toEqual(["d", "link", "run"]);
    });

    test("keeps the environments used last, and builds again what was removed", async () => {
      const { environments } = await setUp(make);
      const build = (script: string) => environments.build(request(step(script)), never());

      const first = await build("echo 1");
      const second = await build("echo 2");
      await build("echo 1");
      await build("echo 3");

      expect([first, second].map(({ reference }) => existsSync(reference ?? ""))).toEqual([true, false]);
      expect(await build("echo 2")).toMatchObject({ cached: false, key: second.key });
    });

    test.each([
      ["an open", 0o755],
      ["a closed", 0o700],
    ] as const)("shows of %s folder the operator's certificates alone", async (_, mode) => {
      // steps have another /tmp
      const folder = mkdtempSync("/var/tmp/copatcher-certificates-");
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      writeFileSync(join(folder, "ca.pem"), "authority");
      writeFileSync(join(folder, "app-key.pem"), "key");
      chmodSync(folder, mode);
      const { environments } = await setUp((parts) => makeTrusting(parts, join(folder, "ca.pem")));
      const script = `(cat "$PIP_CERT"; ls ${folder}; cat ${folder}/app-key.pem 2>&1) >"$COPATCHER_ENV/seen" || true`;

      const { reference } = await environments.build(request(step(script)), never());

      const seen = readFileSync(join(reference ?? "", "seen"), "utf8");
      expect(seen).toMatch(/^authorityca\.pem\n/);
      expect(seen).toContain("No such file");
    });

    test("stops a step that fills the disk", async () => {
      const { environments, leftovers } = await setUp(make);
      const script = 'for i in 1 2 3; do head -c 20000000 /dev/zero >"$COPATCHER_ENV/$i"; done; sleep 100';

      expect((await failure(environments.build(request(step(script)), never()))).data).toMatchObject({
        status: "wrote more than the 40 MB of COPATCHER_SETUP_DISK_MB",
      });
      expect(leftovers()).toEqual([]);
    });
  },
);
