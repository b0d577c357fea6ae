import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Attack } from "../attack.ts";
import { executes, isData, type Place, environment } from "./git-attack.ts";

const touch = ({ marker }: Place): string => `touch ${marker}`;

const listed = (archive: string): string[] =>
  execFileSync("tar", ["-tf", archive], { encoding: "utf8" })
    .split("\n")
    .map((path) => path.replace(/^\.\//, ""));

export const gitAttacks: readonly Attack[] = [
  executes(
    "git-hooks",
    "has hooks in its git folder",
    "bare mirrors, no work tree, hooks off",
    (place) => {
      for (const hook of ["post-checkout", "pre-commit", "post-index-change", "reference-transaction"]) {
        writeFileSync(join(place.repo, ".git/hooks", hook), `#!/bin/sh\n${touch(place)}\n`, { mode: 0o755 });
      }
    },
    "git checkout -q -B other; git commit -q --allow-empty -m x",
  ),
  executes(
    "git-fsmonitor",
    "names a program in core.fsmonitor",
    "a configuration of the bot's own",
    (place) => place.git("config", "core.fsmonitor", `${touch(place)}; false`),
    "git status",
  ),
  executes(
    "git-filters",
    "cleans and smudges its files with a program",
    "never checking out or adding on the host",
    (place) => {
      place.git("config", "filter.evil.clean", `${touch(place)}; cat`);
      place.git("config", "filter.evil.smudge", `${touch(place)}; cat`);
      place.git("config", "filter.evil.required", "true");
      writeFileSync(join(place.repo, ".gitattributes"), "* filter=evil\n");
      execFileSync("git", ["-c", "filter.evil.clean=cat", "add", ".gitattributes"], {
        cwd: place.repo,
        env: environment,
      });
      rmSync(place.marker, { force: true });
      place.git("commit", "-qm", "attributes");
      rmSync(place.marker, { force: true });
    },
    "touch app.py; echo y >>app.py; git add app.py",
  ),
  executes(
    "git-text-conversion",
    "shows its files through a program (diff.textconv, diff.external)",
    "plumbing without diff drivers",
    (place) => {
      place.git("config", "diff.evil.textconv", `sh -c '${touch(place)}; cat "$0"'`);
      writeFileSync(join(place.repo, ".gitattributes"), "* diff=evil\n");
      place.git("add", ".");
      place.git("commit", "-qm", "attributes");
    },
    "git log -p",
  ),
  executes(
    "git-ssh-command",
    "names a program for ssh and a proxy in its configuration",
    "a configuration of the bot's own, and protocols by allow-list",
    (place) => {
      place.git("config", "core.sshCommand", touch(place));
      place.git("config", "core.gitProxy", touch(place));
      place.git("config", "remote.origin.url", "ssh://example.com/x");
    },
    "GIT_ALLOW_PROTOCOL=ssh git fetch origin",
  ),
  executes(
    "git-submodule-ext",
    "has a submodule whose address is a program (ext::)",
    "no submodules, and protocols by allow-list",
    (place) => {
      const head = place.git("rev-parse", "HEAD").trim();
      writeFileSync(
        join(place.repo, ".gitmodules"),
        `[submodule "s"]\n\tpath = s\n\turl = "ext::sh -c ${touch(place).replaceAll(" ", "% ")}"\n`,
      );
      place.git("add", ".gitmodules");
      place.git("update-index", "--add", "--cacheinfo", `160000,${head},s`);
      place.git("commit", "-qm", "submodule");
    },
    "git -c protocol.ext.allow=always clone -q --recurse-submodules . ../clone",
  ),
  executes(
    "git-embedded-bare-repository",
    "holds a bare repository with a configuration in an ordinary folder",
    "no work tree, and safe.bareRepository",
    (place) => {
      const inner = join(place.repo, "docs");
      execFileSync("git", ["init", "-q", "--bare", inner], { env: environment });
      writeFileSync(
        join(inner, "config"),
        `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = ${place.repo}\n\tfsmonitor = "${touch(place)}; false"\n`,
      );
      for (const empty of ["refs/heads", "objects/info"]) writeFileSync(join(inner, empty, "keep"), "");
      place.git("add", "-A", "-f");
      place.git("commit", "-qm", "docs");
    },
    "cd docs && git status",
  ),
  isData(
    "git-symlink-to-the-host",
    "has a file that is a link to a file of the host",
    "reading git objects, never files",
    ({ repo, git }) => {
      symlinkSync("/etc/passwd", join(repo, "settings.py"));
      git("add", ".");
      git("commit", "-qm", "link");
    },
    async (checkout) => ((await checkout.read("settings.py")) === null ? null : "the link was followed"),
    ({ repo }) =>
      readFileSync(join(repo, "settings.py"), "utf8").includes("root:") ? "read /etc/passwd" : null,
  ),
  isData(
    "git-path-traversal",
    "has tree entries named `..` and `.git`, made by hand",
    "checking every path of the tree",
    (place) => {
      const blob = place.git("hash-object", "-w", "app.py").trim();
      const mktree = (lines: string) =>
        execFileSync("git", ["mktree"], {
          cwd: place.repo,
          env: environment,
          input: lines,
          encoding: "utf8",
        }).trim();
      const inner = mktree(`100644 blob ${blob}\tpwned.py\n`);
      // git refuses such names from its own commands, so the tree object is written byte by byte
      const entry = (mode: string, name: string, sha: string) =>
        Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(sha, "hex")]);
      const tree = Buffer.concat([
        entry("40000", "..", inner),
        entry("40000", ".git", inner),
        entry("100644", "app.py", blob),
      ]);
      const sha = execFileSync("git", ["hash-object", "-t", "tree", "-w", "--literally", "--stdin"], {
        cwd: place.repo,
        env: environment,
        input: tree,
        encoding: "utf8",
      }).trim();
      const commit = place.git("commit-tree", sha, "-m", "evil").trim();
      place.git("update-ref", "refs/heads/main", commit);
    },
    (_, archive) => {
      const paths = listed(archive);
      const bad = paths.find((path) => path.split("/").some((part) => part === ".." || part === ".git"));
      return Promise.resolve(bad === undefined ? null : `the archive has ${bad}`);
    },
    ({ repo }) => {
      const { stdout } = spawnSync("git", ["ls-tree", "-r", "--name-only", "HEAD"], {
        cwd: repo,
        env: environment,
        encoding: "utf8",
      });
      return stdout.includes("../") ? "git lists ../pwned.py, and a naive writer goes there" : null;
    },
  ),
  isData(
    "git-hostile-names",
    "has files whose names are options, commands, newlines and escapes",
    "arguments instead of shells, NUL-separated lists",
    ({ repo, git, marker }) => {
      for (const name of [
        "--output=x",
        "-rf",
        `$(touch ${marker.replaceAll("/", "_")})`,
        "a\nb.py",
        "'; echo x; '",
        "\u001B[2J.py",
        "ünï.py",
      ]) {
        writeFileSync(join(repo, name), "x\n");
      }
      git("add", "-A");
      git("commit", "-qm", "names");
    },
    async (checkout) => {
      const paths = (await checkout.entries()).map(({ path }) => path);
      const texts = await Promise.all(paths.map((path) => checkout.read(path)));
      return paths.length === 8 && texts.every((text) => text !== null)
        ? null
        : `${paths.length} entries, some unreadable`;
    },
    ({ repo }) => {
      const { stdout } = spawnSync("sh", ["-c", "git ls-files | wc -l"], {
        cwd: repo,
        env: environment,
        encoding: "utf8",
      });
      const { stderr } = spawnSync("sh", ["-c", "cat *"], { cwd: repo, encoding: "utf8" });
      return stderr.includes("option") ? `names became options (${stdout.trim()} files)` : null;
    },
  ),
  isData(
    "git-archive-attributes",
    "hides its tests from the archive and expands placeholders (export-ignore, export-subst)",
    "attributes of the mirror's own",
    ({ repo, git }) => {
      mkdirSync(join(repo, "tests"));
      writeFileSync(join(repo, "tests/test_app.py"), "def test_x(): pass\n");
      writeFileSync(join(repo, "version.py"), 'v = "$Format:%H$"\n');
      writeFileSync(join(repo, ".gitattributes"), "tests export-ignore\nversion.py export-subst\n");
      git("add", "-A");
      git("commit", "-qm", "attributes");
    },
    (_, archive) => {
      const version = execFileSync("tar", ["-xOf", archive, "--wildcards", "*version.py"], {
        encoding: "utf8",
      });
      const whole = listed(archive).includes("tests/test_app.py") && version.includes("$Format:%H$");
      return Promise.resolve(whole ? null : "the archive is not the commit");
    },
    ({ repo }) => {
      const { stdout } = spawnSync("sh", ["-c", "git archive HEAD | tar -t"], {
        cwd: repo,
        env: environment,
        encoding: "utf8",
      });
      return stdout.includes("tests/test_app.py") ? null : "git archive left the tests out";
    },
  ),
  isData(
    "git-alternates",
    "borrows objects from another repository of the host",
    "fetching into a mirror of the bot's own",
    ({ repo, git }) => {
      const other = join(repo, "..", "private");
      execFileSync("git", ["init", "-q", "--bare", other], { env: environment });
      const blob = execFileSync("git", ["hash-object", "-w", "--stdin"], {
        cwd: other,
        env: environment,
        input: "private data",
        encoding: "utf8",
      }).trim();
      mkdirSync(join(repo, ".git/objects/info"), { recursive: true });
      writeFileSync(join(repo, ".git/objects/info/alternates"), `${other}/objects\n`);
      git("update-index", "--add", "--cacheinfo", `100644,${blob},stolen.txt`);
      git("commit", "-qm", "stolen");
      rmSync(join(repo, ".git/objects/info/alternates"));
      mkdirSync(join(repo, ".git/objects/info"), { recursive: true });
      writeFileSync(join(repo, ".git/objects/info/alternates"), `${other}/objects\n`);
    },
    // the operator named this folder himself; what counts is that the mirror keeps no way to other repositories
    (_, __, { repo }) => {
      const found = spawnSync(
        "sh",
        ["-c", `find ${join(repo, "..", "workspace")} -name alternates -size +0`],
        { encoding: "utf8" },
      );
      return Promise.resolve(found.stdout.trim() === "" ? null : "the mirror has alternates");
    },
    ({ repo }) => {
      execFileSync("git", ["clone", "-q", "--shared", "--bare", repo, join(repo, "..", "shared")], {
        env: environment,
      });
      return existsSync(join(repo, "..", "shared/objects/info/alternates"))
        ? "a shared clone depends on them"
        : null;
    },
  ),
];
