import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { countedFetch } from "../../src/wire/counted-fetch.ts";

test("answers that ask for a pause are counted, other refusals are not, and all can still be read", async () => {
  const server = createServer(({ url }, response) => {
    const limited = url === "/limited";
    response.writeHead(url === "/fine" ? 200 : 403, limited ? { "retry-after": "7" } : {});
    response.end(JSON.stringify({ message: url }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let limited = 0;
  const counted = countedFetch(() => limited++);

  const messages: unknown[] = [];
  for (const path of ["/fine", "/forbidden", "/limited"]) {
    messages.push(await (await counted(`${base}${path}`)).json());
  }
  server.close();

  expect(limited).toBe(1);
  expect(messages).toEqual([{ message: "/fine" }, { message: "/forbidden" }, { message: "/limited" }]);
});
