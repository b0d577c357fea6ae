/** The path that a diff's header names, null for /dev/null and where it names none. */
export const patchPath = (name: string | undefined): string | null =>
  name === undefined || name === "/dev/null" ? null : name.replace(/^[ab]\//, "");
