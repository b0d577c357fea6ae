import { RepairError } from "../../domain/errors.ts";
import { hostRule, type HostRule } from "../../domain/host-rule.ts";

/** Whether a host in lower case and a port are on a list. */
export type HostRules = (host: string, port: number) => boolean;

/** A list of hosts, each as `hostRule` reads it. Throws RepairError `config-invalid` for one that it does not read. */
export function hostRules(entries: readonly string[]): HostRules {
  const rules = entries.map(ruleOf);
  return (host, port) =>
    rules.some(
      (rule) =>
        rule.ports.includes(port) && (rule.below ? host.endsWith(`.${rule.host}`) : host === rule.host),
    );
}

function ruleOf(entry: string): HostRule {
  const rule = hostRule(entry);
  if (rule !== null) return rule;
  throw new RepairError(
    "config-invalid",
    `The set-up host ${JSON.stringify(entry)} is no host name, *.domain or host:port.`,
  );
}
