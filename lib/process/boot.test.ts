import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { copyEmptyRecord } from "../testing/memory-store.ts";

let sandbox: Sandbox;
let dataDir: string;
/** What Node.js has compiled once, every process of these tests reads. */
const compiled = mkdtempSync(join(tmpdir(), "switchyard-compiled-"));
beforeAll(async () => {
  sandbox = await createSandbox({ speed: 10 });
});
afterAll(async () => {
  await sandbox.close();
  rmSync(compiled, { recursive: true, force: true });
});
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "switchyard-boot-"));
  await copyEmptyRecord(dataDir);
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const running = '"message":"Switchyard is running"';

/** A process that boots as Next's server does, without Next. Its parent's channel is open, as behind npm start. */
function startProcess(env: Record<string, string> = {}) {
  const script = `
    import { boot } from ${JSON.stringify(new URL("./boot.ts", import.meta.url).href)};
    import { createServer } from "node:http";
    import { Readable } from "node:stream";
    import { createEventStream } from ${JSON.stringify(new URL("../streams/event-stream.ts", import.meta.url).href)};
    setInterval(() => {}, 1000);
    await boot();
    if (process.env.PORT_UNDER_TEST)
      createServer((request, response) => {
        if (request.url === "/slow") {
          process.stderr.write("slow was asked\\n");
          setTimeout(() => response.end("answered"), 700);
        } else {
          const stream = createEventStream({ signal: new AbortController().signal, start: () => () => {} });
          Readable.fromWeb(stream).pipe(response);
        }
      }).listen(Number(process.env.PORT_UNDER_TEST), "127.0.0.1", () => process.stderr.write("listening\\n"));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: compiled,
      NODE_ENV: "test",
      SWITCHYARD_CONFIG: new URL("../../sandbox/switchyard.yaml", import.meta.url).pathname,
      AWS_ENDPOINT_URL: sandbox.url,
      NEXTAUTH_SECRET: "boot-secret",
      NEXTAUTH_URL: "http://127.0.0.1:3000",
      DATA_DIR: dataDir,
      ...env,
    },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  const ended = once(child, "exit");
  return {
    child,
    ended,
    said: () => said,
    /** Resolves once the text was said; rejects when the process ends before. */
    async says(text: string) {
      while (!said.includes(text)) {
        const more = child.stderr ? once(child.stderr, "data") : Promise.reject(new Error("no output"));
        await Promise.race([
          more,
          ended.then(() => Promise.reject(new Error(`ended without saying ${text}: ${said}`))),
        ]);
      }
    },
  };
}

describe("the process", () => {
  test.each([
    ["SIGTERM", "a new"],
    ["SIGINT", "an older"],
  ] as const)("ends cleanly on %s and lets go of %s database", async (signal, age) => {
    if (age === "a new") rmSync(join(dataDir, "pglite"), { recursive: true });
    const { child, ended, says } = startProcess();
    await says(running);
    expect(JSON.parse(readFileSync(join(dataDir, "switchyard.lock"), "utf8")).pid).toBe(child.pid);
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(existsSync(join(dataDir, "switchyard.lock"))).toBe(false);
  });

  test("refuses what is asked while it stops, tells streams to go on elsewhere, and answers what was asked before", async () => {
    const port = 20_000 + (process.pid % 20_000);
    const { child, ended, says } = startProcess({ PORT_UNDER_TEST: String(port) });
    await says("listening");
    const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    const stream = await ask("/stream");
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    const slow = ask("/slow");
    await says("slow was asked");
    child.kill("SIGTERM");
    let told = "";
    while (!told.includes("renew")) told += (await reader?.read())?.value ?? "";
    expect(told).toMatch(/retry: 3000\n\nid: .*\nevent: renew\ndata: {"because":"stopping","retryAfterMs":3000}/);
    const refused = await ask("/api/v1/applications");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(await refused.json()).toMatchObject({ code: "STOPPING" });
    expect(await (await slow).text()).toBe("answered");
    expect(await ended).toEqual([0, null]);
  });

  test("ends when the process that started it is gone", async () => {
    const { child, ended, says } = startProcess();
    await says(running);
    child.disconnect();
    expect(await ended).toEqual([0, null]);
  });

  test("starts again on the same database after it was killed", async () => {
    const first = startProcess();
    await first.says(running);
    first.child.kill("SIGKILL");
    await first.ended;
    const second = startProcess();
    await second.says(running);
    second.child.kill("SIGTERM");
    expect(await second.ended).toEqual([0, null]);
  });

  test("refuses a database that another process has, and names that process", async () => {
    const first = startProcess();
    await first.says(running);
    const second = startProcess();
    expect(await second.ended).toEqual([1, null]);
    expect(second.said()).toContain(`is in use by process ${first.child.pid}`);
    first.child.kill("SIGTERM");
    await first.ended;
  });

  test("says everything that is wrong with its settings and ends with 1", async () => {
    const { ended, said } = startProcess({
      NEXTAUTH_SECRET: "",
      NEXTAUTH_URL: "nonsense",
      SWITCHYARD_API_TOKEN: "short",
    });
    expect(await ended).toEqual([1, null]);
    for (const text of ["3 problems", "NEXTAUTH_SECRET", "NEXTAUTH_URL", "SWITCHYARD_API_TOKEN", "fix:"])
      expect(said()).toContain(text);
  });

  test("starts while AWS is away", async () => {
    const { child, ended, says } = startProcess({ AWS_ENDPOINT_URL: "http://127.0.0.1:1" });
    await says(running);
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });
});
