import { once } from "node:events";
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "./free-port.ts";

test("a port is free and lies where no system gives out ports by itself", async () => {
  const port = await freePort(4);
  expect(port).toBeGreaterThan(10_000);
  expect(port + 3).toBeLessThan(32_768);
  const server = createServer().listen(port, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
});

test("a row of ports of which somebody holds one is passed over", async () => {
  const held = await freePort(3, () => 0.5);
  const server = createServer().listen(held + 2, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const tries = [0.5, 0.7];
  const port = await freePort(3, () => tries.shift() ?? 0.9);
  expect(port).not.toBe(held);
});
