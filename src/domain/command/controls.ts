/** What a checkbox of ours asks for. */
export type Control = "retry" | "cancel";

const texts: Readonly<Record<Control, string>> = {
  retry: "Tick this to try again from the beginning",
  cancel: "Tick this to cancel the run",
};

/** A checkbox as a line of Markdown; ticking it is a command of whoever ticks. */
export const controlLine = (control: Control): string =>
  `- [ ] <!-- copatcher:control=${control} -->${texts[control]}`;

const line = /^- \[([ x])\] <!-- copatcher:control=(retry|cancel) -->/gim;

/** The control that an edit of our own text ticked; null when it ticked none. Of several the first counts. */
export function tickedControl(before: string, after: string): Control | null {
  const ticked = (text: string): readonly string[] =>
    [...text.matchAll(line)].flatMap(([, mark, control]) =>
      mark?.toLowerCase() === "x" && control !== undefined ? [control.toLowerCase()] : [],
    );
  const earlier = new Set(ticked(before));
  const [control] = ticked(after).filter((one) => !earlier.has(one));
  return control === "retry" || control === "cancel" ? control : null;
}
