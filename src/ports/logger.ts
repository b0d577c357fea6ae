/** Structured log: constant text, data beside it; implementations redact secrets. */
export interface Logger {
  debug(data: Record<string, unknown>, text: string): void;
  info(data: Record<string, unknown>, text: string): void;
  warn(data: Record<string, unknown>, text: string): void;
  error(data: Record<string, unknown>, text: string): void;
}
