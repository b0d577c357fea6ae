import { layout } from "../../driver/sandbox-layout.ts";
import { unpackBase } from "./bwrap-arguments.ts";
import { innerWall, outerWall, type WallParts } from "./walls.ts";

/** Ends every answer of the driver: a line that begins with the word sent first, and the exit status. */
const step = `${layout.control}/step`;

/**
 * Arguments of bwrap for a set-up: one tree and one environment folder for all steps, and a wall of its own around each.
 * The driver reads a secret word, then one script per line in base64; the answer is the script's output as it comes, and
 * a line with the word and the exit status, which the script cannot forge because it does not know the word.
 */
export function setupArguments(walls: WallParts, stepSeconds: number): string[] {
  return outerWall(
    walls,
    `umask 022
{ mkdir ${layout.aside} && ${unpackBase}; } >&2 || exit 8
IFS= read -r word || exit 0
while IFS= read -r line; do
  printf %s "$line" | base64 -d >${step} || exit 8
  (cd ${layout.tree} && echo 1000 >/proc/self/oom_score_adj; exec timeout -s KILL ${stepSeconds} ${innerWall(walls, step)}) 2>&1 </dev/null
  printf '\\n%s %s\\n' "$word" "$?"
done`,
  );
}

/** Splits a driver's output: `onOutput` gets what steps print, `onEnd` their exit status. */
export function readAnswers(
  word: string,
  onOutput: (chunk: Buffer) => void,
  onEnd: (status: number) => void,
): (chunk: Buffer) => void {
  const mark = Buffer.from(`\n${word} `);
  let rest = Buffer.alloc(0);
  const emit = (length: number): void => {
    if (length > 0) onOutput(Buffer.from(rest.subarray(0, length)));
    rest = rest.subarray(length);
  };
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let at = rest.indexOf(mark); at >= 0; at = rest.indexOf(mark)) {
      emit(at);
      const end = rest.indexOf("\n", mark.length);
      if (end < 0) return;
      onEnd(Number(rest.subarray(mark.length, end).toString("latin1")));
      rest = rest.subarray(end + 1);
    }
    // what may be the beginning of a mark waits for the rest of it
    const possible = rest.indexOf("\n", Math.max(0, rest.length - mark.length));
    emit(possible < 0 ? rest.length : possible);
  };
}
