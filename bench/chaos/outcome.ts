import type { Bot } from "./bot.ts";
import { countRepeated, doubtOf, lagsOf } from "./repeated-calls.ts";
import { requestWebhooks } from "./request-webhooks.ts";
import { markerOf, type Traffic } from "./traffic.ts";
import type { World } from "./world.ts";

type Row = Readonly<Record<string, unknown>>;

/** What was lost, done twice or done by the wrong one, as seen on GitHub, at the models and in the database. */
export async function outcomeOf(world: World, traffic: Traffic) {
  const { github, models, database, witness } = world;
  const issues = traffic.issues();
  const runs = await database.query(
    "select id, issue_key, at, state, request, created_at from run order by created_at",
  );
  const history = await database.query("select run_id, cause from run_transition order by sequence");
  const deliveries = await database.query("select id, handled_at from delivery");
  const lags = lagsOf(models.requests, witness.stored);
  const calls = countRepeated(models.requests, witness.disturbances, lags);
  const pulls = (await github.pullRequests()).map(({ head }) => head);
  const comments = await repeatedComments(world, [...issues.keys()]);
  const handled = new Set(
    deliveries.flatMap(({ id, handled_at }) => (handled_at === null ? [] : [String(id)])),
  );
  const accepted = new Set(
    requestWebhooks(github.webhooks()).flatMap(({ id, status }) =>
      status !== null && status < 300 ? [id] : [],
    ),
  );
  const lost = [...issues].flatMap(([number, end]) => (end === null ? [number] : []));
  const overlaps = overlappingClaims(history);
  const staleSteps = witness.staleSteps();
  const violations = {
    lostRuns: lost.length,
    duplicatePullRequests: pulls.length - new Set(pulls).size,
    duplicateComments: comments.length,
    repeatedModelCalls: calls.repeated.length,
    lostDeliveries: [...accepted].filter((id) => !handled.has(id)).length,
    duplicateRuns: runs.length - new Set(runs.map(({ issue_key }) => issue_key)).size,
    overlappingExecutions: overlaps.length + staleSteps.length,
  };
  return {
    runs: runs.length,
    ...violations,
    inDoubt: calls.inDoubt,
    doubtMs: doubtOf(lags),
    transientDoubleComments: [...traffic.mostComments().values()].filter((count) => count > 1).length,
    modelCalls: calls.asked,
    deliveries: { accepted: accepted.size, attempts: github.webhooks().length },
    ends: endsOf(runs),
    takenOver: history.filter(({ cause }) => cause === "interrupted: lease-expired").length,
    stalls: witness.stalls(),
    ownEnds: world.bots.flatMap((bot: Bot) => bot.ownEnds()),
    details: [
      ...lost.map((number) => `issue ${number} has no end`),
      ...comments,
      ...duplicateRuns(runs),
      ...calls.repeated.slice(0, 20).map((call) => `asked again: ${JSON.stringify(call)}`),
      ...overlaps,
      ...staleSteps.slice(0, 20),
    ],
    violations: Object.values(violations).reduce((sum, count) => sum + count, 0),
  };
}

export type Outcome = Awaited<ReturnType<typeof outcomeOf>>;

async function repeatedComments({ github }: World, issues: readonly number[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const number of issues) {
    const markers = (await github.comments(number))
      .filter(({ author, body }) => author !== "jonas" && body.startsWith("<!-- copatcher:"))
      .map(({ body }) => markerOf(body));
    found.push(
      ...markers
        .filter((marker, place) => markers.indexOf(marker) !== place)
        .map((marker) => `issue ${number} has ${marker} more than once`),
    );
  }
  return found;
}

/** Claims of a run that was not given back before, in the order of its history. */
function overlappingClaims(history: readonly Row[]): readonly string[] {
  const held = new Map<unknown, string>();
  const found: string[] = [];
  for (const { run_id, cause } of history) {
    const text = String(cause);
    if (text.startsWith("claimed by ")) {
      const before = held.get(run_id);
      if (before !== undefined) found.push(`run ${String(run_id)} was ${text} while it was ${before}`);
      held.set(run_id, text);
    } else if (!text.startsWith("entered ")) held.delete(run_id);
  }
  return found;
}

/** Runs of issues that have several: why they were asked for tells which of them should not be there. */
const duplicateRuns = (runs: readonly Row[]): readonly string[] =>
  runs.flatMap(({ id, issue_key, state, request, created_at }) => {
    if (runs.filter((run) => run["issue_key"] === issue_key).length < 2) return [];
    return [
      `${String(issue_key)}: run ${String(id)} of ${String(created_at)}, ${String(state)}: ${String(request)}`,
    ];
  });

/** How many runs ended how. */
function endsOf(runs: readonly Row[]): Readonly<Record<string, number>> {
  const ends: Record<string, number> = {};
  for (const { at, state } of runs) {
    const { code, reason } = JSON.parse(String(state)) as {
      readonly code?: string;
      readonly reason?: string;
    };
    const why = code ?? reason;
    const name = why === undefined ? String(at) : `${String(at)}: ${why}`;
    ends[name] = (ends[name] ?? 0) + 1;
  }
  return ends;
}
