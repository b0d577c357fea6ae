import { gitCatFile } from "./git-command.ts";

type Pending = {
  readonly blob: string;
  readonly size: number;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
};

const batchBytes = 64 * 2 ** 20;

/** Reads blobs by id; requests made in the same turn of the event loop share one git process. */
export function createBlobReader(
  environment: Readonly<Record<string, string>>,
): (blob: string, size: number) => Promise<Uint8Array> {
  let waiting: Pending[] = [];

  const flush = async (): Promise<void> => {
    const all = waiting;
    waiting = [];
    for (const batch of batches(all)) await readBatch(batch);
  };

  const readBatch = async (batch: readonly Pending[]): Promise<void> => {
    try {
      const input = batch.map((request) => `${request.blob}\n`).join("");
      const output = await gitCatFile({ args: ["--batch"], environment, input });
      const contents = splitBatch(output, batch);
      batch.forEach((request, index) => request.resolve(contents[index] ?? new Uint8Array()));
    } catch (error) {
      for (const request of batch) request.reject(error);
    }
  };

  return (blob, size) =>
    new Promise((resolve, reject) => {
      waiting.push({ blob, size, resolve, reject });
      if (waiting.length === 1) setImmediate(() => void flush());
    });
}

function batches(requests: readonly Pending[]): Pending[][] {
  const result: Pending[][] = [];
  let bytes = Infinity;
  for (const request of requests) {
    if (bytes + request.size > batchBytes) {
      result.push([]);
      bytes = 0;
    }
    result.at(-1)?.push(request);
    bytes += request.size;
  }
  return result;
}

/** Splits `<id> blob <size>\n<bytes>\n` records; each content is a copy, so that one does not keep its batch alive. */
function splitBatch(output: Buffer, requests: readonly Pending[]): Uint8Array[] {
  let offset = 0;
  return requests.map(({ blob, size }) => {
    const header = `${blob} blob ${size}\n`;
    const start = offset + header.length;
    if (output.toString("latin1", offset, start) !== header) throw new Error(`blob ${blob} is missing`);
    offset = start + size + 1;
    return new Uint8Array(output.subarray(start, start + size));
  });
}
