import { RepairError } from "../../domain/errors.ts";

const usualPorts = [80, 443];
const name = /^(\*\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/;

type HostRule = { readonly host: string; readonly below: boolean; readonly ports: readonly number[] };

/** Whether a host in lower case and a port are on a list. */
export type HostRules = (host: string, port: number) => boolean;

/**
 * A list of hosts: `pypi.org`, `*.npmjs.org` (everything below, not itself) or `registry.corp:8443`; without a port, 80
 * and 443 are meant. Throws RepairError `config-invalid` for anything else, addresses included.
 */
export function hostRules(entries: readonly string[]): HostRules {
  const rules = entries.map(ruleOf);
  return (host, port) =>
    rules.some(
      (rule) =>
        rule.ports.includes(port) && (rule.below ? host.endsWith(`.${rule.host}`) : host === rule.host),
    );
}

function ruleOf(entry: string): HostRule {
  const [host = "", port, more] = entry.trim().toLowerCase().split(":");
  const number = Number(port ?? 443);
  // a last label of digits makes an address, not a name
  if (more !== undefined || !name.test(host) || /(^|\.)(\d+|0x[0-9a-f]*)$/.test(host) || !isPort(number)) {
    throw new RepairError(
      "config-invalid",
      `The set-up host ${JSON.stringify(entry)} is no host name, *.domain or host:port.`,
    );
  }
  const below = host.startsWith("*.");
  return { host: below ? host.slice(2) : host, below, ports: port === undefined ? usualPorts : [number] };
}

const isPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port < 65_536;
