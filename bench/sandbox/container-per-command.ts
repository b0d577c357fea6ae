import Docker from "dockerode";
import { createReadStream } from "node:fs";
import { patchedFile, type BenchTree } from "./trees.ts";

/** How most tools do it, and our peer: a plain container for every command, with the tree unpacked anew in each. */
export async function runContainerPerCommand(engine: Docker, image: string, tree: BenchTree): Promise<void> {
  for (const command of tree.scripts) {
    const script = `cd /tree && tar -x -f - --no-same-owner && printf %s "$1" >${patchedFile.path} && exec sh -c "$2"`;
    const container = await engine.createContainer({
      Image: image,
      Cmd: ["sh", "-c", script, "sh", patchedFile.content, command],
      OpenStdin: true,
      StdinOnce: true,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      HostConfig: { NetworkMode: "none", Tmpfs: { "/tree": "rw,exec,size=1g" }, Memory: 4 * 2 ** 30 },
    });
    const stream = await container.attach({
      stream: true,
      stdin: true,
      stdout: true,
      stderr: true,
      hijack: true,
    });
    stream.resume();
    const exited = container.wait({ condition: "next-exit" });
    await container.start();
    createReadStream(tree.archive.file).pipe(stream);
    const { StatusCode: code } = await exited;
    await container.remove({ force: true, v: true });
    if (code !== 0) throw new Error(`a command of the peer failed with exit ${code}`);
  }
}
