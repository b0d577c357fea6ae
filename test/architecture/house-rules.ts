import { basename } from "node:path";
import type { Analysis, SourceFile } from "./source-file.ts";

const longestFile = 300;
const written = /\.(ts|mjs|js|py|sh|sql|css)$/;
const empty = new Set(["util", "utils", "helper", "helpers", "common", "misc", "types", "constants"]);

export function tooLong(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path }) => written.test(path))
    .map(({ path, text }) => ({ path, lines: text.replace(/\n$/, "").split("\n").length }))
    .filter(({ lines }) => lines > longestFile)
    .map(({ path, lines }) => `${path}: ${lines} lines, ${longestFile} at most`);
}

/** Names that say nothing about what is inside. */
export function emptyNames(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path }) => path.split("/").some((part) => empty.has(part.split(".")[0] ?? "")))
    .map(({ path }) => `${path}: name the thing it holds`);
}

export function barrels(files: readonly Analysis[]): readonly string[] {
  return files
    .filter(
      ({ path, uses, onlyReExports }) =>
        /^index\.[mc]?[tj]s$/.test(basename(path)) ||
        onlyReExports ||
        uses.some(({ name }) => name === "export *"),
    )
    .map(({ path }) => `${path}: a barrel; import the file that holds the thing`);
}

/** A construct kept out of the files that `applies` picks. */
type Ban = {
  readonly title: string;
  readonly names: RegExp;
  readonly applies: (path: string) => boolean;
};

export const bans: readonly Ban[] = [
  {
    title: "the environment is read in src/config.ts only (the demo passes one to its child process)",
    names: /^process\.env$/,
    applies: (path) => path.startsWith("src/") && path !== "src/config.ts" && !path.startsWith("src/demo/"),
  },
  {
    title: "only the command line and the demo write to the console",
    names: /^console\./,
    applies: (path) => path.startsWith("src/") && !/^src\/(cli|demo)(\/|\.ts$)/.test(path),
  },
  {
    title: "the method and the domain are deterministic: take the time from Clock and seeds from the run",
    names: /^(Date\.now|Math\.random|performance\.now|new Date\(\)|crypto\.random\w*|crypto\.getRandom\w*)$/,
    applies: (path) => /^src\/(domain|pipeline|report)\//.test(path),
  },
  {
    title: "write a fake that passes the port's contract suite instead of mocking a module",
    names: /^vi\.(mock|doMock|hoisted)$/,
    applies: (path) => path.startsWith("test/"),
  },
  {
    title: "parse the value, or fix its type",
    names: /^as unknown as$/,
    applies: (path) => path.startsWith("src/"),
  },
];

/** Every use of a banned construct, as `file:line: name: why`. */
export function bannedUses(files: readonly Analysis[], rules: readonly Ban[]): readonly string[] {
  return files.flatMap(({ path, uses }) =>
    rules
      .filter(({ applies }) => applies(path))
      .flatMap(({ title, names }) =>
        uses
          .filter(({ name }) => names.test(name))
          .map(({ name, line }) => `${path}:${line}: ${name}: ${title}`),
      ),
  );
}
