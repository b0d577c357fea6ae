import type { Config } from "../../config.ts";

/** Executions are compared over the years, so that only the sandbox that has the cases' images will do. */
export function evaluationConfig(config: Config): Config {
  const { kind } = config.sandbox;
  return { ...config, sandbox: { ...config.sandbox, kind: kind === "auto" ? "docker" : kind } };
}
