import type { RepoSource } from "../../ports/workspace.ts";

/** Settings that win over every configuration file, so that nothing a repository says makes git run a program. */
const hardening: ReadonlyArray<readonly [string, string]> = [
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["core.attributesFile", "/dev/null"],
  ["core.protectNTFS", "true"],
  ["core.protectHFS", "true"],
  ["safe.bareRepository", "explicit"],
  ["submodule.recurse", "false"],
  ["fetch.recurseSubmodules", "false"],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["http.lowSpeedLimit", "1000"],
  ["http.lowSpeedTime", "60"],
];

/** What simple-git must be told to let through; everything else it blocks by default stays blocked. */
export const unsafe = {
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeHooksPath: true,
  allowUnsafeFsMonitor: true,
} as const;

/**
 * The whole environment of one git process: `host` (PATH, proxies, CA bundle) and our own settings, nothing inherited.
 * `authorization` is a header value; it travels in the environment only, so no other user can read it from argv.
 */
export function gitEnvironment(options: {
  readonly host: Readonly<Record<string, string>>;
  readonly gitDirectory: string;
  readonly globalConfig: string;
  readonly protocol: string;
  readonly authorization: string | null;
}): Record<string, string> {
  const config: Array<readonly [string, string]> = [...hardening];
  if (options.authorization !== null) {
    config.push(["http.extraHeader", `Authorization: ${options.authorization}`]);
    // Git sends extra headers to whatever host a redirect names.
    config.push(["http.followRedirects", "false"]);
  }
  const environment: Record<string, string> = {
    ...options.host,
    LC_ALL: "C",
    HOME: "/nonexistent",
    GIT_DIR: options.gitDirectory,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: options.globalConfig,
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ALLOW_PROTOCOL: options.protocol,
    GIT_LFS_SKIP_SMUDGE: "1",
    GIT_NO_LAZY_FETCH: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_CONFIG_COUNT: String(config.length),
  };
  config.forEach(([key, value], index) => {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return environment;
}

/** The one transport a source may use; `none` where git has no business talking to anyone. */
export function protocolOf(source: RepoSource): string {
  if (source.kind === "local") return "file";
  return new URL(source.url).protocol === "http:" ? "http" : "https";
}
