import { python } from "../attack.ts";
import { inside } from "../inside.ts";

const fill = (path: string, mb: number): string =>
  python(`
target, want = os.path.expandvars(${JSON.stringify(path)}), ${mb}
names, written = [], 0
try:
    for n in range(want // 32):
        names.append(os.path.join(target, "fill%d" % n))
        with open(names[-1], "wb") as file:
            for _ in range(32):
                file.write(b"x" * 2**20)
                written += 1
except OSError as error:
    print("stopped after", written, "MB:", error)
finally:
    for name in names:
        try: os.unlink(name)
        except OSError: pass
if written >= want: escaped("wrote", written, "MB to", target)
`);

const flood = (path: string, files: number): string =>
  python(`
target = os.path.join(os.path.expandvars(${JSON.stringify(path)}), "flood")
made = 0
try:
    for n in range(${files}):
        if n % 1000 == 0: os.makedirs("%s/%d" % (target, n // 1000))
        os.close(os.open("%s/%d/%d" % (target, n // 1000, n), os.O_CREAT))
        made += 1
except OSError as error:
    print("stopped after", made, "files:", error)
subprocess.run(["rm", "-rf", target])
if made >= ${files}: escaped("made", made, "files in", target)
`);

/** Limits of the shared session: 128 MB of memory, 48 MB of tree, 128 processes. */
export const resources = [
  inside({
    name: "fork-bomb",
    tries: "starts 1,500 processes that sleep",
    stoppedBy: "the limit on processes",
    script: python(`
made = 0
try:
    for _ in range(1500):
        if os.fork() == 0:
            time.sleep(60); os._exit(0)
        made += 1
except OSError as error:
    print("stopped after", made, error)
if made >= 1500: escaped("started", made, "processes")
`),
  }),
  inside({
    name: "fork-bomb-endless",
    tries: "doubles itself until its time is over",
    stoppedBy: "the limit on processes, then killing of all that is left",
    // 2,048 processes, so that it ends somewhere without protection as well
    script:
      "bomb() { if [ $1 = 0 ]; then sleep 3; else bomb $(($1 - 1)) | bomb $(($1 - 1)) & fi; }; bomb 11; sleep 2; n=$(ls -d /proc/[0-9]* | wc -l); [ $n -lt 1000 ] || echo ESCAPED $n processes",
    after: "n=$(ls -d /proc/[0-9]* | wc -l); [ $n -lt 400 ] || echo ESCAPED $n processes are left",
    timeoutMs: 4000,
  }),
  inside({
    name: "thread-bomb",
    tries: "starts 2,000 threads",
    stoppedBy: "the limit on processes, which counts threads",
    script: python(`
threading.stack_size(65536)
made = 0
try:
    for _ in range(2000):
        threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
        made += 1
except RuntimeError as error:
    print("stopped after", made, error)
if made >= 2000: escaped("started", made, "threads")
os._exit(0)
`),
  }),
  inside({
    name: "memory-bomb",
    tries: "touches 1.5 GB of memory in one process",
    stoppedBy: "the memory limit",
    script: python(`
blocks = []
for _ in range(24):
    blocks.append(b"x" * (64 << 20))
escaped("touched 1.5 GB")
`),
  }),
  inside({
    name: "memory-bomb-in-parts",
    tries: "touches 1.5 GB in 16 processes",
    stoppedBy: "the limit on the memory of all processes together",
    script: python(`
children = []
for _ in range(16):
    children.append(subprocess.Popen([sys.executable, "-c", "x = b'x' * (96 << 20); import time; time.sleep(6)"]))
    time.sleep(0.1)
codes = [child.wait() for child in children]
if all(code == 0 for code in codes): escaped("16 processes held 96 MB each")
`),
  }),
  inside({
    name: "memory-in-shared-memory",
    tries: "keeps 1 GB in memfd files",
    stoppedBy: "the memory limit, which counts them",
    script: python(`
held = []
for _ in range(16):
    fd = os.memfd_create("hoard")
    for _ in range(64): os.write(fd, b"x" * 2**20)
    held.append(fd)
time.sleep(1)
escaped("holds 1 GB in memfd files")
`),
  }),
  inside({
    name: "disk-fill-tree",
    tries: "writes 1 GB into the tree",
    stoppedBy: "the size of the tree's own file system",
    script: fill(".", 1024),
  }),
  inside({
    name: "disk-fill-tmp",
    tries: "writes 1 GB into the temporary folder",
    stoppedBy: "the size of its file system",
    script: fill("/tmp", 1024),
  }),
  inside({
    name: "disk-fill-out",
    tries: "writes 512 MB into the report folder",
    stoppedBy: "the size of its file system",
    script: fill("$COPATCHER_OUT", 512),
  }),
  inside({
    name: "disk-fill-shm",
    tries: "writes 512 MB into /dev/shm",
    stoppedBy: "the size of its file system",
    script: fill("/dev/shm", 512),
  }),
  inside({
    name: "disk-fill-elsewhere",
    tries: "looks for any other folder that it can write to",
    stoppedBy: "the read-only image",
    script: python(`
own = tuple(os.path.realpath(os.path.expandvars(p)) for p in (".", "$COPATCHER_OUT", "/tmp", "/dev/shm"))
found = []
for folder, folders, _ in os.walk("/"):
    if folder.startswith(("/proc", "/sys") + own):
        folders[:] = []
        continue
    if folder.count("/") > 5: folders[:] = []
    probe = os.path.join(folder, ".copatcher-probe")
    try:
        os.close(os.open(probe, os.O_CREAT | os.O_WRONLY)); os.unlink(probe)
        found.append(folder)
    except OSError: pass
    if len(found) > 3: break
if found: escaped("can write to", *found)
`),
  }),
  inside({
    name: "inode-flood-tree",
    tries: "makes 150,000 files in the tree",
    stoppedBy: "the inode limit of the tree's file system",
    script: flood(".", 150_000),
    timeoutMs: 60_000,
  }),
  inside({
    name: "inode-flood-tmp",
    tries: "makes 150,000 files in the temporary folder",
    stoppedBy: "the inode limit of its file system",
    script: flood("/tmp", 150_000),
    timeoutMs: 60_000,
  }),
  inside({
    name: "inode-flood-out",
    tries: "makes 150,000 files in the report folder",
    stoppedBy: "the inode limit of its file system",
    script: flood("$COPATCHER_OUT", 150_000),
    timeoutMs: 60_000,
  }),
  inside({
    name: "huge-file",
    tries: "makes a sparse file of 8 GB",
    stoppedBy: "the limit on a file's size",
    script: python(`
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open("huge", "wb") as file:
    os.ftruncate(file.fileno(), 8 << 30)
escaped("made a file of 8 GB"); os.unlink("huge")
`),
  }),
  inside({
    name: "raised-limits",
    tries: "raises its own limits on processes, files and core dumps",
    stoppedBy: "hard limits without the right to raise them",
    script: python(`
for name in ("RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_NOFILE"):
    kind = getattr(resource, name)
    soft, hard = resource.getrlimit(kind)
    if hard == resource.RLIM_INFINITY: escaped(name, "has no limit"); continue
    try:
        resource.setrlimit(kind, (hard + 1, hard + 1)); escaped("raised", name)
    except (ValueError, OSError): pass
`),
  }),
  inside({
    name: "priority",
    tries:
      "gives itself real-time scheduling, a better nice value and protection from the out-of-memory killer",
    stoppedBy: "missing capabilities",
    script: python(`
try: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)); escaped("real-time scheduling")
except OSError: pass
try: os.setpriority(os.PRIO_PROCESS, 0, -5); escaped("nice -5")
except OSError: pass
try:
    os.write(os.open("/proc/self/oom_score_adj", os.O_WRONLY), b"-500"); escaped("oom_score_adj -500")
except OSError: pass
`),
  }),
];
