import { createServer, type AddressInfo } from "node:net";

type BotAddresses = {
  readonly github: { readonly url: string; readonly appId: number; readonly privateKey: string };
  readonly webhookSecret: string;
  readonly modelsUrl: string;
  readonly port: number;
  readonly dataDirectory: string;
};

/** The bot's whole environment: nothing of ours but the search path reaches it. */
export function botEnvironment(addresses: BotAddresses): Record<string, string> {
  const { github } = addresses;
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: addresses.dataDirectory,
    APP_ID: String(github.appId),
    PRIVATE_KEY: github.privateKey,
    WEBHOOK_SECRET: addresses.webhookSecret,
    GITHUB_API_URL: github.url,
    GITHUB_WEB_URL: github.url,
    HOST: "127.0.0.1",
    PORT: String(addresses.port),
    COPATCHER_DATA_DIR: addresses.dataDirectory,
    COPATCHER_INFERENCE_URL: `${addresses.modelsUrl}/v1`,
    COPATCHER_TRUST_REPOSITORIES: "demo",
    COPATCHER_PROFILE: "quick",
    // what is recorded costs nothing, and shows why each patch lost
    COPATCHER_EARLY_STOP: "0",
    COPATCHER_LOG_LEVEL: "info",
    ...pick("COPATCHER_SANDBOX"),
    ...pick("COPATCHER_SANDBOX_IMAGE"),
    ...pick("COPATCHER_CRITIQUE"),
    ...pick("DOCKER_HOST"),
  };
}

/** What a person may choose for the demo from outside. */
function pick(name: string): Record<string, string> {
  const value = process.env[name];
  return value === undefined ? {} : { [name]: value };
}

/** A port of the loopback interface that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
