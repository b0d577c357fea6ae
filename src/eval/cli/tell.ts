import { withVisibleHidden } from "../../domain/visible-text.ts";

/** A line of progress for people; names in it may come from case files and model servers. */
export function tell(line: string): void {
  process.stderr.write(`${withVisibleHidden(line)}\n`);
}
