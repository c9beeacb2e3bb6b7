import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { setAccessCache } from "../auth/access-cache.ts";
import { copyEmptyRecord } from "../testing/memory-store.ts";
import { readHealth } from "./health.ts";
import { getRuntime, stopRuntime } from "./runtime.ts";

let sandbox: Sandbox;
const dataDir = mkdtempSync(join(tmpdir(), "switchyard-health-"));

beforeAll(async () => {
  await copyEmptyRecord(dataDir);
  sandbox = await createSandbox({ seed: "all" });
  const settings = {
    SWITCHYARD_CONFIG: new URL("../../sandbox/switchyard.yaml", import.meta.url).pathname,
    AWS_ENDPOINT_URL: sandbox.url,
    NEXTAUTH_SECRET: "health-secret",
    NEXTAUTH_URL: "http://127.0.0.1:3000",
    DATA_DIR: dataDir,
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
});
afterAll(async () => {
  await stopRuntime();
  await sandbox.close();
  vi.unstubAllEnvs();
  setAccessCache(null);
  // The process goes on with the next test file, as one that never ran.
  for (const name of ["runtime", "config"]) Reflect.deleteProperty(globalThis, Symbol.for(`switchyard.${name}`));
  rmSync(dataDir, { recursive: true, force: true });
});

async function until(isThere: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (!(await isThere())) {
    if (Date.now() > deadline) throw new Error("not within 90 s");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test("follows the runtime from its start to its end", { timeout: 240_000 }, async () => {
  expect((await readHealth("1.2.3")).status).toBe("starting");

  const [one, two] = await Promise.all([getRuntime(), getRuntime()]);
  expect(one).toBe(two);
  await until(async () => (await readHealth("1.2.3")).status === "ok");
  expect(await readHealth("1.2.3")).toMatchObject({
    version: "1.2.3",
    checks: {
      store: { status: "ok" },
      aws: { status: "ok" },
      engine: { status: "ok" },
      observer: { status: "ok" },
      streams: { status: "ok", open: 0 },
      audit: { status: "ok" },
    },
  });

  sandbox.faults.add({
    service: "elbv2",
    operation: null,
    kind: "error",
    rate: 1,
    ms: 0,
    remaining: null,
    phase: "before",
  });
  await until(async () => (await readHealth("1.2.3")).status === "degraded");
  const degraded = await readHealth("1.2.3");
  expect(degraded.checks.aws?.detail).toContain("elb");
  expect(JSON.stringify(degraded)).not.toMatch(/library|arn:|123456789012/);

  await one.store.close();
  expect(await readHealth("1.2.3")).toMatchObject({ status: "degraded", checks: { store: { status: "failed" } } });

  await Promise.all([stopRuntime(), stopRuntime()]);
  expect((await readHealth("1.2.3")).status).toBe("stopping");
});
