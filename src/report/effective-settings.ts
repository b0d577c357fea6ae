import type { ResolvedSettings } from "../domain/settings/layers.ts";
import { fold, inlineCode, inlineText, joinSections, list, section, table } from "./markdown.ts";

const shownValue = 300;

/** The answer to `/copatcher config`; values come from files that people wrote. */
export function effectiveText(resolved: ResolvedSettings & { readonly notes: readonly string[] }): string {
  const { settings, origins, notes } = resolved;
  const rows = Object.entries(origins).map(([key, layers]) => ({
    said: layers.some((layer) => layer !== "built-in"),
    cells: [inlineCode(key), inlineCode(JSON.stringify(at(settings, key)), shownValue), layers.join(" + ")],
  }));
  const head = ["Setting", "Value", "Said by"];
  const said = rows.filter((row) => row.said).map(({ cells }) => cells);
  const builtIn = rows.filter((row) => !row.said).map(({ cells }) => cells);
  return joinSections([
    section(
      "head",
      "**The settings that hold here.** `.github/copatcher.yml` of the default branch goes over the owner's, the operator's caps go over both.",
    ),
    section("said", said.length === 0 ? "Nobody says anything: all of it is built in." : table(head, said)),
    section("notes", list(notes.map((note) => inlineText(note, 500)))),
    section("built-in", builtIn.length === 0 ? "" : fold("What nobody says", table(head, builtIn)), false),
  ]);
}

/** The value at `section.key`; keys of `environment.env` may hold dots. */
function at(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return null;
  if (Object.hasOwn(value, key)) return Reflect.get(value, key) ?? null;
  const dot = key.indexOf(".");
  return dot < 0 ? null : at(Reflect.get(value, key.slice(0, dot)), key.slice(dot + 1));
}
