import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";

const APPLICATION = fileURLToPath(new URL("./library.mjs", import.meta.url));
const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

interface Application {
  child: ChildProcess;
  url: string;
  output(): string;
  exit: Promise<[number | null, string | null]>;
}

async function start(environment: Record<string, string>): Promise<Application> {
  const child = spawn(process.execPath, [APPLICATION], {
    env: { NODE_ENV: "production", PORT: "0", TASK_ID: "abc", SLOT: "green", TAG: "1.1.0", ...environment },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  running.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (text += chunk));
  const exit = once(child, "close") as Application["exit"];
  const [message] = (await once(child, "message")) as [{ address: string; port: number }];
  return { child, url: `http://${message.address}:${message.port}`, output: () => text, exit };
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 5000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Did not come to pass in five seconds: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const isRefused = (url: string) =>
  fetch(url).then(
    () => false,
    () => true,
  );

test("answers with its version, slot and task, and writes a line per request, health checks too, as most applications do", async () => {
  const { url, output } = await start({});
  const response = await fetch(url);
  expect(await response.json()).toEqual({ tag: "1.1.0", slot: "green", task: "abc" });
  expect(response.headers.get("x-app-version")).toBe("1.1.0");
  expect(response.headers.get("x-slot")).toBe("green");
  for (const path of ["/books?page=2", "/members/118", "/loans/open"])
    expect((await fetch(url + path)).status, path).toBe(200);
  expect(await (await fetch(`${url}/actuator/health`)).json()).toEqual({ status: "UP" });
  expect((await fetch(`${url}/nowhere`)).status).toBe(404);
  await until(() => output().includes("/nowhere"), "the last request is logged");
  expect(output()).toMatch(/^INFO {2}Started LibraryApplication in 8\.\d{3} seconds \(process running for 9\.\d\)$/m);
  expect(output()).toMatch(/^INFO {2}GET \/books\?page=2 200 \d+ ms$/m);
  expect(output()).toMatch(/^INFO {2}GET \/actuator\/health 200 \d+ ms$/m);
});

test("streams a request's body back while it is still being sent", async () => {
  const { url } = await start({});
  const outgoing = request(`${url}/echo`, { method: "POST" });
  outgoing.write("first");
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  const [first] = await once(response.setEncoding("utf8"), "data");
  expect(first).toBe("first");
  outgoing.end("second");
  const [second] = await once(response, "data");
  expect(second).toBe("second");
});

test("sends a stream chunk by chunk", async () => {
  const { url } = await start({});
  const response = await fetch(`${url}/stream?chunks=3&ms=10`);
  expect(await response.text()).toBe("chunk 1\nchunk 2\nchunk 3\n");
});

test("SIGTERM lets open requests finish, refuses new ones and exits with 0", async () => {
  const { child, url, exit, output } = await start({});
  const agent = new Agent({ keepAlive: true });
  const outgoing = request(`${url}/slow?ms=400`, { agent });
  outgoing.end();
  const answered = once(outgoing, "response") as Promise<[IncomingMessage]>;
  const idle = await fetch(url);
  await idle.text();
  child.kill("SIGTERM");
  await until(() => isRefused(url), "new connections are refused");
  const [response] = await answered;
  expect(response.statusCode).toBe(200);
  response.resume();
  expect(await exit).toEqual([0, null]);
  expect(output()).toContain("INFO  Graceful shutdown complete");
  expect(output()).toMatch(/GET \/slow\?ms=400 200/);
  agent.destroy();
});

test("ends when the process that started it is killed", async () => {
  const parent = spawn(
    process.execPath,
    [
      "-e",
      `const { fork } = require("node:child_process");
       const child = fork(process.argv[1], { env: { PORT: "0" }, stdio: ["ignore", "ignore", "ignore", "ipc"] });
       child.on("message", ({ address, port }) => console.log("http://" + address + ":" + port));`,
      APPLICATION,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  running.push(parent);
  const [printed] = await once(parent.stdout, "data");
  const url = String(printed).trim();
  expect((await fetch(url)).status).toBe(200);
  parent.kill("SIGKILL");
  await until(() => isRefused(url), "the application ended");
});

test("an unhealthy version keeps serving while its health check answers 503", async () => {
  const { url } = await start({ KIND: "unhealthy" });
  expect((await fetch(`${url}/actuator/health`)).status).toBe(503);
  expect((await fetch(url)).status).toBe(200);
});

test("a slow version becomes healthy after a while", async () => {
  const { url } = await start({ KIND: "slow", SLOW_MS: "300" });
  const health = async () => (await fetch(`${url}/actuator/health`)).status;
  expect(await health()).toBe(503);
  await until(async () => (await health()) === 200, "healthy");
});

test("a crashing version logs an exception with its stack and exits with 1", async () => {
  const { exit, output } = await start({ KIND: "crash" });
  expect(await exit).toEqual([1, null]);
  expect(output()).toMatch(/^java\.lang\.IllegalStateException: .+\n {4}at /m);
});

test("a version with errors fails one request in five and logs why", async () => {
  const { url, output } = await start({ KIND: "errors" });
  const statuses = [];
  for (let i = 0; i < 10; i += 1) statuses.push((await fetch(`${url}/books`)).status);
  expect(statuses.filter((status) => status === 500)).toHaveLength(2);
  expect((await fetch(`${url}/actuator/health`)).status).toBe(200);
  await until(() => output().includes("NullPointerException"), "the error is logged");
  expect(output()).toContain(
    "ERROR NullPointerException: Book.shelf is null at LoanService.open(LoanService.java:88)\n    at ",
  );
});

test("takes another address when its own is in use", async () => {
  const first = await start({ HOST: "127.0.0.1" });
  const port = new URL(first.url).port;
  const second = await start({ HOST: "127.0.0.1", PORT: port });
  expect(new URL(second.url).port).not.toBe(port);
  expect((await fetch(second.url)).status).toBe(200);
});
