import { describe, expect, test } from "vitest";
import { openSession, outputOf } from "../../contracts/sandbox-subject.ts";
import { lines, make, needsEngine, noEngine } from "./docker-subject.ts";

describe.skipIf(noEngine)(`removal of docker containers ${needsEngine}`, () => {
  test("kills no container whose job has come to its end, since it ends by itself", async () => {
    const { sandbox, instance } = make({ slots: 1 });
    const begin = Math.floor(Date.now() / 1000);
    const session = await openSession(sandbox);
    const events = (name: string) =>
      lines(
        "events",
        `--since=${begin}`,
        `--until=${Math.ceil(Date.now() / 1000)}`,
        `--filter=label=copatcher.instance=${instance}`,
        `--filter=event=${name}`,
        "--filter=label=copatcher.driver",
      );

    for (const word of ["one", "two"]) expect(await outputOf(session, `printf ${word}`)).toBe(word);

    await expect.poll(() => events("destroy").length, { timeout: 20_000, interval: 500 }).toBe(2);
    expect(events("kill")).toEqual([]);
  });
});
