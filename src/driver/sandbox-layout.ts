/** Where things lie inside a sandbox that runs the driver; the same in every adapter. */
export const layout = {
  base: "/sbx/base",
  tree: "/sbx/repo",
  /** `$COPATCHER_ENV`: what the set-up steps of the environment left; writable for them only. */
  environment: "/sbx/env",
  /** What the host sent: commands, aside files, files for the tree. Read-only for commands. */
  control: "/sbx/ctl",
  aside: "/sbx/ctl/aside",
  /** `$COPATCHER_OUT`: where commands leave report files. */
  out: "/sbx/out",
  /** Captured output; closed to commands. */
  keep: "/sbx/keep",
  temporary: "/tmp",
} as const;

/** Sizes in MiB of the in-memory file systems beside the tree. */
export const sizesMb = { control: 64, out: 16, keep: 64, temporary: 256, shared: 64 } as const;

/** Largest single file a command can write, in bytes. */
export const maxFileBytes = 256 * 2 ** 20;

/** Environment of every command besides PATH. */
export const commandEnvironment: Readonly<Record<string, string>> = {
  COPATCHER_ASIDE: layout.aside,
  COPATCHER_ENV: layout.environment,
  COPATCHER_OUT: layout.out,
  HOME: layout.temporary,
  LANG: "C.UTF-8",
  PYTHONHASHSEED: "0",
  TZ: "UTC",
};
