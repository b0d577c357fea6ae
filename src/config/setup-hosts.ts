import { z } from "zod";

/**
 * Package registries of the languages and of Debian and Ubuntu. GitHub is not among them: it takes uploads from whoever
 * has a token, so a poisoned package could send a private repository's code there. Who installs from it adds it.
 */
export const usualHosts: readonly string[] = [
  "pypi.org",
  "files.pythonhosted.org",
  "registry.npmjs.org",
  "registry.yarnpkg.com",
  "proxy.golang.org",
  "sum.golang.org",
  "repo.maven.apache.org",
  "repo1.maven.org",
  "plugins.gradle.org",
  "services.gradle.org",
  "index.crates.io",
  "static.crates.io",
  "deb.debian.org",
  "security.debian.org",
  "archive.ubuntu.com",
  "security.ubuntu.com",
];

/** A host name, or `*.` and one for all below it, and a port when it is neither 80 nor 443. */
const hostPattern =
  /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*(:\d{1,5})?$/;

/** A last label of digits makes an address, as every program reads it; brackets or several colons a longer one. */
const isAddress = (host: string): boolean =>
  /^[[:]|:.*:/.test(host) || /(^|\.)(\d+|0x[0-9a-f]*)(:\d*)?$/.test(host);

const isHost = (host: string): boolean => {
  const port = Number(/:(\d+)$/.exec(host)?.[1] ?? 443);
  return hostPattern.test(host) && port > 0 && port < 65_536;
};

/** Host names with commas or blanks between, lower case; `default` is the usual ones, `none` is no host at all. */
export const setupHosts = z
  .string()
  .transform((text) =>
    text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((word) => word !== ""),
  )
  .transform((words) =>
    words.flatMap((word) => (word === "default" ? usualHosts : word === "none" ? [] : [word])),
  )
  .transform((hosts) => [...new Set(hosts)])
  .refine((hosts) => !hosts.some(isAddress), {
    error: ({ input }) =>
      `must be names and no addresses (${(input as string[]).filter(isAddress).join(", ")}): the set-up's proxy looks names up itself, and lets no address through`,
    abort: true,
  })
  .refine(
    (hosts) => hosts.every(isHost),
    "must be host names with commas between, without https:// (example.com, *.example.com, example.com:8443)",
  );
