/** Why a path may not be laid over a tree (or aside of it), null when it may. Case and trailing dots do not hide `.git`. */
export function unsafePath(path: string): string | null {
  if (path === "") return "the path is empty";
  if (path.includes("\0")) return "the path has a NUL character";
  if (/[\u{d800}-\u{dfff}]/u.test(path)) return "the path is not valid Unicode";
  if (path.startsWith("/")) return `the path ${path} is absolute`;
  for (const segment of path.split("/")) {
    if (segment === "" || segment === "." || segment === "..") return `the path ${path} is not plain`;
    if (/^\.git[. ]*$/i.test(segment)) return `the path ${path} enters .git`;
    if (Buffer.byteLength(segment) > 255) return `a name in the path is longer than 255 bytes`;
  }
  return null;
}

/** Report files are plain names, so that they cannot leave the output folder. */
export const isReportName = (name: string): boolean =>
  /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name) && name.length <= 200;
