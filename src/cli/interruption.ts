/** A signal that aborts when the command is asked to end, so that it can clear away what it made. */
export function interruption(): AbortSignal {
  const abort = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => abort.abort(new Error("interrupted")));
  }
  return abort.signal;
}
