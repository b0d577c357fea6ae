import { layout } from "./sandbox-layout.ts";

/** Where steps find the proxy: as they see it, and with the credential in front of the address where that is needed. */
export type ProxyAddress = { readonly host: string; readonly port: number; readonly credential: string };

/** Variables of set-up steps besides PATH; nothing in them is secret beyond the build. `certificates` is a PEM file. */
export function setupVariables(
  proxy: ProxyAddress | null,
  certificates: string | null,
): Readonly<Record<string, string>> {
  return {
    COPATCHER_ENV: layout.environment,
    HOME: layout.temporary,
    LANG: "C.UTF-8",
    TZ: "UTC",
    ...(proxy === null ? {} : proxyVariables(proxy)),
    ...(certificates === null ? {} : trust(certificates)),
  };
}

function proxyVariables({ host, port, credential }: ProxyAddress): Record<string, string> {
  const url = `http://${credential}@${host}:${port}`;
  const local = "localhost,127.0.0.1,::1";
  // Java reads no proxy variables and sends no credential; forwarders add it for those that do not
  const java = ["http", "https"].flatMap((scheme) => [
    `-D${scheme}.proxyHost=${host}`,
    `-D${scheme}.proxyPort=${port}`,
  ]);
  return {
    http_proxy: url,
    https_proxy: url,
    HTTP_PROXY: url,
    HTTPS_PROXY: url,
    no_proxy: local,
    NO_PROXY: local,
    JAVA_TOOL_OPTIONS: java.join(" "),
  };
}

const trust = (file: string): Record<string, string> =>
  Object.fromEntries(
    [
      "SSL_CERT_FILE",
      "CURL_CA_BUNDLE",
      "REQUESTS_CA_BUNDLE",
      "PIP_CERT",
      "NODE_EXTRA_CA_CERTS",
      "npm_config_cafile",
      "GIT_SSL_CAINFO",
      "CARGO_HTTP_CAINFO",
    ].map((name) => [name, file]),
  );
