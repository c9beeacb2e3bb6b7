import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** One request as a webhook's receiver saw it. */
interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver that answers as told. For tests. */
export interface Receiver {
  url: string;
  received: Received[];
  /** What the next requests are answered with; the last one stays. */
  answer(...answers: ((response: ServerResponse, socket: Socket) => void)[]): void;
  close(): Promise<void>;
}

/** Starts a receiver on a free loopback port; it answers 204 until told otherwise. */
export async function startReceiver(): Promise<Receiver> {
  let answers: ((response: ServerResponse, socket: Socket) => void)[] = [(response) => response.writeHead(204).end()];
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("error", () => {});
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString("utf8") });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer?.(response, request.socket);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hidden-path`,
    received,
    answer(...next) {
      answers = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A mail server that keeps what it takes. For tests. */
export async function startMailServer(options: Omit<SMTPServerOptions, "onData"> = {}) {
  const mails: { to: string[]; text: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    ...options,
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        mails.push({
          to: session.envelope.rcptTo.map((recipient) => recipient.address),
          text: Buffer.concat(chunks).toString("utf8"),
        });
        callback();
      });
    },
  });
  server.on("error", () => {});
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
