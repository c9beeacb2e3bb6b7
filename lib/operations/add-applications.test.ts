import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Config } from "../config/config.ts";
import type { ReloadOutcome } from "../config/config-difference.ts";
import { parseConfigFile } from "../config/config-file.ts";
import { createSettingsFile } from "../config/settings-file.ts";
import type { DiscoveryReport } from "../domain/discovery/discovery-report.ts";
import { createDiscoveryLooks } from "../observe/discovery-looks.ts";
import { getDiscovery } from "../queries/get-discovery.ts";
import type { Context } from "../request/context.ts";
import { createTestWorld, type TestWorld } from "../testing/test-world.ts";
import { addApplications } from "./add-applications.ts";

let world: TestWorld;
let folder: string;
let path: string;
let now = 1_800_000_000_000;
beforeAll(async () => {
  world = await createTestWorld({ sandbox: { speed: 10, ecs: { virtual: true } } });
  folder = mkdtempSync(join(tmpdir(), "switchyard-add-"));
  path = join(folder, "switchyard.yaml");
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world.close();
});

/** Everything of the world, with a switchyard.yaml of its own that describes nothing. */
function withFile(reloaded: Partial<ReloadOutcome> = {}) {
  writeFileSync(path, "# ours\napplications: []\n");
  const config = { configPath: path, applications: [] } as unknown as Config;
  const reload = async () => {
    const parsed = parseConfigFile(readFileSync(path, "utf8"), path, {});
    if (parsed.ok) config.applications = parsed.file.applications;
    return { at: now, isTaken: parsed.ok, words: "added library", ...reloaded };
  };
  const runtime = {
    ...world.runtime,
    discovery: createDiscoveryLooks({ aws: world.aws, now: () => now }),
    settings: createSettingsFile({ config, env: {}, reload }),
  };
  return (role: Parameters<TestWorld["as"]>[0]): Context => ({ ...world.as(role), runtime });
}
const newest = async () => (await world.runtime.store.listAudit({}, { limit: 1 })).items[0];
/** Once a look that is under way is over. */
async function seenBy(ctx: Context): Promise<DiscoveryReport> {
  const seen = await getDiscovery(ctx);
  if (!seen.ok) throw new Error(seen.message);
  return seen.value.lookingSince === null ? seen.value : seenBy(ctx);
}
const entryOf = async (ctx: Context, name: string) => {
  const found = (await seenBy(ctx)).proposals.find((one) => one.name === name);
  if (!found) throw new Error(`${name} is not proposed`);
  return { name, hash: found.hash };
};

test("what discovery shows is added as it was read, the file is read again, and then it is described", async () => {
  const as = withFile();
  const library = await entryOf(as("admin"), "library");
  const added = await addApplications(as("admin"), { proposals: [library, library] });
  expect(added).toEqual({
    ok: true,
    value: { added: ["library"], reload: { at: now, isTaken: true, words: "added library" } },
  });
  expect(readFileSync(path, "utf8")).toMatch(/^# ours\n[\s\S]*name: "library"/);
  expect(await newest()).toMatchObject({ action: "settings.added", outcome: "done", application: null });
  const { proposals } = await seenBy(as("viewer"));
  expect(proposals.find(({ name }) => name === "library")?.describedBy).toBe("library");
  expect(await addApplications(as("admin"), { proposals: [library] })).toEqual({
    ok: true,
    value: { added: [], reload: null },
  });
});

test("an admin of everything alone sees where the file is and adds to it; a refusal is in the audit", async () => {
  const as = withFile();
  const library = await entryOf(as("viewer"), "library");
  expect((await seenBy(as("admin"))).file).toEqual({ path, isWritable: true });
  for (const role of ["viewer", "operator", "approver"] as const) {
    expect((await seenBy(as(role))).file).toBeNull();
    expect(await addApplications(as(role), { proposals: [library] })).toMatchObject({ ok: false, code: "FORBIDDEN" });
    expect(await newest()).toMatchObject({ action: "settings.added", outcome: "refused" });
  }
  const { identity, ...rest } = as("viewer");
  const ofOne = { ...rest, identity: identity && { ...identity, role: null, applicationRoles: { library: "admin" } } };
  expect(await getDiscovery(ofOne as Context)).toMatchObject({ ok: false, code: "FORBIDDEN" });
  expect(await addApplications(ofOne as Context, { proposals: [library] })).toMatchObject({ code: "FORBIDDEN" });
  expect(readFileSync(path, "utf8")).toBe("# ours\napplications: []\n");
});

test.each([
  ["another entry than was read", { name: "library", hash: "0123456789abcdef" }, "RECEIPT_OUTDATED"],
  ["what is not proposed", { name: "coffee", hash: "0123456789abcdef" }, "NOT_FOUND"],
  ["text instead of a hash", { name: "library", hash: "applications: []" }, "INVALID_INPUT"],
])("%s is not added", async (_what, proposal, code) => {
  const as = withFile();
  await seenBy(as("admin"));
  expect(await addApplications(as("admin"), { proposals: [proposal] })).toMatchObject({ ok: false, code });
  expect(readFileSync(path, "utf8")).toBe("# ours\napplications: []\n");
});

test("a file with a mistake stays as it is and the refusal says where; one that is not taken over is told", async () => {
  const as = withFile({ isTaken: false, words: "a deployment is in flight" });
  const library = await entryOf(as("admin"), "library");
  expect(await addApplications(as("admin"), { proposals: [library] })).toMatchObject({
    value: { added: ["library"], reload: { isTaken: false, words: "a deployment is in flight" } },
  });
  writeFileSync(path, "applications: no\n");
  expect(await addApplications(as("admin"), { proposals: [library] })).toMatchObject({
    ok: false,
    code: "INVALID_INPUT",
    message: expect.stringContaining("applications"),
  });
  expect(readFileSync(path, "utf8")).toBe("applications: no\n");
});

test("however many ask, AWS is asked once; whoever asks again is asked for no sooner than a while later", async () => {
  const as = withFile();
  const calls = () => world.sandbox.calls.counts()["ecs.ListServices"]?.count ?? 0;
  const before = calls();
  await Promise.all(["viewer", "operator", "admin"].map((role) => getDiscovery(as(role as "viewer"), true)));
  await seenBy(as("viewer"));
  const clusters = calls() - before;
  expect(clusters).toBeGreaterThan(0);
  await getDiscovery(as("viewer"), true);
  expect(calls() - before).toBe(clusters);
  now += 60_000;
  await getDiscovery(as("viewer"));
  expect(calls() - before).toBe(clusters);
  await getDiscovery(as("viewer"), true);
  await seenBy(as("viewer"));
  expect(calls() - before).toBe(2 * clusters);
});

test("a look that takes long is said to be under way, and what was found before stays", async () => {
  const as = withFile();
  const first = await seenBy(as("viewer"));
  now += 60_000;
  world.sandbox.faults.add({
    ...{
      kind: "latency",
      service: "ecs",
      operation: "ListClusters",
      rate: 1,
      ms: 3_000,
      remaining: 1,
      phase: "before",
    },
  });
  const meanwhile = await getDiscovery(as("viewer"), true);
  expect(meanwhile).toMatchObject({ ok: true, value: { lookingSince: now, at: first.at } });
  expect(await seenBy(as("viewer"))).toMatchObject({ lookingSince: null, at: now });
});
