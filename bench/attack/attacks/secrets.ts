import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { python, type Attack } from "../attack.ts";
import { inside } from "../inside.ts";

/** A token of the bot's, in its environment and in a world-readable file of the host; `cleanUp` removes the file. */
export function secrets(): { readonly attacks: readonly Attack[]; cleanUp(): void } {
  const token = ["ghs", "attack", process.pid, "0123456789abcdef"].join("_");
  process.env["COPATCHER_ATTACK_TOKEN"] = token;
  const directory = mkdtempSync(join(tmpdir(), "copatcher-token-"));
  const file = join(directory, "token.pem");
  writeFileSync(file, token, { mode: 0o644 });
  const halves = JSON.stringify([token.slice(0, 12), token.slice(12)]);
  const attacks = [
    inside({
      name: "environment-of-the-bot",
      tries: "looks for the bot's token in its own environment and in that of every process",
      stoppedBy: "an environment made from nothing, and process namespaces",
      script: python(`
import glob
token = "".join(${halves}).encode()
for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline"):
    try:
        if token in open(path, "rb").read() and "self" not in path: escaped("found the token in", path); break
    except OSError: pass
`),
    }),
    inside({
      name: "files-of-the-host",
      tries: "looks for a file of the host that everybody may read, under every root it can name",
      stoppedBy: "a file system of its own",
      script: python(`
import glob
for root in ["", "/proc/1/root", "/host", "/mnt", "/rootfs"] + glob.glob("/proc/[0-9]*/root"):
    try:
        if "attack" in open(root + ${JSON.stringify(file)}).read(): escaped("read", root + ${JSON.stringify(file)}); break
    except OSError: pass
`),
    }),
    inside({
      name: "home-of-the-operator",
      tries: "reads the operator's home, ssh keys, git credentials and cloud credentials",
      stoppedBy: "a file system of its own",
      script: `for path in /root /home/* "$HOME_OF_OPERATOR"; do [ -n "$(ls -A "$path" 2>/dev/null)" ] && for name in .ssh .gitconfig .netrc .aws .docker .config .npmrc .bashrc .profile; do [ -e "$path/$name" ] && echo "ESCAPED found $path/$name"; done; done; true`,
    }),
    inside({
      name: "engine-socket",
      tries: "looks for the socket of the container engine",
      stoppedBy: "not mounting it",
      script: `for path in /var/run/docker.sock /run/docker.sock /run/containerd/containerd.sock /var/run/docker/containerd/containerd.sock; do [ -S $path ] && echo "ESCAPED found $path"; done; true`,
    }),
    inside({
      name: "inherited-files",
      tries: "looks for open files that it inherited, and reads where they are",
      stoppedBy: "closing everything but the standard streams",
      // the control has one, as a careless parent would leave
      script: `[ -z "$COPATCHER_GUARD" ] || exec 7</etc/passwd
${python(`
own = [int(name) for name in os.listdir("/proc/%d/fd" % os.getppid())]
extra = [fd for fd in own if fd > 2 and os.readlink("/proc/%d/fd/%d" % (os.getppid(), fd)) != "/dev/null" and "copatcher" not in os.readlink("/proc/%d/fd/%d" % (os.getppid(), fd)) and "/sbx/c" not in os.readlink("/proc/%d/fd/%d" % (os.getppid(), fd))]
for fd in extra: escaped("inherited", fd, os.readlink("/proc/%d/fd/%d" % (os.getppid(), fd)))
`)}`,
    }),
    inside({
      name: "accounts-of-the-host",
      tries: "reads the host's password hashes",
      stoppedBy: "a file system and a user id of its own",
      script: "grep -q root /etc/shadow 2>/dev/null && echo ESCAPED read /etc/shadow; true",
    }),
  ];
  const cleanUp = () => {
    rmSync(directory, { recursive: true, force: true });
    delete process.env["COPATCHER_ATTACK_TOKEN"];
  };
  return { attacks, cleanUp };
}
