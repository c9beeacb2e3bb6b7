import { createServer, type IncomingHttpHeaders, request } from "node:http";
import { afterEach, expect, test } from "vitest";
import { createPreparation } from "./incoming.ts";

const URL_ = "https://switchyard.example.com";
const warned: { message: string; fields: Record<string, unknown> }[] = [];
let close = () => {};
afterEach(() => {
  close();
  warned.length = 0;
});

/** One request as Next would see it, from this machine or, as `stranger`, with nobody trusted. */
async function ask(sent: Record<string, string>, options: { url?: string; from?: string } = {}) {
  const { url = URL_, from } = options;
  const auth = { url } as Parameters<typeof createPreparation>[0]["auth"];
  const prepare = createPreparation({ auth, trustedProxies: [] }, (message, fields = {}) =>
    warned.push({ message, fields }),
  );
  const server = createServer((incoming, response) => {
    if (from) Object.defineProperty(incoming.socket, "remoteAddress", { value: from });
    prepare(incoming, response);
    response.end(JSON.stringify(incoming.headers));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  close = () => server.close();
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return new Promise<{ seen: IncomingHttpHeaders; answered: IncomingHttpHeaders }>((done, fail) => {
    request({ host: "127.0.0.1", port, headers: { host: "switchyard.example.com", ...sent } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => done({ seen: JSON.parse(text), answered: response.headers }));
    })
      .on("error", fail)
      .end();
  });
}

test("a proxy of this machine says who asks; a stranger does not", async () => {
  const claim = { "x-forwarded-for": "203.0.113.9", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" };
  expect((await ask(claim)).seen).toMatchObject({ "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https" });
  const { seen } = await ask(claim, { from: "198.51.100.4" });
  expect(seen["x-forwarded-for"]).toBe("198.51.100.4");
  expect(Object.keys(seen)).not.toContain("x-forwarded-host");
  expect(Object.keys(seen)).not.toContain("x-forwarded-proto");
});

test("every answer, whoever makes it, may not be framed or sniffed and loads nothing", async () => {
  const { answered } = await ask({});
  expect(answered["content-security-policy"]).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(answered).toMatchObject({ "x-frame-options": "DENY", "x-content-type-options": "nosniff" });
  expect(answered["strict-transport-security"]).toMatch(/max-age=31536000/);
  expect((await ask({}, { url: "http://127.0.0.1:3000" })).answered["strict-transport-security"]).toBeUndefined();
});

test("a request and its answer have one id: the sender's own, or one of ours where that is none", async () => {
  const own = await ask({ "x-request-id": "build-4711.2" });
  expect([own.seen["x-request-id"], own.answered["x-request-id"]]).toEqual(["build-4711.2", "build-4711.2"]);
  const bad: Record<string, string>[] = [{}, { "x-request-id": "a b" }, { "x-request-id": "x".repeat(65) }];
  for (const sent of bad) {
    const { seen, answered } = await ask(sent);
    expect(answered["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(seen["x-request-id"]).toBe(answered["x-request-id"]);
  }
});

const START = { "user-agent": "switchyard-start" };
const ACTION = { "sec-fetch-site": "same-origin", "next-action": "x" };
test.each([
  ["sends its own Host", { ...START, origin: URL_, host: "127.0.0.1:3000" }, "proxy_set_header Host $host"],
  ["sends its own Host with an action", { ...ACTION, origin: URL_, host: "upstream" }, "proxy_set_header Host $host"],
  ["removes the Origin", START, "remove proxy_set_header Origin"],
  ["removes the Origin of an action", ACTION, "remove proxy_set_header Origin"],
  ["serves another address", { ...ACTION, origin: "https://in.example" }, "set NEXTAUTH_URL=https://in.example"],
])("a proxy that %s is told the line to add", async (_name, sent, fix) => {
  await ask(sent);
  expect(warned.map(({ fields }) => fields.fix)).toEqual([expect.stringContaining(fix)]);
});

test("a proxy that is not trusted is told, with its address", async () => {
  await ask({ ...START, origin: URL_, "x-forwarded-for": "203.0.113.9" }, { from: "10.0.3.4" });
  expect(warned[0]?.fields.fix).toContain("SWITCHYARD_TRUSTED_PROXIES=10.0.3.4");
});

test.each([
  ["a good proxy", { ...START, origin: URL_, "x-forwarded-for": "203.0.113.9" }],
  ["one that forwards the host", { ...START, origin: URL_, host: "app:3000", "x-forwarded-host": new URL(URL_).host }],
  ["a health check", { host: "10.0.0.7:3000" }],
  ["a page of elsewhere", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
])("nothing is said of %s", async (_name, sent) => {
  await ask(sent);
  expect(warned).toEqual([]);
});
