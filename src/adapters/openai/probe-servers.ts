import { Agent } from "undici";
import { errorCatalogue } from "../../domain/error-catalogue.ts";
import { asRepairError } from "../../domain/errors.ts";
import { roles, type Role } from "../../domain/transcript.ts";
import type { Clock } from "../../ports/clock.ts";
import { noAdapters, type Adapters } from "./adapters.ts";
import { createCapabilities, type Capabilities, type KnownCapabilities } from "./capabilities.ts";
import { describeEndpoint, normalizeEndpoint, quoteServer, type Endpoint } from "./endpoint.ts";
import { probeAbort } from "./probe-abort.ts";
import { probeAdapters } from "./probe-adapters.ts";
import { probeAnswer } from "./probe-answer.ts";
import { fine, wrong, type Finding } from "./probe-finding.ts";
import { probeTruncation } from "./probe-truncation.ts";
import { servedModels } from "./served-models.ts";

/** What one server is like for one role; the first finding says whether it serves the role at all. */
export type ServerReport = {
  readonly role: Role;
  readonly server: string;
  readonly findings: readonly Finding[];
};

type Tools = {
  readonly clock: Clock;
  readonly dispatcher: Agent;
  readonly capabilities: KnownCapabilities;
  readonly adapters: Adapters;
};

/**
 * Asks every role's servers what they can do, with about ten small calls for each and one for each adapter. Servers are asked at
 * the same time, roles of one server one after another. Throws RepairError `config-invalid` for an address that cannot be used.
 */
export async function probeServers(
  endpoints: Readonly<Record<Role, readonly Endpoint[]>>,
  clock: Clock,
  signal: AbortSignal,
  adapters: Adapters = noAdapters,
): Promise<readonly ServerReport[]> {
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 5_000 } });
  const capabilities = createCapabilities({ clock, dispatcher });
  const tools: Tools = { clock, dispatcher, capabilities, adapters };
  const asked = roles.flatMap((role) =>
    endpoints[role].map((endpoint) => ({ role, endpoint: normalizeEndpoint(endpoint) })),
  );
  const servers = new Set(asked.map(({ endpoint }) => endpoint.baseUrl));
  const reports = await Promise.all(
    [...servers].map(async (server) => {
      const ofServer: ServerReport[] = [];
      for (const { role, endpoint } of asked.filter((one) => one.endpoint.baseUrl === server)) {
        ofServer.push({ role, server, findings: await probeServer(role, endpoint, tools, signal) });
      }
      return ofServer;
    }),
  );
  await dispatcher.destroy();
  return reports.flat().toSorted((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role));
}

async function probeServer(
  role: Role,
  endpoint: Endpoint,
  { clock, dispatcher, capabilities, adapters }: Tools,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const model = await probeModel(endpoint, dispatcher, signal);
  if (!model.ok) return [model];
  const known = await capabilities.of(endpoint, signal);
  const answers = await probeAnswer(endpoint, dispatcher, known.groupLimit > 1, signal);
  if (answers.some(({ ok, what }) => !ok && what === "answer")) return [model, ...answers];
  return [
    model,
    windowFinding(known),
    await probeTruncation(endpoint, dispatcher, signal),
    await tokenizerFinding(known, signal),
    groupFinding(known),
    priorityFinding(known),
    ...answers,
    await probeAbort(endpoint, dispatcher, clock, signal),
    ...(await probeAdapters(endpoint, adapters[role], dispatcher, signal)),
  ];
}

async function probeModel(endpoint: Endpoint, dispatcher: Agent, signal: AbortSignal): Promise<Finding> {
  const what = "model";
  try {
    const models = await servedModels(endpoint, dispatcher, signal);
    const listed = (names: readonly string[]): string =>
      quoteServer(names.slice(0, 5).join(", ") + (names.length > 5 ? " ..." : ""), endpoint);
    const served = models.find(({ id }) => id === endpoint.model);
    if (served === undefined) {
      const names = listed(models.map(({ id }) => id));
      const detail = `${describeEndpoint(endpoint)} is not served there; served: ${names}`;
      return wrong(what, detail, errorCatalogue["inference-misconfigured"].help);
    }
    const adapters = models.filter(({ parent }) => parent !== null).map(({ id }) => id);
    const kind = served.parent === null ? "" : `, an adapter of ${listed([served.parent])}`;
    const others = adapters.length === 0 ? "" : `; adapters there: ${listed(adapters)}`;
    return fine(what, `${describeEndpoint(endpoint)}${kind}${others}`);
  } catch (error) {
    const { message, help } = asRepairError(error);
    return wrong(what, message, help);
  }
}

/** A file with its question and its answer. */
const leastWindow = 16_384;

function windowFinding({ window }: Capabilities): Finding {
  if (window === null) return fine("window", "the server does not tell");
  if (window >= leastWindow) return fine("window", `${window} tokens`);
  const fix = `Serve at least ${leastWindow} tokens, 32768 for localization and generation (vLLM --max-model-len, llama-server -c).`;
  return wrong("window", `${window} tokens, too few for a file and its patch`, fix);
}

async function tokenizerFinding(known: Capabilities, signal: AbortSignal): Promise<Finding> {
  const count = await known.countTokens([{ role: "user", content: "How many tokens is this?" }], signal);
  if (count === null) return fine("tokenizer", "none for conversations at /tokenize; prompts are estimated");
  return fine("tokenizer", `counts prompts at /tokenize (${count} for a short question)`);
}

const groupFinding = ({ groupLimit }: Capabilities): Finding =>
  groupLimit > 1
    ? fine("groups", "several answers to one request (n)")
    : fine("groups", "one answer per request; samples are asked for singly");

const priorityFinding = ({ priority }: Capabilities): Finding =>
  priority
    ? fine("priority", "taken")
    : fine("priority", "not taken (vLLM: --scheduling-policy priority); calls are served as they come");
