import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { say } from "../domain/sentence/sentence.ts";
import { askSmoke } from "./smoke-request.ts";

const CHECK = { path: "/health?deep=1", status: 200, text: null, timeoutSeconds: 5 };

/** A server of this test; what it was asked for. */
async function serve(listener: RequestListener): Promise<{ origin: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    listener(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(() => done()));
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test("asks the path at the test listener's address", async () => {
  const { origin, asked } = await serve((_request, response) => response.end("UP"));
  expect(await askSmoke(`${origin}/elsewhere`, CHECK)).toEqual({
    url: `${origin}/health?deep=1`,
    answer: { status: 200, body: "UP", location: null },
  });
  expect(asked).toEqual(["/health?deep=1"]);
});

test("follows no redirect, wherever it leads", async () => {
  const secret = await serve((_request, response) => response.end("secret"));
  const { origin } = await serve((_request, response) => response.writeHead(302, { location: secret.origin }).end());
  expect((await askSmoke(origin, CHECK)).answer).toMatchObject({ status: 302, location: secret.origin });
  expect(secret.asked).toEqual([]);
});

test("a path that would leave the address asks nobody", async () => {
  const other = await serve((_request, response) => response.end());
  const { origin, asked } = await serve((_request, response) => response.end());
  for (const path of [`//${new URL(other.origin).host}/x`, `/\\${new URL(other.origin).host}/x`, other.origin])
    expect((await askSmoke(origin, { ...CHECK, path })).answer).toMatchObject({ status: null });
  expect([...asked, ...other.asked]).toEqual([]);
});

test("an answer that never ends is read only so far", async () => {
  const { origin } = await serve((_request, response) => {
    const write = () => {
      while (!response.destroyed && response.write("x".repeat(16_384)));
    };
    response.on("drain", write);
    write();
  });
  const { answer } = await askSmoke(origin, CHECK);
  expect(answer).toMatchObject({ status: 200, body: "x".repeat(65_536) });
});

test("no answer is told by its code, a late one by its time", async () => {
  const { origin } = await serve(() => undefined);
  expect((await askSmoke(origin, { ...CHECK, timeoutSeconds: 0.2 })).answer).toEqual({
    status: null,
    failure: say("smoke.late", { seconds: 0.2 }),
  });
  expect((await askSmoke("http://127.0.0.1:1", CHECK)).answer).toMatchObject({ status: null });
});
