import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import { type AddressInfo, createConnection, createServer as createTcpServer, type Socket } from "node:net";
import { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { LogStore } from "@/components/logs/log-store.ts";
import type { LogEvent, LogLine } from "@/lib/domain/observation/log-line.ts";
import { inEnglish } from "@/lib/domain/sentence/in-language.ts";
import { createEventStream, type EventStreamWriter, encodeEvent } from "@/lib/streams/event-stream.ts";
import type { StreamSource } from "./live-store.ts";

/** So many times faster than in a browser. */
const SPEED = 100;

/** Switchyard's own stream of log lines over HTTP: a status first, then whatever is written, and all of it to who comes later. */
async function startServer() {
  const lines: LogLine[] = [];
  const writers = new Set<EventStreamWriter>();
  const send = (writer: EventStreamWriter, event: LogEvent) =>
    writer.send({ bytes: encodeEvent(event.type, "l", event.type === "line" ? event.lines : event) });
  const server = createServer((request, response) => {
    const left = new AbortController();
    response.on("close", () => left.abort());
    const isBrief = new URL(request.url ?? "/", "http://any").searchParams.has("briefly");
    response.writeHead(200, { "content-type": "text/event-stream" });
    const stream = createEventStream({
      signal: left.signal,
      start(writer) {
        writers.add(writer);
        send(writer, { type: "status", mode: "live", message: null, at: Date.now() });
        if (lines.length > 0) send(writer, { type: "line", lines });
        return () => writers.delete(writer);
      },
      pingMs: 15_000 / SPEED,
      ...(isBrief ? { maxLifetimeMs: 5000 / SPEED } : {}),
    });
    Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0])
      .on("error", () => response.destroy())
      .pipe(response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const write = (text: string) => {
    const line: LogLine = {
      ...{ id: text, at: Date.now(), text, slot: "blue", taskId: "t", stream: "s", level: null },
    };
    lines.push(line);
    for (const writer of writers) send(writer, { type: "line", lines: [line] });
  };
  return { server, write, port: (server.address() as AddressInfo).port };
}

/** A TCP proxy that gives on what the server says by `holds` bytes at a time, or when it ends, unless it swallows ends. */
async function startProxy(to: number, holds: number, swallowsEnds = false) {
  const sockets = new Set<Socket>();
  const proxy = createTcpServer((client) => {
    const upstream = createConnection(to, "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
    let held = Buffer.alloc(0);
    client.pipe(upstream);
    client.on("close", () => upstream.destroy());
    upstream.on("data", (bytes: Buffer) => {
      held = Buffer.concat([held, bytes]);
      const given = held.subarray(0, held.length - (held.length % holds));
      held = held.subarray(given.length);
      if (given.length > 0) client.write(given);
      // The chunk that ends a response, after which a proxy gives on what it has.
      if (!swallowsEnds && held.subarray(-5).toString() === "0\r\n\r\n") {
        client.write(held);
        held = Buffer.alloc(0);
      }
    });
    upstream.on("close", () => swallowsEnds || client.end(held));
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    port: (proxy.address() as AddressInfo).port,
    close: () => sockets.forEach((each) => void each.destroy()),
    proxy,
  };
}

/** An EventSource that does not connect again by itself, which the store does. */
function openSource(url: string): StreamSource {
  const listeners = new Map<string, (message: { data: string }) => void>();
  let isClosed = false;
  const source: StreamSource = {
    onopen: null,
    onerror: null,
    addEventListener: (type, listener) => void listeners.set(type, listener),
    close() {
      isClosed = true;
      request.destroy();
    },
  };
  const over = () => {
    if (!isClosed) source.onerror?.();
    isClosed = true;
  };
  const read = (response: IncomingMessage) => {
    let text = "";
    source.onopen?.();
    response.setEncoding("utf8").on("data", (part: string) => {
      const events = (text + part).split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const [, type = ""] = /^event: (.*)$/m.exec(event) ?? [];
        const [, data = ""] = /^data: (.*)$/m.exec(event) ?? [];
        if (!isClosed) listeners.get(type)?.({ data });
      }
    });
    response.on("end", over).on("error", over);
  };
  const request = get(url, { agent: false }, read).on("error", over);
  return source;
}

async function startTab(holds: number, swallowsEnds = false) {
  const { server, write, port } = await startServer();
  const through = await startProxy(port, holds, swallowsEnds);
  const asked: boolean[] = [];
  const store = new LogStore({
    open(_since, isBrief) {
      asked.push(isBrief);
      return openSource(`http://127.0.0.1:${through.port}/?${isBrief ? "briefly=1" : ""}`);
    },
    findRefusal: async () => null,
    setTimer: (run, ms) => setTimeout(run, ms / SPEED),
    clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
    now: () => Date.now() * SPEED,
  });
  onTestFinished(async () => {
    store.stop();
    through.close();
    through.proxy.close();
    server.closeAllConnections();
    server.close();
  });
  const texts = () => store.buffer.rows.flatMap((row) => (row.kind === "line" ? [row.line.text] : []));
  const until = async (isSo: () => boolean) => {
    for (let tries = 0; tries < 3000 && !isSo(); tries++) await new Promise((done) => setTimeout(done, 2));
    expect(isSo()).toBe(true);
  };
  store.start();
  return { store, write, asked, texts, until };
}
const sentenceOf = ({ status: { message } }: LogStore) =>
  message === null || typeof message === "string" ? message : inEnglish(message);

test.each([8, 64])(
  "behind a proxy that gives on %i kB at a time, lines come all the same, each once, and it is said how",
  async (kilobytes) => {
    const { store, write, asked, texts, until } = await startTab(kilobytes * 1024);
    write("first");
    await until(() => texts().includes("first"));
    write("second");
    await until(() => texts().includes("second"));
    await until(() => sentenceOf(store)?.includes("holds streams back") ?? false);
    expect(store.status.mode).toBe("polling");
    expect([asked[0], asked.at(-1)]).toEqual([false, true]);
    expect(texts()).toEqual(["first", "second"]);
  },
);

test("where not even a stream's end comes through, it is said that nothing does", async () => {
  const { store, write, texts, until } = await startTab(64 * 1024, true);
  write("first");
  await until(() => store.status.mode === "failed");
  expect(sentenceOf(store)).toContain("may hold streams back");
  expect(texts()).toEqual([]);
});
