import { maxReportBytes } from "../domain/execution.ts";
import { layout } from "./sandbox-layout.ts";

/** What differs between sandboxes; every value is POSIX sh. */
export type DriverShape = {
  /** Programs that must exist besides the driver's own. */
  readonly tools: readonly string[];
  /** Unpacks the base tree into the tree folder. */
  readonly unpack: string;
  /** Runs "$@" with the rights of the commands, for reading and writing what belongs to them. */
  readonly asUser: string;
  /** Becomes (exec) the script file "$2", run in the current folder and killed after "$1" seconds. */
  readonly run: string;
  /** Kept per stream, half from its head and half from its tail. */
  readonly outputBytes: number;
  /** Stores the tree, a tar on its standard input, when the last command succeeded; only warm-ups have it. */
  readonly store?: string;
};

/** When a sandbox ends by itself although nobody ends it, in seconds. */
export type DeadMan = {
  /** Without a job. */
  readonly idle: number;
  /** After all time limits of its job. */
  readonly grace: number;
};

/** In front of a program that becomes tar: GNU's reads 128 KiB at once then instead of 10, and others do not mind. */
export const fastTar = "TAR_OPTIONS=--blocking-factor=256";

const usualDeadMan: DeadMan = { idle: 1800, grace: 120 };

/**
 * Puts the files of a job into the tree and prints why it refuses one. It travels with the job, because it runs with
 * the rights of the commands; arguments: the control folder.
 */
export const applyScript = `
i=0
while [ -f "$1/files/$i.path" ]; do
  p=$(cat "$1/files/$i.path"; printf x); p=\${p%x}
  d=.; rest=$p
  while :; do
    case $rest in */*) ;; *) break ;; esac
    d=$d/\${rest%%/*}; rest=\${rest#*/}
    if [ -L "$d" ]; then printf 'the path %s goes through a symbolic link' "$p"; exit 0; fi
  done
  if [ -f "$1/files/$i.content" ]; then
    if [ -L "$d/$rest" ]; then printf 'the path %s is a symbolic link' "$p"; exit 0; fi
    mkdir -p -- "$d" && cat "$1/files/$i.content" >"$d/$rest" || { printf 'the path %s cannot be written' "$p"; exit 0; }
  else
    rm -f -- "$d/$rest" || { printf 'the path %s cannot be removed' "$p"; exit 0; }
  fi
  i=$((i + 1))
done
`;

/**
 * The program that owns a sandbox: it unpacks the tree, reads a nonce line and a tar of the job from standard
 * input, runs the commands one after another and writes one frame per command. See frames.ts for the format.
 * Candidate code never sees its standard output, its nonce or its files.
 */
export function driverScript(shape: DriverShape, deadMan: DeadMan = usualDeadMan): string {
  const half = Math.floor(shape.outputBytes / 2);
  const tools = ["tar", "timeout", "head", "tail", "wc", "cat", "rm", "mkdir", "sleep", ...shape.tools];
  return `
# kill -9 -1 below must only ever run in a process name space of its own
[ $$ -lt 50 ] || exit 9
umask 022
# an image that exports a variable of this name would show it to commands
unset nonce
as_user() { ${shape.asUser}; }
run_command() { ${shape.run}; }
say() { printf '%s %s\\n' "$nonce" "$1"; }
stop() { printf '%s' "$2" >${layout.keep}/reason; size ${layout.keep}/reason; say "$1 $size"; cat ${layout.keep}/reason; exit 0; }
size() { size=$(wc -c <"$1" 2>/dev/null) || size=0; size=$((size)); }
clock() { read -r up _ </proc/uptime; now=\${up%.*}\${up#*.}; while :; do case $now in 0?*) now=\${now#0} ;; *) break ;; esac; done; }
# version 1 of cgroups, or version 2 with and without a cgroup name space of its own
events=/sys/fs/cgroup/memory/memory.oom_control
[ -r $events ] || { read -r line </proc/self/cgroup; events=/sys/fs/cgroup\${line#0::}/memory.events; } 2>/dev/null
kills() {
  kills=0
  [ -r "$events" ] || return 0
  while read -r key value; do [ "$key" = oom_kill ] && kills=$value; done <"$events"
}
# SIGKILL is asynchronous: repeated until nothing is left to signal; without wait, our own dead count as alive
sweep() {
  tries=0
  while kill -9 -1 2>/dev/null; do
    wait
    tries=$((tries + 1))
    [ $tries -gt 2000 ] && break
    [ $tries -gt 500 ] && sleep 0.01
  done
}
# the dead-man switch; every sweep takes it away
guard() { { sleep "$1"; kill -9 $$; } >/dev/null 2>&1 & }
guard_job() { clock; guard $(((end - now) / 100)); }
ends() {
  [ "$2" -gt 0 ] || return 0
  if [ "$2" -le ${half * 2} ]; then head -c "$2" "$1"; else head -c ${half} "$1"; tail -c ${half} "$1"; fi
}
guard ${deadMan.idle}
lacking=
for tool in ${tools.join(" ")}; do command -v $tool >/dev/null 2>&1 || lacking="$lacking $tool"; done
unpacked=yes
{ ${shape.unpack}; } >&2 || unpacked=no
printf 'READY\\n'
IFS= read -r nonce || exit 0
[ -z "$lacking" ] || stop broken "the sandbox image lacks$lacking"
[ $unpacked = yes ] || stop broken "the tree could not be unpacked"
tar -x -f - -C ${layout.control} --no-same-owner >&2 || stop broken "the job could not be unpacked"
refusal=$(cd ${layout.tree} && as_user sh ${layout.control}/apply.sh ${layout.control} 2>/dev/null) || refusal="the tree cannot be written"
[ -z "$refusal" ] || stop refused "$refusal"
n=0; limit=${deadMan.grace}
while [ -d ${layout.control}/commands/$n ]; do
  read -r seconds <${layout.control}/commands/$n/seconds
  limit=$((limit + seconds + 5)); n=$((n + 1))
done
clock; end=$((now + limit * 100))
sweep; guard_job
n=0; rc=0
while [ -d ${layout.control}/commands/$n ]; do
  command=${layout.control}/commands/$n
  read -r seconds <$command/seconds
  report=
  if [ -f $command/report ]; then
    read -r report <$command/report
    if [ -e ${layout.out}/"$report" ] || [ -L ${layout.out}/"$report" ]; then as_user rm -rf -- ${layout.out}/"$report" 2>/dev/null; fi
  fi
  kills; kills_before=$kills; clock; begin=$now
  if [ -f $command/input ]; then
    cat $command/input | (cd ${layout.tree} && run_command "$seconds" $command/script) >${layout.keep}/o 2>${layout.keep}/e
  else
    (cd ${layout.tree} && run_command "$seconds" $command/script) >${layout.keep}/o 2>${layout.keep}/e </dev/null
  fi
  rc=$?
  clock; took=$((now - begin)); sweep; guard_job; kills
  out=0; err=0
  if [ -s ${layout.keep}/o ]; then size ${layout.keep}/o; out=$size; fi
  if [ -s ${layout.keep}/e ]; then size ${layout.keep}/e; err=$size; fi
  left=-1
  if [ -n "$report" ] && [ ! -L ${layout.out}/"$report" ] && [ -f ${layout.out}/"$report" ]; then
    left=$(as_user sh -c 'wc -c <"$1"' sh ${layout.out}/"$report" 2>/dev/null) && [ "$left" -le ${maxReportBytes} ] || left=-1
  fi
  say "frame $n $rc $took $((kills - kills_before)) $out $err $((left))"
  ends ${layout.keep}/o $out; ends ${layout.keep}/e $err
  [ $left -lt 0 ] || as_user head -c "$left" ${layout.out}/"$report"
  printf '\\n'
  n=$((n + 1))
done
${shape.store === undefined ? "" : storeTree(shape.store)}
say end
`;
}

/** The tar counts only when it came to its end: a reader that takes no more breaks it off. */
const storeTree = (store: string): string => `
if [ $rc -eq 0 ]; then
  { as_user tar -c -f - -C ${layout.tree} . && : >${layout.keep}/whole; } | { ${store}; } && [ -f ${layout.keep}/whole ] ||
    stop broken "the tree could not be stored"
fi
`;
