import { parse } from "node:path";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { Table } from "../reproduce/table.ts";
import { readValue, refusal } from "../suite/read-json.ts";

/**
 * A file of arms that no paper printed: `arms`, and what all of them share, in the form of the papers' tables
 * (`src/eval/reproduce/tables`). It is named by its file unless it says `id`. Throws `evaluation-invalid` with every problem.
 */
export function readOwnTable(text: string, source: string): Table {
  const written = readValue(z.record(z.string(), z.unknown()), yaml(text, source), source);
  const { name } = parse(source);
  return readValue(Table, { id: name, title: name, paper: "arms of one's own", ...written }, source);
}

function yaml(text: string, source: string): unknown {
  try {
    return parseYaml(text, { version: "1.2" });
  } catch (error) {
    throw refusal(source, [`it is not YAML: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
