/** Makes the tree importable, as an installation in place would: the root, and `src` or `lib` before it. */
export const importableTree = [
  'root="$(pwd)"',
  'PYTHONPATH="$root${PYTHONPATH:+:$PYTHONPATH}"',
  'for folder in lib src; do if [ -d "$root/$folder" ]; then PYTHONPATH="$root/$folder:$PYTHONPATH"; fi; done',
  "export PYTHONPATH",
  "unset PYTHONDONTWRITEBYTECODE",
  "export PYTHONNOUSERSITE=1",
].join("\n");

/** Compiles the base tree, as importing it would; what does not compile (test data, older Python) is left out. */
export const compileTree = 'python3 -m compileall -qq -j 1 "$(pwd)" >/dev/null 2>&1 || true\n';
