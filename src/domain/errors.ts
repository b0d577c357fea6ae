import { errorCatalogue, type ErrorCode } from "./error-catalogue.ts";

/** The one error class: a code of the catalogue, what exactly happened, and data for the log (never secrets). */
export class RepairError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    detail: string,
    options: { cause?: unknown; data?: Record<string, unknown> } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "RepairError";
    this.code = code;
    this.retryable = errorCatalogue[code].retryable;
    this.data = options.data ?? {};
  }

  /** What the person who sees it can do next. */
  get help(): string {
    return errorCatalogue[this.code].help;
  }
}

/** Any thrown value as a RepairError; unknown ones become `internal`. */
export function asRepairError(error: unknown): RepairError {
  if (error instanceof RepairError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new RepairError("internal", detail, { cause: error });
}
