import { expect, test } from "vitest";
import { createTurns } from "../../../src/adapters/github/turns.ts";

const later = (): { readonly promise: Promise<string>; readonly end: (value: string) => void } => {
  let end: (value: string) => void = () => undefined;
  const promise = new Promise<string>((resolve) => (end = resolve));
  return { promise, end };
};

test("work of one key waits for what was asked for before, also where that fails; other keys do not", async () => {
  const inTurn = createTurns();
  const [first, begun] = [later(), [] as string[]];
  const work = (name: string, done: Promise<string>) => () => {
    begun.push(name);
    return done;
  };

  const failing = inTurn(
    "a",
    work(
      "first",
      first.promise.then(() => Promise.reject(new Error("broken"))),
    ),
  );
  const second = inTurn("a", work("second", Promise.resolve("done")));
  await inTurn("b", work("other", Promise.resolve("done")));
  expect(begun).toEqual(["first", "other"]);
  first.end("now");

  await expect(failing).rejects.toThrow("broken");
  await expect(second).resolves.toBe("done");
});

test("whose signal aborts waits no longer, and its work is never begun", async () => {
  const inTurn = createTurns();
  const first = later();
  const abort = new AbortController();
  const begun: string[] = [];
  const one = inTurn("a", () => first.promise);
  const given = inTurn("a", () => Promise.resolve(begun.push("given up")), abort.signal);
  const last = inTurn("a", () => Promise.resolve("last"));

  await new Promise(setImmediate);
  abort.abort(new Error("cancelled"));
  await expect(given).rejects.toThrow("cancelled");
  first.end("done");

  expect(await Promise.all([one, last])).toEqual(["done", "last"]);
  expect(begun).toEqual([]);
});

test("work that has begun is not cut off by its signal", async () => {
  const inTurn = createTurns();
  const first = later();
  const abort = new AbortController();
  const one = inTurn("a", () => first.promise, abort.signal);

  await new Promise(setImmediate);
  abort.abort(new Error("cancelled"));
  first.end("done");

  await expect(one).resolves.toBe("done");
});
