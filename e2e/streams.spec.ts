import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { API_TOKEN, expect, PORTS, test, type World } from "./world.ts";

const VIEWERS = 60;

async function openStreams(world: World): Promise<number> {
  const { body } = await world.api("GET", "/api/health");
  return (body as { checks: { streams: { open: number } } }).checks.streams.open;
}

/** A client of its own for each stream, as raw as TCP lets it be. */
async function connect(path: string): Promise<Socket> {
  const socket = createConnection(PORTS.app, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${PORTS.app}\r\nAuthorization: Bearer ${API_TOKEN}\r\n\r\n`);
  await once(socket, "data");
  return socket;
}

for (const path of ["/api/v1/live", "/api/v1/applications/library/live", "/api/v1/applications/library/logs"])
  test(`viewers of ${path} that vanish are let go by the server`, async ({ world }) => {
    const before = await openStreams(world);
    const sockets = await Promise.all(Array.from({ length: VIEWERS }, () => connect(path)));
    await expect.poll(() => openStreams(world)).toBeGreaterThanOrEqual(before + VIEWERS);
    // Half say goodbye as TCP does, half are cut off.
    for (const [index, socket] of sockets.entries()) index % 2 === 0 ? socket.destroy() : socket.resetAndDestroy();
    await expect.poll(() => openStreams(world)).toBeLessThanOrEqual(before);
  });
