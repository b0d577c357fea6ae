import { describe, expect, test } from "vitest";
import { readFrames } from "../../src/driver/frames.ts";

const nonce = "n0nce";
const read = (text: string, limit = 100) => readFrames(Buffer.from(text), nonce, limit);

describe("the driver's reply", () => {
  test("gives every stream its bytes, whatever they look like", () => {
    const reply = read(`READY\n${nonce} frame 0 3 150 0 12 4 2\n${nonce} end\naberr!r1\n${nonce} end\n`);

    expect(reply).toEqual({
      frames: [
        {
          exitCode: 3,
          durationMs: 1500,
          memoryKills: 0,
          stdout: `${nonce} end\nab`,
          stderr: "err!",
          cut: false,
          report: "r1",
        },
      ],
      end: { kind: "complete", reason: "" },
    });
  });

  test("says how much is missing between head and tail", () => {
    const reply = read(
      `READY\n${nonce} frame 0 0 1 0 1000 0 -1\n${"a".repeat(5)}${"z".repeat(5)}\n${nonce} end\n`,
      10,
    );

    expect(reply.frames).toMatchObject([
      { stdout: "aaaaa\n[... 990 bytes left out ...]\nzzzzz", stderr: "", cut: true, report: null },
    ]);
  });

  test.each([
    ["has no nonce", "READY\nframe 0 0 1 0 0 0 -1\n\n"],
    ["has another nonce", "READY\nguess frame 0 0 1 0 0 0 -1\n\n"],
    ["comes before the driver is ready", `${nonce} frame 0 0 1 0 0 0 -1\n\n`],
    ["is out of order", `READY\n${nonce} frame 1 0 1 0 0 0 -1\n\n`],
    ["has words for numbers", `READY\n${nonce} frame 0 zero 1 0 0 0 -1\n\n`],
    ["is shorter than it says", `READY\n${nonce} frame 0 0 1 0 10 0 -1\nabc\n`],
    ["lacks a number", `READY\n${nonce} frame 0 0 1 0 0 0\n\n`],
  ])("takes no frame that %s", (_, text) => {
    expect(read(text)).toEqual({ frames: [], end: null });
  });

  test("keeps finished frames when the driver dies in the middle", () => {
    const reply = read(`READY\n${nonce} frame 0 0 1 0 2 0 -1\nok\n${nonce} fra`);

    expect(reply).toMatchObject({ frames: [{ stdout: "ok" }], end: null });
  });

  test("carries the reason of a refusal", () => {
    expect(read(`READY\n${nonce} refused 7\nbecause`)).toEqual({
      frames: [],
      end: { kind: "refused", reason: "because" },
    });
  });
});
