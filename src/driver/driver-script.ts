import { layout, maxReportBytes } from "./sandbox-layout.ts";

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
};

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
export function driverScript(shape: DriverShape): string {
  const half = Math.floor(shape.outputBytes / 2);
  const tools = ["tar", "timeout", "head", "tail", "wc", "cat", "rm", "mkdir", ...shape.tools];
  return `
# kill -9 -1 below must only ever run in a process namespace of its own
[ $$ -lt 50 ] || exit 9
umask 022
as_user() { ${shape.asUser}; }
run_command() { ${shape.run}; }
say() { printf '%s %s\\n' "$nonce" "$1"; }
stop() { printf '%s' "$2" >${layout.keep}/reason; size ${layout.keep}/reason; say "$1 $size"; cat ${layout.keep}/reason; exit 0; }
size() { size=$(wc -c <"$1" 2>/dev/null) || size=0; size=$((size)); }
clock() { read -r up _ </proc/uptime; now=\${up%.*}\${up#*.}; while :; do case $now in 0?*) now=\${now#0} ;; *) break ;; esac; done; }
kills() {
  kills=0
  for f in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
    [ -r $f ] || continue
    while read -r key value; do [ "$key" = oom_kill ] && kills=$value; done <$f
  done
}
# SIGKILL is asynchronous: repeated until nothing is left to signal
sweep() {
  tries=0
  while kill -9 -1 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -gt 2000 ] && break
    [ $tries -gt 500 ] && sleep 0.01
  done
}
ends() {
  if [ "$2" -le ${half * 2} ]; then head -c "$2" "$1"; else head -c ${half} "$1"; tail -c ${half} "$1"; fi
}
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
n=0
while [ -d ${layout.control}/commands/$n ]; do
  command=${layout.control}/commands/$n
  read -r seconds <$command/seconds
  report=
  if [ -f $command/report ]; then
    read -r report <$command/report
    as_user rm -rf -- ${layout.out}/"$report" 2>/dev/null
  fi
  rm -f ${layout.keep}/o ${layout.keep}/e
  kills; kills_before=$kills; clock; begin=$now
  (cd ${layout.tree} && run_command "$seconds" $command/script) >${layout.keep}/o 2>${layout.keep}/e </dev/null
  rc=$?
  clock; took=$((now - begin)); sweep; kills
  size ${layout.keep}/o; out=$size; size ${layout.keep}/e; err=$size
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
say end
`;
}
