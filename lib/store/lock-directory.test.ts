import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DirectoryLocked, lockDirectory } from "./lock-directory.ts";

let directory: string;
let lockFile: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-lock-"));
  lockFile = join(directory, "switchyard.lock");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const holder = () => JSON.parse(readFileSync(lockFile, "utf8"));

/** Another process that holds the lock until it is killed. */
async function startHolder() {
  const script = `
    import { lockDirectory } from ${JSON.stringify(new URL("./lock-directory.ts", import.meta.url).href)};
    await lockDirectory(${JSON.stringify(directory)});
    process.stdout.write("locked");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

test("refuses a second process and names the first one's pid", async () => {
  const child = await startHolder();
  const second = lockDirectory(directory);
  await expect(second).rejects.toBeInstanceOf(DirectoryLocked);
  await expect(second).rejects.toMatchObject({
    pid: child.pid,
    message: expect.stringContaining(`process ${child.pid} `),
  });
  child.kill("SIGKILL");
  await once(child, "exit");
});

test("takes over from a process that was killed", async () => {
  const child = await startHolder();
  child.kill("SIGKILL");
  await once(child, "exit");
  const lock = await lockDirectory(directory);
  expect(holder().pid).toBe(process.pid);
  await lock.release();
  expect(readdirSync(directory)).toEqual([]);
});

test("refuses a second holder within one process, too", async () => {
  const lock = await lockDirectory(directory);
  await expect(lockDirectory(directory)).rejects.toMatchObject({ pid: process.pid });
  await lock.release();
  await (await lockDirectory(directory)).release();
});

test("tells a reused pid by the process's start time", async () => {
  const lock = await lockDirectory(directory);
  const left = { ...holder(), id: "earlier", processStart: "1" };
  await lock.release();
  writeFileSync(lockFile, JSON.stringify(left));
  const next = await lockDirectory(directory);
  expect(holder().id).not.toBe("earlier");
  await next.release();
});

test("takes over a lock whose holder cannot be seen and has fallen silent", async () => {
  writeFileSync(lockFile, JSON.stringify({ id: "far", pid: 1, realm: "another machine", host: "far", since: "then" }));
  utimesSync(lockFile, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
  await (await lockDirectory(directory)).release();
});

test("refuses while a holder that cannot be seen renews the file", async () => {
  writeFileSync(lockFile, JSON.stringify({ id: "far", pid: 1, realm: "another machine", host: "far", since: "then" }));
  const renewal = setInterval(() => utimesSync(lockFile, new Date(), new Date()), 100);
  await expect(lockDirectory(directory)).rejects.toMatchObject({ pid: 1 });
  clearInterval(renewal);
});

test("takes over a lock file that is not readable as one", async () => {
  for (const text of ["", "{}", "garbage"]) {
    writeFileSync(lockFile, text);
    await (await lockDirectory(directory)).release();
  }
});

test("lets one of many through that find the same stale lock", async () => {
  writeFileSync(lockFile, "left behind");
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockDirectory(directory)));
  const held = tries.filter((result) => result.status === "fulfilled");
  expect(held).toHaveLength(1);
  for (const result of tries) if (result.status === "rejected") expect(result.reason).toBeInstanceOf(DirectoryLocked);
  await held[0]?.value.release();
  expect(readdirSync(directory)).toEqual([]);
});

test("does not remove a lock that is somebody else's by now", async () => {
  const lock = await lockDirectory(directory);
  writeFileSync(lockFile, "somebody else");
  await lock.release();
  expect(readFileSync(lockFile, "utf8")).toBe("somebody else");
});
