import { beforeAll, describe, expect, test } from "vitest";
import type { Language, TestPlan, TestSelection } from "../../../src/languages/language.ts";
import { createGo } from "../../../src/languages/go/go.ts";
import { memoryCheckout } from "../../fakes/memory-workspace.ts";

let go: Language;
beforeAll(async () => {
  go = await createGo();
});

type Files = Readonly<Record<string, string>>;

const plan = (files: Files, selection: Partial<TestSelection> = {}): Promise<TestPlan | null> =>
  go.planTests(memoryCheckout(files), { suspects: [], command: null, maxFiles: 20, ...selection });

const manifest = { "go.mod": "module example.com/shop // the shop\n" };

const tree: Files = {
  ...manifest,
  "rates/rates.go": "package rates\n",
  "rates/a_test.go": "package rates\n",
  "rates/b_test.go": "package rates\n",
  "cart/cart.go": 'package cart\n\nimport "example.com/shop/rates"\n',
  "cart/cart_test.go": "package cart\n",
  "other/other_test.go": "package other\n",
  "rates/near/near_test.go": "package near\n",
  "far/a/b/far_test.go": "package b\n",
};

describe("the test plan of a Go module", () => {
  test("runs the packages of the suspects, then those that import them, then the nearest", async () => {
    const own = await plan(tree, { suspects: ["rates/rates.go"] });

    expect(own?.command).toBe("go test ./rates ./cart ./rates/near ./other ./far/a/b");
    expect(own?.selected.slice(0, 3)).toEqual(["rates/a_test.go", "rates/b_test.go", "cart/cart_test.go"]);
  });

  test("takes whole packages as long as their files fit, and the first one always", async () => {
    const fitting = await plan(tree, { suspects: ["cart/cart.go"], maxFiles: 2 });
    const one = await plan(tree, { suspects: ["rates/rates.go"], maxFiles: 1 });

    expect(fitting?.selected).toEqual(["cart/cart_test.go", "other/other_test.go"]);
    expect(one?.selected).toEqual(["rates/a_test.go", "rates/b_test.go"]);
  });

  test("takes the packages of all suspects, in their order, however large they are", async () => {
    const large = Array.from({ length: 11 }, (_, n) => [`api/n${n}_test.go`, "package api\n"]);
    const files = { ...tree, ...Object.fromEntries(large), "store/store_test.go": "package store\n" };

    const own = await plan(files, { suspects: ["store/store.go", "api/api.go"], maxFiles: 10 });

    expect(own?.command).toBe("go test ./store ./api");
  });

  test("runs each module of the tree in its own folder", async () => {
    const own = await plan({
      ...tree,
      "tools/go.mod": "module example.com/tools\n",
      "tools/gen/gen_test.go": "package gen\n",
      "examples/go.mod": "module example.com/examples\n",
    });

    expect(own?.command).toContain("; cd tools && go test ./gen");
  });

  test("leaves out what the go command does not look into", async () => {
    const own = await plan({
      ...manifest,
      "a/a_test.go": "package a\n",
      "a/testdata/x_test.go": "package x\n",
      "vendor/m/m_test.go": "package m\n",
      "_old/o_test.go": "package o\n",
      ".hidden/h_test.go": "package h\n",
    });

    expect(own?.selected).toEqual(["a/a_test.go"]);
  });

  test("is nothing without tests or without a module", async () => {
    expect(await plan({ ...manifest, "a/a.go": "package a\n" })).toBeNull();
    expect(await plan({ "a/a_test.go": "package a\n" })).toBeNull();
  });

  test("gives folder names as single words that are no options", async () => {
    const own = await plan({
      ...manifest,
      "-x; rm/a_test.go": "package a\n",
      "b $(id)/b_test.go": "package b\n",
    });

    expect(own?.script).toContain(`-timeout=0 './-x; rm' './b $(id)'`);
  });

  test("has no canary for a command of the settings", async () => {
    const own = await plan(tree, { command: "make test" });

    expect(own?.script).toContain("\nmake test\n");
    expect(own && (await go.canary(memoryCheckout(tree), own, "token"))).toBeNull();
  });
});

describe("the set-up of a Go tree", () => {
  test("downloads and compiles each module, and depends on the manifests alone", async () => {
    const setup = await go.planSetup(
      memoryCheckout({ ...tree, "go.sum": "", "tools/go.mod": "module example.com/tools\n", "go.work": "" }),
    );

    expect(setup?.source).toBe("go.mod, tools/go.mod");
    expect(setup?.inputs).toEqual(["go.mod", "go.sum", "go.work", "tools/go.mod"]);
    expect(setup?.steps.map(({ name }) => name)).toEqual([
      "go mod download",
      "compile everything",
      "go mod download in tools",
      "compile everything in tools",
    ]);
  });

  test("downloads nothing where dependencies are vendored", async () => {
    const setup = await go.planSetup(memoryCheckout({ ...tree, "vendor/modules.txt": "" }));

    expect(setup?.steps.map(({ name }) => name)).toEqual(["compile everything"]);
    expect(setup?.inputs).toEqual(["go.mod", "vendor/modules.txt"]);
  });

  test("is nothing without a module", async () => {
    expect(await go.planSetup(memoryCheckout({ "a.go": "package a\n" }))).toBeNull();
  });
});
