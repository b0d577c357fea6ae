const usualPorts = [80, 443];
const name = /^(\*\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/;

export type HostRule = { readonly host: string; readonly below: boolean; readonly ports: readonly number[] };

/**
 * An entry of a list of hosts: `pypi.org`, `*.npmjs.org` (everything below, not itself) or `registry.corp:8443`; without a
 * port, 80 and 443 are meant. Null for anything else, addresses included.
 */
export function hostRule(entry: string): HostRule | null {
  const [host = "", port, more] = entry.trim().toLowerCase().split(":");
  const number = Number(port ?? 443);
  // a last label of digits makes an address, not a name
  if (more !== undefined || !name.test(host) || /(^|\.)(\d+|0x[0-9a-f]*)$/.test(host) || !isPort(number))
    return null;
  const below = host.startsWith("*.");
  return { host: below ? host.slice(2) : host, below, ports: port === undefined ? usualPorts : [number] };
}

const isPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port < 65_536;
