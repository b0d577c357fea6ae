import { describe, expect, onTestFinished, test } from "vitest";
import { connectEngine } from "../../../src/adapters/docker/engine.ts";
import { createEnvironmentImages } from "../../../src/adapters/docker/environment/environment-images.ts";
import { layOutSetup } from "../../../src/adapters/docker/environment/setup-files.ts";
import { runInContainer, runOurs } from "../../../src/adapters/docker/environment/setup-run.ts";
import { createContainer, removeContainer } from "../../../src/adapters/docker/live-container.ts";
import { identityOf } from "../../../src/driver/process-identity.ts";
import { never } from "../../contracts/sandbox-subject.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { createEngineRelay } from "./engine-relay.ts";
import { image, needsEngine, noEngine } from "./docker-subject.ts";

const logger = createSilentLogger();
const engine = connectEngine({});

async function makeContainer() {
  const config = { Image: image, Entrypoint: [], Cmd: ["sleep", "60"], HostConfig: { NetworkMode: "none" } };
  const container = await createContainer(engine, config, logger);
  onTestFinished(() => removeContainer(engine, container, logger));
  return container;
}

describe.skipIf(noEngine)(`set-up containers ${needsEngine}`, () => {
  // steps may have put anything in the place of the programs that end a set-up
  test("what our own commands print is kept up to a limit", async () => {
    const container = await makeContainer();
    await layOutSetup(engine, container, { file: "/dev/null", sha: "0", bytes: 0, files: 0 }, null, never());
    await container.start();

    const said = await runOurs(engine, container, ["sh", "-c", "yes | head -c 3000000"], never());

    expect(said.length).toBeLessThan(200_000);
  });

  test("an engine that hangs keeps nobody waiting for an image, a listing or a removal", async () => {
    const container = await makeContainer();
    const relay = await createEngineRelay();
    const patience = { callMs: 300, transferMs: 300, outageMs: 300 };
    const hanging = connectEngine({ socketPath: relay.socketPath }, patience);
    const images = createEnvironmentImages(
      hanging,
      "test-hanging",
      identityOf(process.pid),
      "/nonexistent",
      logger,
    );
    const same = hanging.docker.getContainer(container.id);
    const tree = { file: "/dev/null", sha: "0", bytes: 0, files: 0 };
    relay.hang();

    const unavailable = { code: "sandbox-unavailable" };
    await expect(images.keep(same, "0".repeat(64))).rejects.toMatchObject(unavailable);
    await expect(images.keepLayer(same, image)).rejects.toMatchObject(unavailable);
    await expect(layOutSetup(hanging, same, tree, null, never())).rejects.toMatchObject(unavailable);
    await images.prune(1);
    await images.remove("no-such-image:1");
  });

  test("a step that is cancelled ends although the engine hangs", async () => {
    const container = await makeContainer();
    await layOutSetup(engine, container, { file: "/dev/null", sha: "0", bytes: 0, files: 0 }, null, never());
    await container.start();
    const relay = await createEngineRelay();
    const hanging = connectEngine(
      { socketPath: relay.socketPath },
      { callMs: 1000, transferMs: 1000, outageMs: 1000 },
    );
    const cancel = new AbortController();
    const output = () => {
      relay.hang();
      cancel.abort();
    };
    const step = {
      command: ["sh", "-c", "echo begun; sleep 60"],
      variables: {},
      timeoutMs: 60_000,
      disk: { mb: 10, files: 1000 },
      memoryMb: 64,
    };

    const running = runInContainer(
      hanging,
      hanging.docker.getContainer(container.id),
      { ...step, output },
      cancel.signal,
    );

    await expect(running).rejects.toMatchObject({ code: "cancelled" });
  });
});
