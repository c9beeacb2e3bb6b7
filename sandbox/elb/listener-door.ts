import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { errorAnswer } from "./answers.ts";
import type { ListenerRecord } from "./elb-state.ts";
import { Exchange, type ExchangeFloor } from "./exchange.ts";
import { passUpgrade } from "./upgrade.ts";

/** An open port of a listener on 127.0.0.1. */
export interface ListenerDoor {
  port: number;
  /** Takes no further connection; `onClosed` is called when the requests under way have finished. */
  shut(onClosed: () => void): void;
  /** Cuts everything off; resolves when the port is free. */
  slam(): Promise<void>;
}

/** Opens a listener's port (0 takes a free one). Rejects when the port is taken. */
export function openDoor(floor: ExchangeFloor, listener: ListenerRecord, port: number): Promise<ListenerDoor> {
  const upgraded = new Set<Duplex>();
  let isShut = false;
  const server = createServer(
    {
      keepAliveTimeout: 60_000,
      headersTimeout: 60_000,
      requestTimeout: 0,
      maxHeaderSize: 65_536,
      noDelay: true,
      // Anything but a WebSocket (h2c, say) goes on as a plain request, as behind an ALB.
      shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === "websocket",
    },
    (request, response) => {
      if (isShut) response.shouldKeepAlive = false;
      new Exchange(floor, listener, request, response).run();
    },
  );
  server.on("upgrade", (request, socket, head) => {
    upgraded.add(socket);
    socket.on("close", () => upgraded.delete(socket));
    passUpgrade(floor.state, listener, request, socket, head);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
    const answer = errorAnswer(400);
    socket.end(
      `HTTP/1.1 400 ${answer.reason}\r\nServer: awselb/2.0\r\nContent-Type: text/html\r\nContent-Length: ${answer.body.length}\r\nConnection: close\r\n\r\n${answer.body}`,
    );
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", 1024, () => {
      server.off("error", reject);
      server.on("error", () => {});
      resolve({
        port: (server.address() as AddressInfo).port,
        shut(onClosed) {
          isShut = true;
          server.close(onClosed);
        },
        slam: () => slam(server, upgraded),
      });
    });
  });
}

function slam(server: Server, upgraded: ReadonlySet<Duplex>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
    for (const socket of upgraded) socket.destroy();
  });
}
