/** One word of a POSIX shell, whatever it holds. */
export const quote = (word: string): string =>
  /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** A path as an argument that cannot be taken for an option. */
export const pathArgument = (path: string): string => quote(path.startsWith("-") ? `./${path}` : path);

/** Makes the tree importable, as an installation in place would: the root, and `src` or `lib` before it. */
export const importableTree = [
  'root="$(pwd)"',
  'PYTHONPATH="$root${PYTHONPATH:+:$PYTHONPATH}"',
  'for folder in lib src; do if [ -d "$root/$folder" ]; then PYTHONPATH="$root/$folder:$PYTHONPATH"; fi; done',
  "export PYTHONPATH",
  "unset PYTHONDONTWRITEBYTECODE",
].join("\n");
