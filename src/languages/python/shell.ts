/** Makes the tree importable, as an installation in place would: the root, and `src` or `lib` before it. */
export const importableTree = [
  'root="$(pwd)"',
  'PYTHONPATH="$root${PYTHONPATH:+:$PYTHONPATH}"',
  'for folder in lib src; do if [ -d "$root/$folder" ]; then PYTHONPATH="$root/$folder:$PYTHONPATH"; fi; done',
  "export PYTHONPATH",
  "unset PYTHONDONTWRITEBYTECODE",
  "export PYTHONNOUSERSITE=1",
].join("\n");

/**
 * Compiles the base tree; what does not compile (test data, older Python) is left out. Checked by content: a file that was
 * patched within the second of its commit, to the same size, would pass for the old one by its time.
 */
export const compileTree =
  'python3 -m compileall -qq -j 1 --invalidation-mode checked-hash "$(pwd)" >/dev/null 2>&1 || true\n';
