import { applyPatch, type StructuredPatch } from "diff";
import type { SourceText } from "../../pipeline/source-files.ts";
import type { SandboxFile } from "../../ports/sandbox.ts";
import { parsedDiff } from "../suite/parsed-diff.ts";
import { patchPath } from "../suite/patch-path.ts";

type Read = (path: string) => Promise<SourceText>;

/**
 * What a unified diff of the base commit writes and takes away, null where it is none or does not apply. Modes of files stay
 * as they are.
 */
export async function filesAfter(patch: string, read: Read): Promise<readonly SandboxFile[] | null> {
  const files = parsedDiff(patch)?.filter(changesSomething) ?? [];
  if (files.length === 0) return null;
  const after: SandboxFile[] = [];
  for (const file of files) {
    const left = await fileAfter(file, read);
    if (left === null) return null;
    after.push(...left);
  }
  return after;
}

const changesSomething = ({
  hunks,
  isBinary,
  isRename,
  isCopy,
  isCreate,
  isDelete,
}: StructuredPatch): boolean =>
  hunks.length > 0 || [isBinary, isRename, isCopy, isCreate, isDelete].includes(true);

async function fileAfter(file: StructuredPatch, read: Read): Promise<readonly SandboxFile[] | null> {
  if (file.isBinary === true) return null;
  const before = patchPath(file.oldFileName);
  const after = file.isDelete === true ? null : patchPath(file.newFileName);
  const source = before === null || file.isCreate === true ? { text: "" } : await read(before);
  const content = "text" in source ? applyPatch(source.text, file) : false;
  if (content === false) return null;
  const gone = before !== null && before !== after && file.isCopy !== true ? [before] : [];
  return [
    ...gone.map((path) => ({ place: "tree", path, content: null }) as const),
    ...(after === null ? [] : [{ place: "tree", path: after, content } as const]),
  ];
}
