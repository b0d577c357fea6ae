/** A person's login; an App's ends in `[bot]` and is none. */
export const loginPattern = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/;

/** The account that GitHub shows in place of deleted ones. */
export const ghost = "ghost";
