import { python } from "../attack.ts";
import { inside, type Inside } from "../inside.ts";

/** A system call with arguments that can do nothing: any answer but a refusal shows that the kernel would have listened. */
const reaches = (name: string, callText: string, stoppedBy: string, tries: string) =>
  inside({
    name,
    tries,
    stoppedBy,
    script: python(`
result = ${callText}
print(${JSON.stringify(name)}, errno.errorcode.get(-result, result))
if not refused(result): escaped(${JSON.stringify(name)}, "answered", errno.errorcode.get(-result, result))
`),
  } satisfies Inside);

const filter = "the system call filter and missing capabilities";

/** What one asks of the kernel to get more rights than one has. */
export const kernel = [
  reaches("mount", 'call("mount", b"none", b"/tmp", b"tmpfs", 0, 0)', filter, "mounts a file system"),
  reaches(
    "new-mount-api",
    'call("fsopen", b"tmpfs", 0)',
    filter,
    "opens a file system by the new mount calls",
  ),
  reaches("open-tree", 'call("open_tree", -100, b"/", 1)', filter, "clones the mount tree"),
  reaches("pivot-root", 'call("pivot_root", b"/nonexistent", b"/nonexistent")', filter, "changes its root"),
  reaches("chroot", 'call("chroot", b"/")', filter, "enters another root"),
  reaches(
    "user-namespace",
    'call("unshare", 0x10000000)',
    filter,
    "makes a user namespace in which it is root",
  ),
  reaches("network-namespace", 'call("unshare", 0x40000000)', filter, "makes a network namespace"),
  reaches("setns", 'call("setns", -1, 0)', filter, "joins another namespace"),
  reaches("bpf", 'call("bpf", 0, 0, 0)', filter, "loads a BPF map"),
  reaches("perf", 'call("perf_event_open", 0, 0, 0, 0, 0)', filter, "counts performance events"),
  reaches("io-uring", 'call("io_uring_setup", 1, 0)', filter, "makes an io_uring"),
  reaches(
    "userfaultfd",
    'call("userfaultfd", 0)',
    filter,
    "handles page faults, a building block of kernel exploits",
  ),
  reaches("memfd-secret", 'call("memfd_secret", 0)', filter, "hides memory from everybody else"),
  reaches(
    "add-key",
    'call("add_key", b"user", b"x", b"x", 1, -2)',
    filter,
    "stores a key in the kernel's keyring",
  ),
  reaches("read-keys", 'call("keyctl", 0, -4, 0)', filter, "asks for the session's keyring"),
  reaches("kernel-module", 'call("init_module", 0, 0, b"")', filter, "loads a kernel module"),
  reaches("kexec", 'call("kexec_load", 0, 1000, 0, 0)', filter, "loads another kernel"),
  reaches("reboot", 'call("reboot", 0, 0, 0, 0)', filter, "reboots the machine"),
  reaches("swap", 'call("swapon", b"/nonexistent", 0)', filter, "adds swap space"),
  reaches("clock", 'call("clock_settime", 0, 0)', filter, "sets the clock"),
  reaches("hostname", 'call("sethostname", b"x", 1)', filter, "renames the machine"),
  reaches(
    "kernel-log",
    'call("syslog", 3, ctypes.create_string_buffer(64), 64)',
    filter,
    "reads the kernel's log",
  ),
  reaches(
    "file-handles",
    'call("open_by_handle_at", -1, 0, 0)',
    filter,
    "opens files by handle, past every path check (shocker)",
  ),
  reaches("accounting", 'call("acct", b"/nonexistent")', filter, "turns process accounting on"),
  inside({
    name: "ptrace",
    tries: "attaches to the process that started it",
    stoppedBy: filter,
    script: python(`
result = call("ptrace", 16, os.getppid(), 0, 0)
print(errno.errorcode.get(-result, result))
if result == 0: escaped("attached to", os.getppid())
`),
  }),
  inside({
    name: "process-memory",
    tries: "looks for the driver's program in the memory of every process that it can name",
    stoppedBy: "other user ids or process namespaces, and the system call filter",
    script: python(`
wanted = b"must only ever run in a process " + b"name space of its own"
for pid in range(1, 200):
    if pid in (os.getpid(), os.getppid()): continue
    try:
        with open("/proc/%d/maps" % pid) as maps, open("/proc/%d/mem" % pid, "rb", 0) as memory:
            for line in maps:
                if not line.endswith(("[heap]\\n", "[stack]\\n")): continue
                start, end = (int(part, 16) for part in line.split()[0].split("-"))
                memory.seek(start)
                if wanted in memory.read(end - start): escaped("read the driver's memory, process", pid); break
    except (OSError, ValueError): pass
`),
  }),
  inside({
    name: "device-nodes",
    tries: "makes a device node for memory and opens the devices that are there",
    stoppedBy: "missing capabilities, nodev, a small /dev and the device rules",
    script: python(`
import stat, glob
for folder in (".", "/tmp"):
    try:
        os.mknod(folder + "/node", stat.S_IFCHR | 0o600, os.makedev(1, 1)); os.unlink(folder + "/node"); escaped("made a node for /dev/mem")
    except OSError: pass
for path in ["/dev/mem", "/dev/kmsg", "/dev/kvm", "/dev/fuse", "/dev/net/tun", "/dev/loop-control"] + glob.glob("/dev/[svx]d*") + glob.glob("/dev/nvme*"):
    try:
        os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK)); escaped("opened", path)
    except OSError: pass
`),
  }),
  inside({
    name: "setuid",
    tries: "runs the setuid programs that it finds and looks whether they are root",
    stoppedBy: "no-new-privileges and nosuid",
    script: `[ "$(id -u)" != 0 ] || exec setpriv --reuid=65534 --clear-groups sh "$0"
cd /tmp
for program in /usr/bin/su /bin/su /usr/bin/newgrp /usr/bin/passwd; do
  [ -u $program ] || continue
  (sleep 2 | $program >/dev/null 2>&1) & sleep 0.5
  for status in /proc/[0-9]*/status; do
    grep -q "^Name:[[:space:]]*\${program##*/}$" $status 2>/dev/null || continue
    if [ "$(sed -n 's/^Uid:[[:space:]]*[0-9]*[[:space:]]*\\([0-9]*\\).*/\\1/p' $status)" = 0 ]; then echo "ESCAPED $program runs as root"; fi
  done
  break
done`,
  }),
  inside({
    name: "proc-writing",
    tries: "opens the kernel's settings for writing (core pattern, sysrq, host name, out-of-memory policy)",
    stoppedBy: "read-only /proc and missing capabilities",
    script: `for file in /proc/sys/kernel/core_pattern /proc/sys/kernel/hostname /proc/sysrq-trigger /proc/sys/vm/overcommit_memory /proc/sys/kernel/modprobe /proc/sys/fs/suid_dumpable; do (exec 9>>$file) 2>/dev/null && echo "ESCAPED may write $file"; done; true`,
  }),
  inside({
    name: "sys-writing",
    tries: "opens files of /sys for writing, control groups and the release agent among them",
    stoppedBy: "read-only or absent /sys",
    script: `for file in /sys/kernel/uevent_helper /sys/power/state /sys/kernel/mm/ksm/run /sys/fs/cgroup/*/release_agent /sys/fs/cgroup/*/cgroup.procs /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/module/*/parameters/*; do [ -e "$file" ] && (exec 9>>$file) 2>/dev/null && { echo "ESCAPED may write $file"; break; }; done; true`,
  }),
];
