import type { IssueRef } from "../domain/issue.ts";
import type { Forge } from "../ports/forge.ts";
import { noticeText, type Notice } from "../report/notice.ts";
import { commentMarker } from "./markers.ts";

/** Says it on the issue or pull request, in the one comment that its notices share. */
export const notify = (forge: Forge, ref: IssueRef, notice: Notice): Promise<number | null> =>
  forge.upsertComment(ref, commentMarker("notice", ref), noticeText(notice));
