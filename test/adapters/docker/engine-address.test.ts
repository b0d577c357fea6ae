import { expect, test } from "vitest";
import { engineAddress } from "../../../src/adapters/docker/engine-address.ts";

test.each([
  [{}, { socketPath: "/var/run/docker.sock" }],
  [{ host: null }, { socketPath: "/var/run/docker.sock" }],
  [{ socketPath: "/x.sock" }, { socketPath: "/x.sock" }],
  [{ host: "unix:///y.sock" }, { socketPath: "/y.sock" }],
  [{ host: "tcp://box:1234" }, { host: "box", port: "1234", protocol: "http" }],
  [{ host: "tcp://[::1]:2375" }, { host: "::1", port: "2375", protocol: "http" }],
  [{ host: "tcp://box" }, { host: "box", port: "2375", protocol: "http" }],
  [{ host: "https://box:2376" }, { host: "box", port: "2376", protocol: "https" }],
])("reads %j", (given, expected) => {
  expect(engineAddress(given)).toEqual(expected);
});

test.each(["box", "ssh://box", "ftp://box"])("names the address %s that it does not understand", (host) => {
  expect(() => engineAddress({ host })).toThrow(host);
});
