import { expect, test } from "vitest";
import type { Simulator } from "../../../src/simulator/http/simulator.ts";
import { candidates, clientOf, startSlowServer } from "./candidate-run.ts";

test("a run goes on when one of two replicas dies, and uses it again when it is back", async () => {
  const [dying, other] = [await startSlowServer(), await startSlowServer()];
  const { client, said } = clientOf(dying, other);
  const run = candidates(client, 60);
  await expect.poll(() => running(dying), { timeout: 10_000 }).toBeGreaterThan(12);

  await dying.stop();

  expect(await run).toEqual({ fine: 60 });
  expect(said(/left alone/)).toEqual([`${dying.url}/v1`]);

  const calls = other.requests().length;
  expect(await candidates(client, 24)).toEqual({ fine: 24 });
  expect(other.requests().length).toBeGreaterThan(calls);

  const back = await startSlowServer(Number(new URL(dying.url).port));
  await expect
    .poll(async () => candidates(client, 1).then(() => back.requests().length), { timeout: 20_000 })
    .toBeGreaterThan(0);
  expect(await candidates(client, 48)).toEqual({ fine: 48 });
  expect(said(/answers again/)).toEqual([`${dying.url}/v1`]);
  expect(back.requests().length).toBeGreaterThan(1);
}, 60_000);

const running = (simulator: Simulator): number =>
  simulator.simulation.engine("loc-gen")?.counters().running ?? 0;

test("a run goes on when its only server restarts in the middle of its answers", async () => {
  // The third group comes when the first two have given up half of their places.
  const server = await startSlowServer(0, [{ fault: { kind: "restart", ms: 150 }, nth: 3 }]);
  const { client } = clientOf(server);

  expect(await candidates(client, 36)).toEqual({ fine: 36 });

  const ends = server.simulation.journal.entries().flatMap(({ choices }) => choices);
  expect(ends.filter(({ reason }) => reason === "crashed").length).toBeGreaterThan(0);
}, 60_000);
