/** Makes the tree importable, as an installation in place would: the root, and `src` or `lib` before it. */
export const importableTree = [
  'root="$(pwd)"',
  'PYTHONPATH="$root${PYTHONPATH:+:$PYTHONPATH}"',
  'for folder in lib src; do if [ -d "$root/$folder" ]; then PYTHONPATH="$root/$folder:$PYTHONPATH"; fi; done',
  "export PYTHONPATH",
  "unset PYTHONDONTWRITEBYTECODE",
].join("\n");
