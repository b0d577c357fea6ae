/** One thing that was looked at on a server, and what to do where it is not as it should be. */
export type Finding = {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
  /** Empty when it is fine. */
  readonly fix: string;
};

export const fine = (what: string, detail: string): Finding => ({ what, ok: true, detail, fix: "" });

export const wrong = (what: string, detail: string, fix: string): Finding => ({
  what,
  ok: false,
  detail,
  fix,
});
