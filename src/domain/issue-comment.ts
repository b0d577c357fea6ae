/** What somebody said on an issue, as the forge gives it: untrusted. Times are milliseconds since 1970. */
export type IssueComment = {
  readonly author: string;
  /** Of an App or another machine. */
  readonly bot: boolean;
  readonly body: string;
  readonly createdAt: number;
  /** When its text was changed last; `createdAt` when it never was. */
  readonly changedAt: number;
};
