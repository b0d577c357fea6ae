// Writes the table of environment variables into README.md: `npx tsx .ci/readme-variables.ts`.
import { readFileSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { variables } from "../src/config/variables.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|");
const code = (text: string): string => (text === "" ? "" : `\`${text}\``);
const isWords = (text: string): boolean => text.includes(" ") && !text.includes('"');

/** A README with the table between its marks as it is in src/config/variables.ts. */
export async function withVariables(readme: string): Promise<string> {
  const rows = variables.map(
    ({ name, fallback, meaning, example }) =>
      `| ${code(name)} | ${cell(meaning)} | ${isWords(fallback) ? cell(fallback) : code(cell(fallback))} | ${code(cell(example))} |`,
  );
  const table = ["| variable | meaning | default | example |", "| --- | --- | --- | --- |", ...rows].join(
    "\n",
  );
  const [before, rest] = readme.split("<!-- variables:begin -->");
  const after = rest?.split("<!-- variables:end -->")[1];
  if (after === undefined) throw new Error("README.md has no variables:begin and variables:end marks");
  const text = `${before}<!-- variables:begin -->\n\n${table}\n\n<!-- variables:end -->${after}`;
  return format(text, { ...(await resolveConfig("README.md")), parser: "markdown" });
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync("README.md", await withVariables(readFileSync("README.md", "utf8")));
}
