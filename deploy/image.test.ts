import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { freePort } from "../lib/testing/free-port.ts";

/* The folder that the image copies, run with exactly the commands of the Dockerfile and the runbook. */

const ROOT = new URL("..", import.meta.url).pathname;
const dockerfile = readFileSync(join(ROOT, "Dockerfile"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "switchyard-image-"));
const app = join(folder, "app");
let server: ChildProcess | null = null;
let env: NodeJS.ProcessEnv = { NODE_ENV: "production" };

beforeAll(async () => {
  const copied = /^COPY --from=build .*?\/src\/(\S+) \.\/$/m.exec(dockerfile)?.[1] ?? "";
  const built = join(ROOT, copied);
  expect(existsSync(join(built, "server.js")), "built by node scripts/ensure-build.mjs").toBe(true);
  cpSync(built, app, { recursive: true });
  mkdirSync(join(folder, "data"));
  const set = /^ENV ((?:.*\\\n)*.*)$/m.exec(dockerfile)?.[1] ?? "";
  const given = Object.fromEntries([...set.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
  env = {
    ...given,
    NODE_ENV: "production",
    // The image's own Node.js is the project's.
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    PORT: String(await freePort()),
    SWITCHYARD_HOST: "127.0.0.1",
    SWITCHYARD_CONFIG: join(ROOT, "sandbox/switchyard.yaml"),
    DATA_DIR: join(folder, "data"),
    NODE_COMPILE_CACHE: join(folder, "compile-cache"),
    NEXTAUTH_URL: "http://127.0.0.1:3000",
    NEXTAUTH_SECRET: "image-secret-0123456789abcdef-0123",
    // Nobody answers there: the image is what is tried.
    AWS_ENDPOINT_URL: "http://127.0.0.1:9",
    AWS_REGION: "eu-central-1",
  };
});
afterAll(async () => {
  if (server?.exitCode === null) server.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const run = (args: readonly string[]) =>
  spawnSync(args[0] ?? "", args.slice(1), { cwd: app, env, encoding: "utf8", timeout: 60_000 });

test("starts, passes its health check, and ends in time when it is told to", { timeout: 120_000 }, async () => {
  const [program = "", ...args]: string[] = JSON.parse(lastCmd());
  server = spawn(program, args, { cwd: app, env, stdio: ["ignore", "ignore", "inherit"] });
  const deadline = Date.now() + 60_000;
  while (run(JSON.parse(healthCheck())).status !== 0)
    if (Date.now() > deadline || server.exitCode !== null) throw new Error("The health check does not pass");
  server.kill("SIGTERM");
  const [code] = (await once(server, "exit")) as [number | null];
  expect(code).toBe(0);
});

test("verifies the audit and migrates, as the runbook says", { timeout: 120_000 }, () => {
  const verified = run(["npm", "run", "--silent", "audit:verify"]);
  expect(verified.stderr).toBe("");
  expect(verified).toMatchObject({ status: 0, stdout: expect.stringMatching(/^intact: 0 rows/) });
  const migrated = run(["npm", "run", "--silent", "db:migrate"]);
  expect(migrated).toMatchObject({ status: 2, stderr: "switchyard: set DATABASE_URL and DATABASE_MIGRATION_URL\n" });
});

test("compose keeps the data, splits the roles and leaves passwords out of addresses", () => {
  const { services, volumes } = parse(readFileSync(join(ROOT, "deploy/compose.yaml"), "utf8"));
  const { environment, volumes: mounts, env_file: more } = services.switchyard;
  expect(mounts).toContain("data:/data");
  expect(Object.keys(volumes)).toEqual(["data", "postgres"]);
  expect(environment.DATABASE_URL).toMatch(/^postgres:\/\/switchyard_app@/);
  expect(environment.DATABASE_MIGRATION_URL).toMatch(/^postgres:\/\/switchyard_owner@/);
  expect(services.postgres.environment.POSTGRES_USER).toBe("postgres");
  expect(more).toEqual([{ path: "switchyard.env", required: false }]);
});

function healthCheck(): string {
  return /^HEALTHCHECK[\s\S]*?CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? "[]";
}

function lastCmd(): string {
  return /^CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? "[]";
}
