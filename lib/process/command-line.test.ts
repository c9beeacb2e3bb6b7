import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { parseConfigFile } from "../config/config-file.ts";
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
  expect(failing).toMatchObject({ status: 1, error: "" });
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

test.each([
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
