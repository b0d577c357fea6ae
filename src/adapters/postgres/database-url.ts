/** The database as people know it: host, port and name, without user and password. */
export function databaseName(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const host = url.searchParams.get("host") ?? url.hostname;
  const port = url.searchParams.get("port") ?? url.port;
  const where = `${host || "localhost"}${port === "" ? "" : `:${port}`}`;
  return `The PostgreSQL database ${decodeURIComponent(url.pathname.slice(1))} at ${where}`;
}
