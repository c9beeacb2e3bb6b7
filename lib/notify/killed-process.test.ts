import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { copyEmptyRecord } from "../testing/memory-store.ts";
import { startReceiver } from "../testing/notify-servers.ts";

const PROGRAM = new URL("../testing/notify-process.ts", import.meta.url).pathname;

test("a process that is killed while it delivers loses nothing: the next one sends the same again", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "switchyard-killed-"));
  await copyEmptyRecord(dataDir);
  const receiver = await startReceiver();
  onTestFinished(async () => {
    await receiver.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const start = (mode: "tell" | "go on") => {
    const child = spawn(process.execPath, [PROGRAM, dataDir, receiver.url, mode], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  };

  // The answer never comes: whether it has arrived is not known when the process dies.
  receiver.answer(() => {});
  const first = start("tell");
  await expect.poll(() => receiver.received.length, { timeout: 60_000 }).toBe(1);
  first.kill("SIGKILL");
  await once(first, "exit");

  receiver.answer((response) => response.writeHead(204).end());
  const second = start("go on");
  // A minute later, when the lease of the one before has run out: no replica sends what another is sending.
  await expect.poll(() => receiver.received.length, { timeout: 60_000 }).toBe(2);
  second.kill("SIGKILL");
  const [before, after] = receiver.received;
  expect(after?.body).toBe(before?.body);
  expect(after?.headers["x-switchyard-id"]).toBe("killed:deployment.stopped");
  expect(after?.headers["x-switchyard-attempt"]).toBe("2");
}, 180_000);
