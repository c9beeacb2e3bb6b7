import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, createConnection, type Socket } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { expect, onTestFinished, test } from "vitest";
import {
  createEventStream,
  type EventStreamOptions,
  type EventStreamWriter,
  encodeEvent,
  eventStreamResponse,
  openEventStreams,
} from "./event-stream.ts";

interface Producer {
  writer: EventStreamWriter;
  released: number;
}

function open(options: Partial<EventStreamOptions> = {}) {
  const abort = new AbortController();
  const producer: Partial<Producer> & { released: number } = { released: 0 };
  const stream = createEventStream({
    signal: abort.signal,
    start(writer) {
      producer.writer = writer;
      return () => {
        producer.released += 1;
      };
    },
    ...options,
  });
  const reader = stream.getReader();
  onTestFinished(() => void reader.cancel().catch(() => {}));
  const decoder = new TextDecoder();
  return {
    abort,
    producer,
    reader,
    async next(): Promise<string | null> {
      const { value, done } = await reader.read();
      return done ? null : decoder.decode(value);
    },
    get writer(): EventStreamWriter {
      if (!producer.writer) throw new Error("not started");
      return producer.writer;
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !condition(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(condition()).toBe(true);
}

test("writes events that an EventSource reads, each with an id of its own", async () => {
  const stream = open();
  expect(await stream.next()).toBe("retry: 1000\n\n");
  stream.writer.send({ event: "snapshot", data: { text: "two\nlines" } });
  stream.writer.send({ bytes: encodeEvent("patch", "mine", []) });
  const first = await stream.next();
  expect(first).toMatch(/^id: \w+-1\nevent: snapshot\ndata: {"text":"two\\nlines"}\n\n$/);
  expect(await stream.next()).toBe("id: mine\nevent: patch\ndata: []\n\n");
});

test("tells the producer what the client saw last", () => {
  let seen: string | null = "";
  open({
    lastEventId: "abc-7",
    start(_writer, lastEventId) {
      seen = lastEventId;
      return () => {};
    },
  });
  expect(seen).toBe("abc-7");
});

test.each(["abort", "cancel", "close", "lifetime"] as const)("lets go exactly once on %s", async (how) => {
  const before = openEventStreams();
  const stream = open(how === "lifetime" ? { maxLifetimeMs: 20 } : {});
  expect(openEventStreams()).toBe(before + 1);
  await stream.next();
  if (how === "abort") stream.abort.abort();
  if (how === "cancel") await stream.reader.cancel();
  if (how === "close") stream.writer.close();
  await until(() => stream.producer.released > 0);
  stream.abort.abort();
  stream.writer.close();
  await stream.reader.cancel();
  expect(stream.producer.released).toBe(1);
  expect(openEventStreams()).toBe(before);
  expect(stream.writer.send({ event: "late", data: 1 })).toBe(false);
});

test("lets go of a producer that got ready after the client had left", async () => {
  let released = 0;
  let ready = () => {};
  const stream = open({
    start: () =>
      new Promise((resolve) => {
        ready = () =>
          resolve(() => {
            released += 1;
          });
      }),
  });
  stream.abort.abort();
  ready();
  await until(() => released === 1);
});

test("a client that was gone before it began starts nothing", () => {
  const before = openEventStreams();
  const abort = new AbortController();
  abort.abort();
  let started = false;
  createEventStream({
    signal: abort.signal,
    start() {
      started = true;
      return () => {};
    },
  });
  expect(started).toBe(false);
  expect(openEventStreams()).toBe(before);
});

test("a producer that fails ends the stream and is reported", async () => {
  const errors: unknown[] = [];
  const stream = open({
    start: () => Promise.reject(new Error("denied")),
    onError: (error) => errors.push(error),
  });
  expect(await stream.next()).toBe("retry: 1000\n\n");
  expect(await stream.next()).toBeNull();
  expect(errors).toEqual([new Error("denied")]);
});

test("keeps a bounded amount for a slow client and sends the whole when it has caught up", async () => {
  const missed: number[] = [];
  const stream = open({
    maxBufferedBytes: 1000,
    caughtUp(writer, dropped) {
      missed.push(dropped);
      writer.send({ event: "snapshot", data: "whole" });
    },
  });
  let accepted = 0;
  for (let i = 0; i < 100; i += 1) if (stream.writer.send({ event: "patch", data: "x".repeat(100) })) accepted += 1;
  expect(accepted).toBeLessThan(12);
  let text = "";
  while (!text.includes("whole")) text += await stream.next();
  expect(missed).toEqual([100 - accepted]);
  expect(text.match(/event: patch/g)).toHaveLength(accepted);
});

test("pings a quiet client, and gives one up that takes nothing", async () => {
  const quiet = open({ pingMs: 5 });
  await quiet.next();
  expect(await quiet.next()).toBe("event: ping\ndata: {}\n\n");

  const gone = open({ pingMs: 5, maxBufferedBytes: 50, maxBehindMs: 10 });
  for (let i = 0; i < 10; i += 1) gone.writer.send({ event: "patch", data: "x".repeat(40) });
  await until(() => gone.producer.released === 1);
});

/** A real server of event streams, as Next answers them; `writers` are the open streams' producers. */
async function serve(options: Partial<EventStreamOptions> = {}) {
  const served = { url: "", port: 0, released: 0, writers: [] as EventStreamWriter[] };
  const server = createServer((_request, response) => {
    const abort = new AbortController();
    response.on("close", () => abort.abort());
    const answer = eventStreamResponse({
      signal: abort.signal,
      start(writer) {
        served.writers.push(writer);
        writer.send({ event: "snapshot", data: {} });
        return () => {
          served.released += 1;
        };
      },
      ...options,
    });
    response.writeHead(200, Object.fromEntries(answer.headers));
    if (answer.body) pipeline(Readable.fromWeb(answer.body as never), response).catch(() => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  served.port = (server.address() as AddressInfo).port;
  served.url = `http://127.0.0.1:${served.port}`;
  return served;
}

/** Connections that asked for a stream and have begun to get it. */
async function connect(port: number, count: number): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => createConnection(port, "127.0.0.1"));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (const socket of sockets) {
    socket.on("error", () => {});
    socket.write("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
  }
  await Promise.all(sockets.map((socket) => once(socket, "data")));
  return sockets;
}

test("fifty clients that vanish from a real server leave nothing behind", async () => {
  const before = openEventStreams();
  const served = await serve();
  const leaving = new AbortController();
  const open = Array.from({ length: 50 }, () => fetch(served.url, { signal: leaving.signal }));
  const responses = await Promise.all(open);
  expect(responses[0]?.headers.get("cache-control")).toContain("no-transform");
  await until(() => openEventStreams() === before + 50);
  leaving.abort();
  await until(() => openEventStreams() === before);
  expect(served.released).toBe(50);
});

test("clients that reset their connections leave nothing behind", async () => {
  const before = openEventStreams();
  const served = await serve();
  const sockets = await connect(served.port, 20);
  expect(openEventStreams()).toBe(before + 20);
  for (const socket of sockets) socket.resetAndDestroy();
  await until(() => openEventStreams() === before);
  expect(served.released).toBe(20);
});

test("clients whose connections stay open while nobody reads any more are let go", async () => {
  const before = openEventStreams();
  const served = await serve({ pingMs: 20, maxBehindMs: 40, maxBufferedBytes: 64 * 1024 });
  const sockets = await connect(served.port, 5);
  for (const socket of sockets) socket.pause();
  // The two kernels between take a few megabytes before anything shows.
  const text = "x".repeat(60_000);
  const flood = setInterval(() => {
    for (const writer of served.writers) writer.send({ event: "patch", data: text });
  }, 1);
  onTestFinished(() => clearInterval(flood));
  await until(() => openEventStreams() === before);
  expect(served.released).toBe(5);
});

test("a client that went without a word is let go with its stream's age, and one that is there is told to come again", async () => {
  const before = openEventStreams();
  const served = await serve({ maxLifetimeMs: 60 });
  const response = await fetch(served.url);
  expect(await response.text()).toMatch(/event: renew\ndata: \{\}\n\n$/);
  await until(() => openEventStreams() === before);
  expect(served.released).toBe(1);
});
