import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findGroupPlaces } from "../../../src/adapters/bubblewrap/group-places.ts";

/** Folders with the files of control groups; the kernel's refusals cannot be imitated by them. */
function groupsOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "copatcher groups-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** Root may write anywhere; until the test's end this process may only do what a plain user may. */
function asPlainUser(): void {
  if (process.geteuid?.() !== 0) return;
  process.seteuid?.(65_534);
  onTestFinished(() => process.seteuid?.(0));
}

const mount = (root: string, path: string, type: string, options: string): string =>
  `30 20 0:26 ${root} ${path.replaceAll(" ", "\\040")} rw shared:9 - ${type} ${type} ${options}`;

const handsDown = { "cgroup.procs": "", "cgroup.controllers": "cpu memory pids\n" };

const service = (control: string, processes: string) =>
  Object.fromEntries(
    Object.entries({ ...handsDown, "cgroup.procs": processes, "cgroup.subtree_control": control }).map(
      ([name, content]) => [`bot.service/${name}`, content],
    ),
  );

const version2 = (root: string) => ({
  mountInfo: mount("/", root, "cgroup2", "rw"),
  groups: "0::/bot.service\n",
});

test("uses the folders of both controllers with version 1, below this process's own groups", async () => {
  const root = groupsOf({ "memory/own/tasks": "", "pids/tasks": "" });
  const mountInfo = [
    mount("/", join(root, "memory"), "cgroup", "rw,memory"),
    mount("/", join(root, "pids"), "cgroup", "rw,pids"),
    mount("/", join(root, "unified"), "cgroup2", "rw"),
  ].join("\n");

  const places = await findGroupPlaces({ mountInfo, groups: "4:memory:/own\n8:pids:/\n0::/\n" }, 7);

  expect(places).toEqual({ version: 1, folders: [join(root, "memory/own"), join(root, "pids")] });
});

test("uses its own group with version 2 when that hands the controllers down", async () => {
  const root = groupsOf(service("cpu memory pids\n", "7\n8\n"));

  expect(await findGroupPlaces(version2(root), 7)).toEqual({
    version: 2,
    folders: [join(root, "bot.service")],
  });
});

test("sees a mount that begins at this process's own group, as in a container", async () => {
  const root = groupsOf({ ...handsDown, "cgroup.subtree_control": "memory pids" });
  const mountInfo = mount("/docker/abc", root, "cgroup2", "rw");

  expect(await findGroupPlaces({ mountInfo, groups: "0::/docker/abc\n" }, 7)).toEqual({
    version: 2,
    folders: [root],
  });
});

test("asks for the controllers when they are not handed down yet", async () => {
  const root = groupsOf(service("", "7\n"));

  await findGroupPlaces(version2(root), 7);

  expect(readFileSync(join(root, "bot.service/cgroup.subtree_control"), "utf8")).toBe("+memory +pids");
});

test("has no place where the memory controller is missing", async () => {
  const root = groupsOf({ ...service("pids\n", "7\n"), "bot.service/cgroup.controllers": "pids\n" });

  expect(await findGroupPlaces(version2(root), 7)).toBeNull();
});

test("has no place in folders of others", async () => {
  const root = groupsOf(service("memory pids\n", "7\n"));
  chmodSync(root, 0o755);
  chmodSync(join(root, "bot.service"), 0o555);
  onTestFinished(() => chmodSync(join(root, "bot.service"), 0o755));
  asPlainUser();

  expect(await findGroupPlaces(version2(root), 7)).toBeNull();
});

test("has no place on a machine without control groups", async () => {
  expect(await findGroupPlaces({ mountInfo: "", groups: "" }, 7)).toBeNull();
});
