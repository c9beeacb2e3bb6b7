import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findPlaceProblems } from "./place.mjs";

const folder = mkdtempSync(join(tmpdir(), "switchyard-place-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const good = { dataDir: folder, ports: { PORT: "0" }, host: "127.0.0.1" };
const find = (change: object): Promise<string[]> => findPlaceProblems({ ...good, ...change });

test("a good place has no problem", async () => {
  expect(await find({})).toEqual([]);
});

test("folder, clock and ports are named at once, each with what to set", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const used = typeof address === "object" && address ? address.port : 0;
  const problems = await find({
    dataDir: "/etc/hostname/x",
    ports: { PORT: String(used), SANDBOX_PORT: "many" },
    now: 0,
  });
  server.close();
  expect(problems).toEqual([
    expect.stringMatching(/clock says 1970.*: set it/),
    expect.stringMatching(/DATA_DIR \/etc\/hostname\/x cannot be used.*Set DATA_DIR/),
    expect.stringMatching(/is in use: set PORT/),
    expect.stringMatching(/SANDBOX_PORT is "many".*set it to/),
  ]);
  expect(await find({ host: "192.0.2.1" })).toEqual([expect.stringContaining("set SWITCHYARD_HOST")]);
});

test.each(["/etc/hostname/x", "/proc/x"])("the demo on DATA_DIR %s ends at once and says what to set", (dataDir) => {
  const ports = { PORT: "23117", SANDBOX_PORT: "23118", SANDBOX_LISTENER_PORT: "23119" };
  const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "demo.mjs")], {
    env: { ...process.env, ...ports, DATA_DIR: dataDir },
    encoding: "utf8",
    timeout: 15_000,
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^switchyard: DATA_DIR .* cannot be used: .*\n$/);
});
