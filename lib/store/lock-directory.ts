import { createHash, randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { constants, copyFile, link, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { log } from "../log.ts";

/** Another process holds the directory; the message names it and says what to do. */
export class DirectoryLocked extends Error {
  override readonly name = "DirectoryLocked";
  readonly pid: number;
  constructor(directory: string, holder: Holder) {
    super(
      `${directory} is in use by process ${holder.pid} on ${holder.host} (since ${holder.since}): stop it, set another DATA_DIR, or set DATABASE_URL so that many processes can share one PostgreSQL server`,
    );
    this.pid = holder.pid;
  }
}

interface Holder {
  id: string;
  pid: number;
  /** Kernel's start time of the process, so that a reused pid is told apart; null where there is no /proc. */
  processStart: string | null;
  /** Boot and pid namespace: only within the same one does a pid mean anything. */
  realm: string;
  host: string;
  since: string;
}

const HEARTBEAT_MS = 2000;
/** A holder that this process cannot see (another container) counts as gone after this silence. */
const SILENCE_MS = 10_000;

/** Takes the directory for this process until `release`. A lock left by a process that is gone is taken over. @throws DirectoryLocked */
export async function lockDirectory(directory: string): Promise<{ release(): Promise<void> }> {
  const path = join(directory, "switchyard.lock");
  const self = describeSelf();
  const own = JSON.stringify(self);
  // Linked into place whole: nobody ever reads a half-written lock.
  const draft = `${path}.${self.id}`;
  await writeFile(draft, own);
  try {
    while (!(await tryLink(draft, path))) {
      const found = await readIfThere(path);
      if (found === null) continue;
      const holder = parseHolder(found);
      if (holder !== null && (await isAlive(holder, path))) throw new DirectoryLocked(directory, holder);
      await takeOver(path, found, draft, own);
      if ((await readIfThere(path)) === own) break;
    }
  } finally {
    await rm(draft, { force: true });
  }

  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch((error: unknown) => log.warn("The lock file cannot be renewed", { path, error }));
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    async release() {
      clearInterval(heartbeat);
      if ((await readIfThere(path)) === own) await rm(path, { force: true });
    },
  };
}

/** Writes nothing. @throws DirectoryLocked while another process has the directory. */
export async function refuseLocked(directory: string): Promise<void> {
  const path = join(directory, "switchyard.lock");
  const found = await readIfThere(path);
  const holder = found === null ? null : parseHolder(found);
  if (holder !== null && (await isAlive(holder, path))) throw new DirectoryLocked(directory, holder);
}

/**
 * Replaces the lock `stale` with our own. The claim, named after the stale lock, is what only one process can create;
 * whoever has it looks again, because an earlier claimant may already have replaced that lock.
 */
async function takeOver(path: string, stale: string, draft: string, own: string): Promise<void> {
  const claim = `${path}.after-${createHash("sha256").update(stale).digest("hex").slice(0, 16)}`;
  if (!(await tryLink(draft, claim))) {
    const claimant = parseHolder((await readIfThere(claim)) ?? "");
    if (claimant === null || !(await isAlive(claimant, claim))) await rm(claim, { force: true });
    else await new Promise((resolve) => setTimeout(resolve, 20));
    return;
  }
  try {
    if ((await readIfThere(path)) !== stale) return;
    const replacement = `${draft}.new`;
    await writeFile(replacement, own);
    await rename(replacement, path);
    log.warn("Took over the lock of a process that is gone", { path, pid: parseHolder(stale)?.pid });
  } finally {
    await rm(claim, { force: true });
  }
}

async function isAlive(holder: Holder, path: string): Promise<boolean> {
  if (holder.realm === realm()) return isRunning(holder);
  // A process that cannot be seen from here shows itself by renewing the file.
  const seen = await modifiedAt(path);
  if (seen === null || Date.now() - seen > SILENCE_MS) return false;
  const deadline = Date.now() + SILENCE_MS;
  while (Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const now = await modifiedAt(path);
    if (now === null) return false;
    if (now !== seen) return true;
  }
  return false;
}

function isRunning(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return holder.processStart === null || processStart(holder.pid) === holder.processStart;
}

function describeSelf(): Holder {
  return {
    id: randomUUID(),
    pid: process.pid,
    processStart: processStart(process.pid),
    realm: realm(),
    host: hostname(),
    since: new Date().toISOString(),
  };
}

/** Field 22 of /proc/pid/stat, counted after the command's name, which may hold spaces. A zombie counts as gone. */
function processStart(pid: number): string | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return fields[0] === "Z" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function realm(): string {
  try {
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

function parseHolder(text: string): Holder | null {
  try {
    const value: unknown = JSON.parse(text);
    // Safe because only describeSelf writes the file; anything else fails the check of its pid.
    return typeof value === "object" && value !== null && "pid" in value && Number.isInteger(value.pid)
      ? (value as Holder)
      : null;
  } catch {
    return null;
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "EEXIST") return false;
    // Some mounted file systems have no hard links; an exclusive copy is the next best.
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(code)) throw error;
    return await copyIfFree(from, to);
  }
}

async function copyIfFree(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

async function modifiedAt(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return null;
  }
}
