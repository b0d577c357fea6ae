/** Payloads of the shape GitHub sends, cut to what any reader of ours could look at. */
const base = {
  repository: { id: 1, name: "cadence", full_name: "acme/cadence", owner: { login: "acme", type: "User" } },
  installation: { id: 7 },
};

type Person = { readonly login: string; readonly type?: string };

export const labeled = (fields: { label?: string; sender?: Person; body?: string | null } = {}) => ({
  ...base,
  action: "labeled",
  issue: {
    number: 12,
    title: "Month ends are wrong",
    body: fields.body === undefined ? "31 January plus a month is 3 March" : fields.body,
    state: "open",
    user: { login: "jonas" },
  },
  label: { name: fields.label ?? "copatcher" },
  sender: { type: "User", ...(fields.sender ?? { login: "maria" }) },
});

export const commented = (body: string, fields: { sender?: Person; pullRequest?: boolean } = {}) => ({
  ...base,
  action: "created",
  issue: {
    number: 12,
    title: "Month ends are wrong",
    body: "31 January plus a month is 3 March",
    user: { login: "jonas" },
    ...(fields.pullRequest === true ? { pull_request: { url: "https://example.test/pulls/12" } } : {}),
  },
  comment: { id: 99, body },
  sender: { type: "User", ...(fields.sender ?? { login: "maria" }) },
});
