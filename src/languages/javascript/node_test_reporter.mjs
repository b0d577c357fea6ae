/** A reporter for node --test, for Node 18.15 and later. */
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const lines = createRequire(import.meta.url)(fileURLToPath(new URL("result_lines.cjs", import.meta.url)));

export default async function* report(source) {
  const open = new Map();
  for await (const { type, data } of source) {
    const titles = open.get(data.file) ?? [];
    if (type === "test:start") {
      open.set(data.file, [...titles.slice(0, data.nesting), data.name]);
    } else if (type === "test:pass" || type === "test:fail") {
      const { details } = data;
      // A file without tests, or one that could not be loaded, is reported as a test by its path.
      const isFile = data.nesting === 0 && data.file !== undefined && resolve(data.name) === data.file;
      const names = isFile ? [] : [...titles.slice(0, data.nesting), data.name];
      // A suite that fails only because a test in it does says nothing new.
      const onlyItsTests = details?.error?.failureType === "subtestsFailed";
      if (type === "test:fail" && !onlyItsTests) yield `${names.join(" > ")}\n${messageOf(details?.error)}\n`;
      if (details?.type === "suite" && (type === "test:pass" || onlyItsTests)) continue;
      lines.result(
        data.file,
        names,
        isFile && type === "test:fail" ? "errored" : statusOf(type, data),
        details?.duration_ms,
      );
    }
  }
  lines.end();
}

function statusOf(type, { skip, todo, details }) {
  if (skip !== undefined && skip !== false) return "skipped";
  if (todo !== undefined && todo !== false) return "skipped";
  if (type === "test:pass") return "passed";
  return details?.type === "suite" || details?.error?.failureType === "hookFailed" ? "errored" : "failed";
}

function messageOf(error) {
  const cause = error?.cause ?? error;
  return String(cause?.stack ?? cause?.message ?? cause);
}
