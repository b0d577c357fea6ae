import type { SetupStep } from "../../domain/environment.ts";
import { quote } from "../shell.ts";

/** Largest sum of what an installation may leave in the tree, in bytes. */
const maxTreeBytes = 64 * 2 ** 20;

/**
 * What every step begins with. Offline comes first: what the image has is taken as it is, and a layer, which has no
 * network, does not wait for retries. Versions from git tags are pretended, because the tree has no git data.
 */
const prologue = `set -e
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore PIP_PROGRESS_BAR=off
export SETUPTOOLS_SCM_PRETEND_VERSION="\${SETUPTOOLS_SCM_PRETEND_VERSION:-99.0}"
export PBR_VERSION="\${PBR_VERSION:-99.0}" PDM_BUILD_SCM_VERSION="\${PDM_BUILD_SCM_VERSION:-99.0}"
export POETRY_DYNAMIC_VERSIONING_BYPASS="\${POETRY_DYNAMIC_VERSIONING_BYPASS:-99.0}"
python="$COPATCHER_ENV/venv/bin/python"
pip_install() {
  "$python" -m pip install --quiet --no-index "$@" >/dev/null 2>&1 || "$python" -m pip install "$@"
}
`;

const listFiles = `import os, sys
with open(sys.argv[1], "wb") as out:
    for folder, _, names in os.walk(b"."):
        for name in names:
            out.write(os.path.join(folder, name) + b"\\0")`;

/** Keeps new files of the tree; bytecode is made anew. */
const keepNewFiles = `import os, sys, tarfile
before = set(open(sys.argv[1], "rb").read().split(b"\\0"))
found = []
for folder, folders, names in os.walk(b"."):
    folders[:] = [name for name in folders if name != b"__pycache__"]
    found += [os.path.join(folder, name) for name in names]
new = sorted(path for path in found if path not in before)
size = sum(os.lstat(path).st_size for path in new)
if size > ${maxTreeBytes}:
    sys.exit("the installation leaves %d MB in the tree, more than ${maxTreeBytes / 2 ** 20}" % (size // 2**20))
with tarfile.open(sys.argv[2], "w") as tar:
    for path in new:
        tar.add(os.fsdecode(path), recursive=False)
print("%d new files of the tree are kept" % len(new))`;

const step = (name: string, script: string): SetupStep => ({ name, script: `${prologue}${script}\n` });

/** A virtual environment outside of the tree that sees the image's own packages; pip is the image's where it has one. */
export const makeVenv: SetupStep = step(
  "python3 -m venv",
  `python3 -m venv --system-site-packages --without-pip "$COPATCHER_ENV/venv" || {
  echo "the sandbox image has no working python3 with venv (Debian: apt-get install python3-venv)" >&2; exit 1; }
"$python" -m pip --version || "$python" -m ensurepip || {
  echo "the sandbox image has no pip (Debian: apt-get install python3-pip python3-venv)" >&2; exit 1; }
"$python" -c ${quote(listFiles)} "$COPATCHER_ENV/tree-before"`,
);

/** Installs what `arguments` name; with `constraints` (lock file pins) where they can be met, without where not. */
export function installStep(
  name: string,
  words: readonly string[],
  constraints: readonly string[],
): SetupStep {
  const install = `pip_install ${words.map(quote).join(" ")}`;
  if (constraints.length === 0) return step(name, install);
  return step(
    name,
    `printf '%s\\n' ${constraints.map(quote).join(" ")} >"$COPATCHER_ENV/constraints.txt"
${install} -c "$COPATCHER_ENV/constraints.txt" || {
  echo "the lock file's versions cannot be installed here; installing without them" >&2
  ${install}
}`,
  );
}

/**
 * Installs the project in place, as its developers do. Its build requirements go into the environment first and the
 * build is not isolated, so that a layer can repeat it offline; where that fails the isolated build has the last word.
 */
export function editableStep(extras: readonly string[], buildRequirements: readonly string[]): SetupStep {
  const target = extras.length === 0 ? "." : `.[${extras.join(",")}]`;
  return step(
    `pip install -e ${target}`,
    `pip_install ${buildRequirements.map(quote).join(" ")} || echo "the build requirements could not be installed beforehand" >&2
pip_install --no-build-isolation -e ${quote(target)} || "$python" -m pip install -e ${quote(target)}`,
  );
}

export const pytestStep: SetupStep = step(
  "pip install pytest",
  `"$python" -c 'import pytest' 2>/dev/null || pip_install pytest`,
);

/** What the steps left in the tree, for every fresh copy of it. */
export const keepTreeFiles: SetupStep = step(
  "keep what was installed into the tree",
  `"$python" -c ${quote(keepNewFiles)} "$COPATCHER_ENV/tree-before" "$COPATCHER_ENV/tree.tar"`,
);

/** Files of the tree that are there already, a candidate's among them, stay as they are. */
export const activateVenv = `export VIRTUAL_ENV="$COPATCHER_ENV/venv"
PATH="$VIRTUAL_ENV/bin:$PATH"
export PATH
if [ -f "$COPATCHER_ENV/tree.tar" ]; then
  tar -x -k --no-same-owner -f "$COPATCHER_ENV/tree.tar" 2>/dev/null || :
fi
`;
