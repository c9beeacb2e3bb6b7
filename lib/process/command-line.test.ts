import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSandboxAccounts } from "../../sandbox/accounts.ts";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { parseConfigFile } from "../config/config-file.ts";
import type { ReadinessReport } from "../domain/readiness/readiness.ts";
import { createStore } from "../store/create-store.ts";
import { LIBRARY_SETTINGS } from "../testing/library-settings.ts";
import { findPostgres, startPostgres } from "../testing/test-postgres.ts";
import { runCommand } from "./command-line.ts";

let sandbox: Sandbox;
let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  sandbox = await createSandbox({ seed: "all", speed: 10, ecs: { virtual: true } });
  folder = mkdtempSync(join(tmpdir(), "switchyard-"));
  env = { AWS_ENDPOINT_URL: sandbox.url, AWS_REGION: "ap-northeast-2", SWITCHYARD_CONFIG: "sandbox/switchyard.yaml" };
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await sandbox.close();
});

test("init proposes every application of the seeded world, and its text is a switchyard.yaml that verify takes", async () => {
  const { status, out } = await runCommand(["init"], env);
  expect(status).toBe(0);
  const parsed = parseConfigFile(out, "switchyard.yaml", {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const found = Object.fromEntries(parsed.file.applications.map(({ name, controller }) => [name, controller]));
  expect(found).toEqual({
    library: "task-set",
    catalog: "paired-services",
    orders: "ecs-native",
    payments: "ecs-native",
    members: "code-deploy",
  });
  expect(sandbox.calls.journal().filter(({ operation }) => !/^(Describe|List|Get)/.test(operation))).toEqual([]);
  const path = join(folder, "switchyard.yaml");
  writeFileSync(path, out);
  const verified = await runCommand(["verify", "orders", "--json"], { ...env, SWITCHYARD_CONFIG: path });
  expect(JSON.parse(verified.out)).toMatchObject([{ application: "orders", steps: { length: 24 } }]);
  expect(readdirSync(folder)).toEqual(["switchyard.yaml"]);
});

test("verify ends with 1 while something fails, and with 0 once nothing does; what was put off is no failure", async () => {
  const call = { requestId: "test", signal: new AbortController().signal };
  await sandbox.ssm.operations.DeleteParameter?.({ Name: "/catalog/db/url" }, call);
  const failing = await runCommand(["verify", "catalog"], env);
  const unread = "What was put off on Switchyard's page is not known here: DATABASE_URL is not set\n";
  expect(failing).toMatchObject({ status: 1, error: unread });
  expect(failing.out).toContain("there is no parameter /catalog/db/url");
  const open = JSON.parse((await runCommand(["verify", "catalog", "--json"], env)).out);
  const failed = open[0].steps
    .filter(({ outcome }: { outcome: string }) => outcome === "fail")
    .map(({ id }: { id: string }) => id);
  const waved = await runCommand(["verify", "catalog", "--put-off", failed.join(",")], env);
  expect(waved.status).toBe(0);
  expect(waved.out).toContain("put off");
  expect((await runCommand(["verify", "catalog", "--junit"], env)).out).toContain(
    '<testsuite name="catalog" tests="24"',
  );
});

test("in another Region there is nothing, and verify says that it may be the wrong one", async () => {
  const path = join(folder, "elsewhere.yaml");
  writeFileSync(path, readFileSync("sandbox/switchyard.yaml", "utf8").replace("ap-northeast-2", "us-east-1"));
  const { status, out } = await runCommand(["verify", "catalog"], { ...env, SWITCHYARD_CONFIG: path });
  expect(status).toBe(1);
  expect(out).toMatch(/warn +nothing that switchyard\.yaml names is in us-east-1 of account 123456789012/);
});

test("verify puts a step off until a day, with a reason; one whose day is over fails again", async () => {
  const until = (day: string) => [
    "verify",
    "library",
    "--put-off",
    `deployment,workflow=${day}:the pipeline, later: in May`,
  ];
  const off = await runCommand(until("2999-05-01"), env);
  expect(off.out).toContain("until 2999-05-01 by the command line: the pipeline, later: in May");
  expect((await runCommand(until("2020-05-01"), env)).out).not.toContain("put off");
});

test("verify looks at each application in its own account and Region", async () => {
  const roleArn = "arn:aws:iam::111122223333:role/switchyard";
  const world = (accountId: string, region: string) => ({
    ...{ place: { accountId, region }, seed: "paired" as const, throttling: false, ecs: { virtual: true } },
  });
  const accounts = await createSandboxAccounts({
    worlds: [world("123456789012", "ap-northeast-2"), world("111122223333", "eu-central-1")],
    roles: [{ arn: roleArn, externalId: "switchyard-1" }],
  });
  const own = { ...LIBRARY_SETTINGS, name: "own" };
  const described = {
    ...{ region: "ap-northeast-2", access: { sandboxUsers: true } },
    accounts: [{ name: "staging", roleArn, externalId: "switchyard-1", regions: ["eu-central-1"] }],
    applications: [own, { ...own, name: "staging", account: "staging" }],
  };
  const fileWith = (content: object) => {
    const path = join(folder, "accounts.yaml");
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  try {
    const there = { ...env, AWS_ENDPOINT_URL: accounts.url, SWITCHYARD_CONFIG: fileWith(described) };
    const reports: ReadinessReport[] = JSON.parse((await runCommand(["verify", "--json"], there)).out);
    expect(reports.map(({ application, region }) => [application, region])).toEqual([
      ["own", "ap-northeast-2"],
      ["staging", "eu-central-1"],
    ]);
    for (const { identity, steps } of reports) {
      expect(steps.find(({ id }) => id === "cluster")?.outcome).toBe("pass");
      expect(identity.points.map(({ said }) => said?.code)).not.toContain("check.nothingHere");
    }
    expect(reports[1]?.identity.points[0]?.evidence).toContain("account 111122223333");
    const lost = await runCommand(["verify", "own"], {
      ...there,
      SWITCHYARD_CONFIG: fileWith({ ...described, region: "us-east-1" }),
    });
    expect(lost.status).toBe(1);
    expect(lost.out).toContain("own in us-east-1: 1 of 24 steps pass");
    expect(lost.out).toMatch(/warn +nothing that switchyard\.yaml names is in us-east-1 of account 123456789012/);
  } finally {
    await accounts.close();
  }
});

test.each([
  [["verify", "library", "--put-off", "workflow=tomorrow:later"], "tomorrow is no day"],
  [["verify", "library", "--put-off", "workflow=2027-02-30:later"], "2027-02-30 is no day"],
  [["verify", "library", "--put-off", "workflow=2027-01-31"], "gives no reason"],
  [["verify", "nope"], "there is no application nope"],
  [["verify", "--yaml"], "--yaml is no option"],
  [["verify", "--json", "--junit"], "choose one"],
  [["verify", "--put-off", "coffee"], "coffee is no step"],
  [["init", "library"], "init takes no name"],
  [["deploy"], "is no command"],
])("%j is not understood, and says what is", async (argv, words) => {
  const { status, error } = await runCommand(argv, env);
  expect(status).toBe(2);
  expect(error).toContain(words);
});

test("AWS that cannot be asked is no success", async () => {
  const { status, error } = await runCommand(["verify", "library"], { ...env, AWS_ENDPOINT_URL: "http://127.0.0.1:9" });
  expect(status).toBe(2);
  expect(error).toContain("AWS could not be asked");
});

test("it runs as a program, with its exit status", async () => {
  const run = promisify(execFile)(process.execPath, ["scripts/switchyard.mjs", "verify", "nope"], {
    env: { ...process.env, ...env },
  });
  await expect(run).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("there is no application nope") });
});

test("verify counts what was put off on the page, where it can read the record, and says where it cannot", async () => {
  const bin = findPostgres();
  const away = { ...env, DATABASE_URL: "postgresql://switchyard@127.0.0.1:1/switchyard" };
  const call = { requestId: "test", signal: new AbortController().signal };
  await sandbox.ssm.operations.DeleteParameter?.({ Name: "/catalog/db/password" }, call);
  const unread = await runCommand(["verify", "catalog", "--json"], away);
  expect(unread).toMatchObject({ status: 1, error: expect.stringMatching(/did not tell it \(.*ECONNREFUSED/) });
  if (bin === null) return;
  const server = await startPostgres(bin);
  try {
    const there = { ...env, DATABASE_URL: server.url };
    // One that Switchyard has not been started with yet is only read.
    expect((await runCommand(["verify", "catalog"], there)).error).toMatch(/did not tell it \(.*put_offs/);
    const store = await createStore({ databaseUrl: server.url });
    const failed = (JSON.parse(unread.out) as ReadinessReport[])[0]?.steps.filter(({ outcome }) => outcome === "fail");
    for (const { id: step } of failed ?? [])
      await store.savePutOff({
        ...{ application: "catalog", step, reason: "waits for the budget", by: "kim@example.com" },
        ...{ at: Date.now(), until: Date.now() + 86_400_000 },
      });
    await store.close();
    const waved = await runCommand(["verify", "catalog"], there);
    expect(waved).toMatchObject({ status: 0, error: "" });
    expect(waved.out).toContain("waits for the budget");
  } finally {
    await server.stop();
  }
});
