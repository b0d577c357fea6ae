import { describe, expect, test } from "vitest";
import { createLogger, type LoggerOptions } from "../../../src/adapters/system/logger.ts";
import { RepairError } from "../../../src/domain/errors.ts";
import { growth } from "../../fixtures/growth.ts";

function logged(options: Partial<LoggerOptions> = {}) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { log: createLogger({ level: "info", secrets: [], ...options, destination }), lines };
}

describe("the logger", () => {
  test("writes one JSON object per line with level, time, data and text", () => {
    const { log, lines } = logged();

    log.info({ run: "r1" }, "run\nstarted");

    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "info", run: "r1", msg: "run\nstarted" });
    expect(JSON.parse(lines[0] ?? "")).toHaveProperty("time", expect.stringMatching(/^\d{4}-.+Z$/));
  });

  test("writes nothing below its level", () => {
    const { log, lines } = logged({ level: "warn" });

    log.info({}, "quiet");
    log.debug({}, "quiet");

    expect(lines).toEqual([]);
  });

  test("writes an error with its code, its data and its cause", () => {
    const { log, lines } = logged();
    const cause = new Error("refused");

    log.error({ error: new RepairError("sandbox-failed", "broken", { cause, data: { slot: 1 } }) }, "failed");

    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      error: { code: "sandbox-failed", message: "broken", data: { slot: 1 }, cause: { message: "refused" } },
    });
  });

  test.each([
    ["a configured secret in the text", ['se"cret-value'], {}, 'got se"cret-value'],
    ["a configured secret in the data", ["secret-value"], { a: { b: ["secret-value"] } }, "text"],
    ["one line of a key", ["-----BEGIN\nsecret-value-line\n-----END"], { a: "secret-value-line" }, "text"],
    ["an installation token", [], { url: "https://x:ghs_secretvalue123@github.com" }, "text"],
    ["a long installation token", [], { token: "ghs_42_eyJsecret-value.abc.secretvalue" }, "text"],
    ["a web token", [], { jwt: "eyJhbGciOiJI.secret-value.secretvalue" }, "text"],
    ["a secret in a stack", ["secret-value"], { error: new Error("secret-value") }, "text"],
  ])("masks %s", (_, secrets, data, text) => {
    const { log, lines } = logged({ secrets });

    log.warn(data, text);

    expect(lines.join("")).toContain("[redacted]");
    expect(lines.join("")).not.toMatch(/se.{0,2}cret-?value/);
  });

  test("masks a long line in linear time", () => {
    const { log } = logged();

    for (const text of ["eyJ-", "ghs_", "eyJaaaaaaaa.a."]) {
      expect(growth((times) => log.warn({}, text.repeat(times)), 10_000)).toBeLessThan(10);
    }
  });
});
