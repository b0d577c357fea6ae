/** One remark of a review thread; its text is what a stranger wrote. */
export type ReviewComment = {
  readonly id: number;
  readonly author: string;
  /** Whether the bot itself wrote it. */
  readonly own: boolean;
  readonly body: string;
};

/** A conversation about a place of a pull request, oldest remark first. */
export type ReviewThread = {
  readonly path: string;
  /** In the file as it is at the head; null when the place is gone, or the remark is about the whole file. */
  readonly line: number | null;
  readonly resolved: boolean;
  readonly comments: readonly ReviewComment[];
};
