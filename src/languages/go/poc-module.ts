import { quote } from "../shell.ts";

/**
 * Shell that goes into the module that a PoC with these imports is built in: the one whose go.mod knows most of them; of
 * several, the one that they lie in, the innermost first; else the one at the top, or the first. Modules of examples and
 * test data are left out, as in modules.ts.
 */
export function intoModule(imports: readonly string[]): string {
  const plain = imports.filter((path) => /^[\w.~/+-]+$/.test(path));
  return `home=$(find . -type d \\( ${asides} \\) -prune -o -type f -name go.mod -print | while IFS= read -r file; do
  printf '%s %s\\n' "$(awk -v imports=${quote(plain.join(" "))} '${knownImports}' "$file")" "\${file%/go.mod}"
done | LC_ALL=C sort -k1,1nr -k2,2nr -k3 | head -n 1 | cut -d ' ' -f 3-)
cd "\${home:-.}" || exit 125`;
}

const asides = [".?*", "_*", "vendor", "testdata", "node_modules", "example", "examples"]
  .map((name) => `-name '${name}'`)
  .join(" -o ");

/** Prints how many of the imports a go.mod knows, and the length of its module's path when one lies in it, else 0. */
const knownImports = `
  BEGIN { count = split(imports, wanted, " ") }
  { sub(/\\/\\/.*/, ""); gsub(/["\`]/, "") }
  $1 == "go" { next }
  {
    for (w = 1; w <= NF; w++) for (i = 1; i <= count; i++) {
      if (index(wanted[i] "/", $w "/") != 1) continue
      known[i] = 1
      if (w == 2 && $1 == "module") own = length($w)
    }
  }
  END { for (i in known) found++; print found + 0, own + 0 }
`;
