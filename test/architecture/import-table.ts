/** What one room (a folder below `src`, or a file in it) may import besides itself. */
export type Room = {
  readonly rooms: readonly string[];
  /** Package names; `node:*` stands for every Node builtin. */
  readonly packages: readonly string[];
  /** Of `packages`, those whose types only may be used. */
  readonly typesOnly?: readonly string[];
  /** Single files that stay out of reach although their room is allowed. */
  readonly never?: readonly string[];
};

const pure = ["domain"];
const contracts = ["domain", "ports"];

/** The import table of docs/architecture.md. `*` stands for every room except the adapters. */
export const importTable: Readonly<Record<string, Room>> = {
  domain: { rooms: [], packages: ["zod", "diff", "markdown-it", "node:crypto"] },
  ports: { rooms: pure, packages: ["zod"], typesOnly: ["zod"] },
  languages: {
    rooms: contracts,
    packages: [
      "web-tree-sitter",
      "@vscode/tree-sitter-wasm",
      "fast-xml-parser",
      "smol-toml",
      "zod",
      "node:*",
    ],
  },
  environment: {
    rooms: [...contracts, "languages"],
    packages: ["zod", "jsonc-parser", "smol-toml"],
  },
  report: { rooms: pure, packages: [] },
  pipeline: {
    rooms: [...contracts, "languages"],
    packages: ["zod", "p-limit", "node:crypto"],
    never: [
      "src/ports/forge.ts",
      "src/ports/pull-requests.ts",
      "src/ports/job-queue.ts",
      "src/ports/run-store.ts",
    ],
  },
  eval: {
    rooms: [...contracts, "languages", "report", "pipeline"],
    packages: ["zod", "diff", "pure-rand", "vega", "vega-lite", "csv-stringify"],
    never: [
      "src/ports/forge.ts",
      "src/ports/pull-requests.ts",
      "src/ports/job-queue.ts",
      "src/ports/run-store.ts",
    ],
  },
  "eval/cli": {
    rooms: [
      ...contracts,
      "languages",
      "report",
      "pipeline",
      "runs",
      "simulator",
      "config",
      "wire",
      "cli",
      "eval",
    ],
    packages: ["commander", "yaml", "zod", "node:*"],
  },
  runs: {
    rooms: [...contracts, "pipeline", "report", "languages", "environment"],
    packages: ["zod", "yaml", "node:crypto"],
  },
  worker: { rooms: [...contracts, "runs"], packages: ["node:crypto"] },
  "github-app": {
    rooms: [...contracts, "runs", "report"],
    packages: ["zod", "node:crypto"],
  },
  simulator: { rooms: contracts, packages: ["zod", "node:*"] },
  config: { rooms: pure, packages: ["zod", "node:*"] },
  cli: {
    rooms: [...contracts, "runs", "pipeline", "report", "languages", "simulator", "config", "wire"],
    packages: ["commander", "listr2", "zod", "node:*"],
  },
  driver: { rooms: contracts, packages: ["tar-stream", "p-limit", "node:*"] },
  demo: { rooms: ["*"], packages: ["*"] },
  wire: { rooms: ["*", "adapters"], packages: ["*"] },
  "choose-sandbox": { rooms: contracts, packages: [] },
  server: { rooms: ["*"], packages: ["probot", "prom-client", "node:*"] },
  main: { rooms: ["*"], packages: ["*"] },
  ...adapter("openai", "eventsource-parser", "openai", "undici"),
  ...adapter("docker", "dockerode", "tar-stream"),
  ...adapter("bubblewrap", "tar-stream"),
  ...adapter("process", "tar-stream"),
  ...adapter("egress", "proxy-chain"),
  ...adapter("git", "simple-git"),
  ...adapter("github", "@octokit/rest"),
  ...adapter("local"),
  ...adapter("memory"),
  ...adapter("files", "yaml"),
  ...adapter("postgres", "kysely", "pg", "pg-boss", "@electric-sql/pglite"),
  ...adapter("system", "pino"),
};

function adapter(name: string, ...vendor: readonly string[]): Readonly<Record<string, Room>> {
  const packages = [...vendor, "p-limit", "zod", "node:*"];
  return { [`adapters/${name}`]: { rooms: [...contracts, "driver"], packages } };
}
