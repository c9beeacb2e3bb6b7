import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "./free-port.ts";

const ROOT = "/usr/lib/postgresql";

/** Where the newest installed PostgreSQL server's programs are; null where none is. */
export function findPostgres(): string | null {
  if (!existsSync(ROOT)) return null;
  const versions = readdirSync(ROOT).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(ROOT, version, "bin")).find((bin) => existsSync(join(bin, "initdb"))) ?? null;
}

/** Starts a fresh server on a free loopback port, for tests; PostgreSQL refuses to run as root, so root lends it another user. */
export async function startPostgres(bin: string): Promise<{
  url: string;
  /** Stops the server and keeps its data; `resume` starts it again where it was. */
  halt(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}> {
  const user = process.getuid?.() === 0 ? unprivilegedUser() : {};
  const directory = mkdtempSync(join(tmpdir(), "switchyard-postgres-"));
  if (user.uid !== undefined && user.gid !== undefined) chownSync(directory, user.uid, user.gid);
  const data = join(directory, "data");
  const options = { cwd: directory, env: { ...process.env, LC_ALL: "C.UTF-8" }, ...user };
  execFileSync(join(bin, "initdb"), ["-D", data, "-U", "switchyard", "-A", "trust", "-N", "-E", "UTF8"], {
    ...options,
    stdio: "ignore",
  });
  const port = await freePort();
  const flags = ["-D", data, "-p", String(port), "-k", directory, "-h", "127.0.0.1", "-F"];
  const start = async () => {
    const server = spawn(join(bin, "postgres"), flags, { ...options, stdio: "ignore" });
    const ended = once(server, "exit");
    const deadline = Date.now() + 15_000;
    while (spawnFails(join(bin, "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", String(port)])) {
      if (Date.now() > deadline || server.exitCode !== null) throw new Error("PostgreSQL did not start");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return async () => {
      // SIGINT is PostgreSQL's fast shutdown.
      server.kill("SIGINT");
      await ended;
    };
  };
  let halt = await start();
  return {
    url: `postgres://switchyard@127.0.0.1:${port}/postgres`,
    halt: () => halt(),
    async resume() {
      halt = await start();
    },
    async stop() {
      await halt();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Who holds an application's lease, whether or not it has run out; null where nobody ever did. */
export async function readLeaseHolder(databaseUrl: string, application: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query("select holder from leases where application = $1", [application]);
    return rows[0]?.holder ?? null;
  } finally {
    await client.end();
  }
}

function spawnFails(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return false;
  } catch {
    return true;
  }
}

function unprivilegedUser(): { uid?: number; gid?: number } {
  for (const name of ["postgres", "nobody"]) {
    const line = readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .find((entry) => entry.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(":") ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return {};
}
