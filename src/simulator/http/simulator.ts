import { createScaledTimeline } from "../clock/scaled-timeline.ts";
import type { Script } from "../script/script.ts";
import { createSimulation, type ServedModels, type Simulation } from "../simulation.ts";
import { sendAnswer } from "./answer-parts.ts";
import type { DialectName } from "./dialect.ts";
import { dialects } from "./other-dialects.ts";
import { openPort } from "./port.ts";
import { recorder, type RecordOptions } from "./record.ts";
import { route, type Site } from "./routes.ts";
import type { EndedRequest, ServedRequest } from "./served-request.ts";

export type SimulatorOptions = {
  readonly models: ServedModels;
  readonly script: Script;
  readonly dialect?: DialectName;
  /** Factor on simulated time: 1 (the default) is real, 0 is none. */
  readonly timeScale?: number;
  readonly host?: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Without it, every key and none are accepted. */
  readonly apiKey?: string;
  /** Header that names the sample as `stage/index/attempt`. */
  readonly sampleHeader?: string;
  /** Tokens per chunk of a stream; 8 by default, as vLLM sends with `--stream-interval 8`. */
  readonly streamInterval?: number;
  /** Whether the server separates reasoning from the answer, as with `--reasoning-parser`. */
  readonly parsesReasoning?: boolean;
  /** Whether usage tells the cached tokens, as with `--enable-prompt-tokens-details`; llama-server always does. */
  readonly reportsCached?: boolean;
  /** A client that leaves does not free its place (vLLM behind a BaseHTTPMiddleware). */
  readonly abortBroken?: boolean;
  /** Seed of faults with a rate. */
  readonly seed?: number;
  readonly record?: RecordOptions;
  /** Told of each request for a completion when it has ended, for a journal that outlives the server. */
  readonly onEnded?: (request: EndedRequest) => void;
};

export type Simulator = {
  /** Scheme, host and port; the API lies below `/v1`. */
  readonly url: string;
  readonly simulation: Simulation;
  requests(): readonly ServedRequest[];
  /** Drops open connections and closes the port. */
  stop(): Promise<void>;
};

/** An OpenAI-compatible model server on loopback whose answers are scripted and whose pace is an engine's. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { timeScale = 1, host = "127.0.0.1", port = 0, dialect: name = "vllm" } = options;
  const timeline = createScaledTimeline(timeScale);
  const simulation = createSimulation({ ...options, timeline });
  const dialect = dialects[name];
  const requests: ServedRequest[] = [];
  let unhealthyUntil = 0;
  const control = {
    refuse: (milliseconds: number) => opened.closeFor(milliseconds),
    restart(milliseconds: number) {
      unhealthyUntil = performance.now() + milliseconds;
      for (const engine of simulation.engines().values()) engine.crash();
    },
  };
  const site: Site = {
    simulation,
    dialect,
    control,
    streamInterval: options.streamInterval ?? 8,
    parsesReasoning: options.parsesReasoning ?? false,
    reportsCached: options.reportsCached ?? name === "llamacpp",
    abortBroken: options.abortBroken ?? false,
    record: options.record === undefined ? null : recorder(options.record),
    apiKey: options.apiKey ?? null,
    sampleHeader: options.sampleHeader ?? "x-copatcher-sample",
    timeScale,
    requests,
    onEnded: options.onEnded ?? null,
    isHealthy: () => performance.now() >= unhealthyUntil,
  };
  const opened = await openPort(host, port, (request, response) => {
    route(site, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendAnswer(response, dialect.serverError(String(error)));
    });
  });
  return {
    url: opened.url,
    simulation,
    requests: () => [...requests],
    async stop() {
      timeline.stop();
      await opened.stop();
    },
  };
}
