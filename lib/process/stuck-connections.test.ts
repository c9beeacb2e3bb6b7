import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, createConnection } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { cutStuckConnections } from "./stuck-connections.ts";

/** A server whose answers go on for ever. */
async function startServer(answer: (response: ServerResponse) => void) {
  const server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

function connect(port: number) {
  const socket = createConnection(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  socket.write("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
  return socket;
}

test("a reader that takes nothing loses its connection, and what was written to it is let go", async () => {
  onTestFinished(cutStuckConnections(30));
  const closed = Promise.withResolvers<void>();
  const port = await startServer((response) => {
    response.on("close", closed.resolve);
    // More than the two kernels between hold.
    response.write(Buffer.alloc(32 * 1024 * 1024));
  });
  connect(port).pause();
  await closed.promise;
});

test("a reader that gets something now and then keeps its connection", async () => {
  onTestFinished(cutStuckConnections(200));
  let pings = 0;
  const port = await startServer((response) => {
    const timer = setInterval(() => response.write(`${++pings}\n`), 20);
    response.on("close", () => clearInterval(timer));
  });
  const socket = connect(port);
  let isClosed = false;
  socket.on("close", () => {
    isClosed = true;
  });
  while (pings < 30) await once(socket, "data");
  expect(isClosed).toBe(false);
});
