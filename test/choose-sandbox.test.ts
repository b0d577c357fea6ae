import { expect, test } from "vitest";
import { chooseSandbox, type SandboxChoice } from "../src/choose-sandbox.ts";
import type { Sandbox } from "../src/ports/sandbox.ts";
import { createSilentLogger } from "./fakes/silent-logger.ts";

const sandbox = (kind: Sandbox["kind"], works: boolean | string): Sandbox => ({
  kind,
  description: kind,
  environments: null,
  check: (image) => Promise.resolve({ ok: works === true || works === image, detail: `${kind} said so` }),
  open: () => Promise.reject(new Error("not opened here")),
  reap: () => Promise.resolve(0),
});

function choose(
  states: [boolean | string, boolean, boolean],
  wish: { choice?: SandboxChoice; trusted?: boolean; image?: string },
) {
  const [docker, bubblewrap, process] = states;
  const all = [sandbox("docker", docker), sandbox("bubblewrap", bubblewrap), sandbox("process", process)];
  return chooseSandbox(
    all,
    { choice: wish.choice ?? "auto", trusted: wish.trusted ?? false, image: wish.image ?? null },
    createSilentLogger(),
  );
}

test.each([
  ["Docker comes first", [true, true, true], {}, "docker"],
  ["bubblewrap comes where Docker does not work", [false, true, true], {}, "bubblewrap"],
  ["a plain process is only for trusted code", [false, false, true], { trusted: true }, "process"],
  ["the image that will be used decides about Docker", ["eval", true, true], { image: "eval" }, "docker"],
  [
    "a named sandbox is kept although it does not work now",
    [false, true, true],
    { choice: "docker" },
    "docker",
  ],
] as const)("%s", async (_, states, wish, kind) => {
  expect((await choose([...states], wish)).kind).toBe(kind);
});

test("untrusted code is refused where nothing isolates, with what each sandbox said", async () => {
  await expect(choose([false, false, true], {})).rejects.toThrow(
    "docker: docker said so; bubblewrap: bubblewrap said so",
  );
});
