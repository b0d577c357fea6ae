import type { Agent } from "undici";
import { asRepairError, RepairError } from "../../domain/errors.ts";
import { quoteServer, type Endpoint } from "./endpoint.ts";
import { fine, wrong, type Finding } from "./probe-finding.ts";
import { oneToken } from "./probe-group.ts";
import { ask, type ProbeAnswer } from "./probe-request.ts";
import { messageOf } from "./refusal.ts";
import { servedModels, type ServedModel } from "./served-models.ts";

/** A server may have to load it first. */
const callMs = 120_000;

const fix =
  "Put its folder under that name where the server looks for adapters (vLLM's resolver wants the name of the base model in " +
  "adapter_config.json), load it there, or correct COPATCHER_LOC_GEN_ADAPTERS or its neighbour: until then the runs of these " +
  "repositories end with that refusal.";

/**
 * Whether the server has each of the role's adapters (names by repository): by its model list, or, since a server that loads adapters
 * by itself lists none before, by a call of one token.
 */
export async function probeAdapters(
  endpoint: Endpoint,
  adapters: ReadonlyMap<string, string>,
  dispatcher: Agent,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  if (adapters.size === 0) return [];
  const listed = await servedModels(endpoint, dispatcher, signal).catch(asRepairError);
  if (listed instanceof RepairError) return [wrong("adapters", listed.message, listed.help)];
  const findings: Finding[] = [];
  for (const name of new Set(adapters.values())) {
    const repositories = [...adapters].flatMap(([repository, own]) => (own === name ? repository : []));
    const what = `adapter ${name}`;
    const found = await findAdapter(endpoint, name, listed, dispatcher, signal);
    const detail = `${found.detail}; for ${repositories.join(", ")}`;
    findings.push(found.ok ? fine(what, detail) : wrong(what, detail, fix));
  }
  return findings;
}

type Found = { readonly ok: boolean; readonly detail: string };

async function findAdapter(
  endpoint: Endpoint,
  name: string,
  listed: readonly ServedModel[],
  dispatcher: Agent,
  signal: AbortSignal,
): Promise<Found> {
  const entry = listed.find(({ id }) => id === name);
  if (entry !== undefined) {
    const base = entry.parent === null ? "" : `, of ${quoteServer(entry.parent, endpoint)}`;
    return { ok: true, detail: `served${base}` };
  }
  const call = (model: string): Promise<ProbeAnswer | null> => {
    const body = { ...oneToken, model };
    return ask(endpoint, dispatcher, { path: "/chat/completions", body, timeoutMs: callMs }, signal);
  };
  const answer = await call(name);
  if (answer === null) return { ok: false, detail: "not listed, and a call for it had no answer" };
  if (answer.status !== 200) {
    const words = quoteServer(`${answer.status} ${messageOf(answer.text)}`, endpoint);
    return { ok: false, detail: `not served: ${words}` };
  }
  const other = await call(nobody);
  if (other?.status === 200) return { ok: false, detail: "not served: the server answers to any name" };
  return { ok: true, detail: "not listed before it is asked for, and answers" };
}

const nobody = "copatcher-no-such-adapter";
