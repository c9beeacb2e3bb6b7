import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createDrain, type StartedRequest } from "./drain.ts";

const STARTED = "http.server.request.start";

/** A server whose requests the drain sees through Node's own channel. */
async function serve(listener: RequestListener) {
  const drain = createDrain();
  const server = createServer(listener);
  const seen = (message: unknown) => {
    // Safe because Node documents what this channel publishes.
    const started = message as StartedRequest;
    if (started.server === server) drain.seen(started);
  };
  subscribe(STARTED, seen);
  onTestFinished(() => void unsubscribe(STARTED, seen));
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { drain, port, ask: (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init) };
}

test("a program is refused as a problem with the reason and when to ask again, on a connection that closes", async () => {
  let asked = 0;
  const { drain, ask } = await serve((_request, response) => void response.end(String(++asked)));
  expect(await (await ask("/api/v1/applications")).text()).toBe("1");
  drain.begin();
  for (let i = 0; i < 2; i++) {
    const refused = await ask("/api/v1/applications/library/rollback", { method: "POST", body: "{}" });
    expect(refused.status).toBe(503);
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      "content-type": "application/problem+json",
      "retry-after": "2",
      connection: "close",
      "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(await refused.json()).toMatchObject({
      status: 503,
      code: "STOPPING",
      detail: expect.stringContaining("stopping"),
    });
  }
  expect(asked).toBe(1);
});

test("a page's script reads that nothing was done, a page tries again by itself, and health says stopping", async () => {
  const { drain, ask } = await serve((_request, response) => void response.end());
  drain.begin();
  const action = await ask("/library", { method: "POST", body: "{}" });
  expect([action.status, action.headers.get("content-type")]).toEqual([503, "text/plain"]);
  expect(await action.text()).toMatch(/^Nothing was done: Switchyard is stopping/);
  expect((await ask("/library")).headers.get("refresh")).toBe("2");
  const ready = await ask("/api/health/ready");
  expect([ready.status, await ready.text()]).toEqual([503, "stopping\n"]);
  const live = await ask("/api/health/live");
  expect([live.status, await live.text()]).toEqual([200, "live\n"]);
});

test("what was asked before is answered, and waited for", async () => {
  const answers: (() => void)[] = [];
  const { drain, ask } = await serve((_request, response) => void answers.push(() => response.end("done")));
  const click = ask("/library", { method: "POST" });
  await expect.poll(() => answers.length).toBe(1);
  drain.begin();
  let isAnswered = false;
  const answered = drain.answered(0, 60_000).then(() => {
    isAnswered = true;
  });
  expect((await ask("/library", { method: "POST" })).status).toBe(503);
  expect(isAnswered).toBe(false);
  answers[0]?.();
  expect(await (await click).text()).toBe("done");
  await answered;
});

test("waiting has an end where a request has none", async () => {
  const { drain, ask } = await serve(() => {});
  const left = new AbortController();
  const hanging = ask("/library", { signal: left.signal }).catch((error: unknown) => error);
  await drain.answered(0, 1);
  left.abort();
  await hanging;
});

test("what arrives in the last moment is answered, and whoever connects after it is refused", async () => {
  const { drain, port, ask } = await serve((_request, response) => void response.end());
  await ask("/library");
  drain.begin();
  const kept = connect(port, "127.0.0.1");
  await once(kept, "connect");
  // In the kernel's buffer, and not read yet, when the server is told to close.
  await new Promise<void>((resolve) =>
    kept.write("POST /library HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n", () => resolve()),
  );
  const closed = drain.close(60_000);
  const [answer] = await once(kept, "data");
  expect(String(answer)).toMatch(/^HTTP\/1\.1 503 /);
  await closed;
  const late = connect(port, "127.0.0.1");
  const [error] = await once(late, "error");
  expect(error).toMatchObject({ code: "ECONNREFUSED" });
});
