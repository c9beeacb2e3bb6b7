import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { copyEmptyRecord, createMemoryStore } from "../testing/memory-store.ts";
import { findPostgres, startPostgres } from "../testing/test-postgres.ts";
import { auditRow, deploymentRow, finishedRow, incidentRow, journalRow, stoppedTask } from "../testing/test-rows.ts";
import { createStore } from "./create-store.ts";
import { DeploymentInFlight, type Fence, FenceLost, RecordChanged, type Store } from "./store.ts";

const postgres = findPostgres();

/** Puts this in the place of the record, as it is. */
const save = (store: Store, deployment: Deployment, entries: ReturnType<typeof journalRow>[], fence: Fence) =>
  store.changeDeployment(deployment.id, fence, async () => ({ deployment, entries, audit: [] }));

describe.each([
  { name: "in memory", isHere: true, start: async () => ({ open: () => createMemoryStore(), stop() {} }) },
  {
    name: "in a directory",
    isHere: true,
    async start() {
      const dataDir = mkdtempSync(join(tmpdir(), "switchyard-store-"));
      return {
        open: () => createStore({ dataDir }),
        stop: () => rmSync(dataDir, { recursive: true, force: true }),
      };
    },
  },
  {
    name: "on a PostgreSQL server",
    isHere: postgres !== null,
    async start() {
      const server = await startPostgres(postgres ?? "");
      return { open: () => createStore({ databaseUrl: server.url }), stop: () => server.stop() };
    },
  },
])("the store $name", ({ isHere, start }) => {
  let store: Store;
  let world: Awaited<ReturnType<typeof start>>;
  let serial = 0;
  /** Every test has an application of its own, so that one database serves all of them. */
  const newName = () => `app-${++serial}`;

  beforeAll(async () => {
    if (!isHere) return;
    world = await start();
    store = await world.open();
  });
  afterAll(async () => {
    if (!isHere) return;
    await store.close();
    await world.stop();
  });

  async function leased(application: string, holder = "me"): Promise<Fence> {
    const fence = await store.acquireLease(application, holder, 1000, 1000);
    if (!fence) throw new Error("no lease");
    return fence;
  }
  const it = isHere ? test : test.skip;

  it("answers a ping and gives back a deployment as it was stored", async () => {
    await store.ping();
    const application = newName();
    const row = deploymentRow({
      id: `${application}-1`,
      application,
      statusReason: "NUL \u0000, half a pair \ud800, ünïcödé 🚦",
    });
    await store.insertDeployment(row);
    expect(await store.findDeployment(row.id)).toEqual(row);
    expect(await store.findDeploymentInFlight(application)).toEqual(row);
    expect(await store.findLastFinished(application)).toBeNull();
    expect(await store.findDeployment("nothing")).toBeNull();
  });

  it("keeps one deployment in flight for each application, and names it to the second", async () => {
    const application = newName();
    const first = deploymentRow({ id: `${application}-1`, application });
    await store.insertDeployment(first);
    const second = store.insertDeployment(deploymentRow({ id: `${application}-2`, application }));
    await expect(second).rejects.toBeInstanceOf(DeploymentInFlight);
    await expect(second).rejects.toMatchObject({ deployment: { id: first.id } });

    const fence = await leased(application);
    await save(store, { ...first, status: "SUCCESSFUL", finishedAt: 2000 }, [], fence);
    await store.insertDeployment(deploymentRow({ id: `${application}-2`, application }));
    expect((await store.findDeploymentInFlight(application))?.id).toBe(`${application}-2`);
  });

  it("lets one of many simultaneous deployments in", async () => {
    const application = newName();
    const tries = Array.from({ length: 8 }, (_, i) =>
      store.insertDeployment(deploymentRow({ id: `${application}-${i}`, application })),
    );
    const results = await Promise.allSettled(tries);
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    for (const result of results)
      if (result.status === "rejected") expect(result.reason).toBeInstanceOf(DeploymentInFlight);
  });

  it("takes a deployment only where none has ended but those that it was decided on", async () => {
    const application = newName();
    const row = (id: string) => deploymentRow({ id: `${application}-${id}`, application });
    await store.insertDeployment(row("1"), []);
    await expect(store.insertDeployment(row("2"), [])).rejects.toBeInstanceOf(DeploymentInFlight);
    const fence = await leased(application);
    await save(store, { ...row("1"), status: "SUCCESSFUL", finishedAt: 2000 }, [], fence);
    await expect(store.insertDeployment(row("2"), [])).rejects.toBeInstanceOf(RecordChanged);
    expect(await store.findDeployment(`${application}-2`)).toBeNull();
    await store.insertDeployment(row("2"), [`${application}-1`, `${application}-0`]);
    expect((await store.findDeploymentInFlight(application))?.id).toBe(`${application}-2`);
  });

  it("does not take two deployments of one id for one in flight", async () => {
    const application = newName();
    await store.insertDeployment(finishedRow(`${application}-1`, 1000, { application }));
    await expect(
      store.insertDeployment(finishedRow(`${application}-1`, 1000, { application })),
    ).rejects.not.toBeInstanceOf(DeploymentInFlight);
  });

  it("numbers the journal from one, in order, across saves", async () => {
    const application = newName();
    const row = deploymentRow({ id: `${application}-1`, application });
    await store.insertDeployment(row);
    const fence = await leased(application);
    await save(store, row, [journalRow("one"), journalRow("two")], fence);
    await save(store, { ...row, stage: "POST_SCALE_UP" }, [journalRow("three")], fence);
    const entries = await store.listJournal(row.id);
    expect(entries.map(({ sequence, message }) => [sequence, message])).toEqual([
      [1, "one"],
      [2, "two"],
      [3, "three"],
    ]);
    expect(entries[0]).toEqual({ ...journalRow("one"), sequence: 1 });
    expect((await store.findDeployment(row.id))?.stage).toBe("POST_SCALE_UP");
    expect(await store.listJournal("nothing")).toEqual([]);
  });

  it("saves nothing at all once the fence is lost", async () => {
    const application = newName();
    const row = deploymentRow({ id: `${application}-1`, application });
    await store.insertDeployment(row);
    const old = await leased(application, "replica-a");
    const taken = await store.acquireLease(application, "replica-b", 2000, 1000);
    expect(taken?.token).toBe(old.token + 1);
    const late = save(store, { ...row, stage: "BAKE_TIME" }, [journalRow("late")], old);
    await expect(late).rejects.toBeInstanceOf(FenceLost);
    expect((await store.findDeployment(row.id))?.stage).toBe("SCALE_UP");
    expect(await store.listJournal(row.id)).toEqual([]);
  });

  it("loses none of many changes at once, with a lease or without, and numbers what they tell", async () => {
    const application = newName();
    const row = deploymentRow({ id: `${application}-1`, application, reason: "" });
    await store.insertDeployment(row);
    const fence = await leased(application);
    const letters = ["a", "b", "c", "d", "e", "f", "g", "h"];
    await Promise.all(
      letters.map((letter, index) =>
        store.changeDeployment(row.id, index % 2 === 0 ? fence : null, async (newest, journal) => {
          expect(await journal()).toHaveLength((newest.reason ?? "").length);
          const deployment = { ...newest, reason: `${newest.reason}${letter}` };
          return { deployment, entries: [journalRow(letter)], audit: [] };
        }),
      ),
    );
    const told = (await store.listJournal(row.id)).map((entry) => entry.message).join("");
    expect([...told].sort()).toEqual(letters);
    expect((await store.findDeployment(row.id))?.reason).toBe(told);
  });

  it("changes nothing when the change answers null or throws", async () => {
    const application = newName();
    const row = deploymentRow({ id: `${application}-1`, application });
    await store.insertDeployment(row);
    expect(await store.changeDeployment(row.id, null, async () => null)).toBeNull();
    const thrown = store.changeDeployment(row.id, null, () => Promise.reject(new Error("not so")));
    await expect(thrown).rejects.toThrow("not so");
    expect(await store.findDeployment(row.id)).toEqual(row);
    expect(await store.listJournal(row.id)).toEqual([]);
  });

  it("refuses to save with another application's fence, or a deployment that was never stored", async () => {
    const application = newName();
    const fence = await leased(application);
    const other = deploymentRow({ id: `${application}-other`, application: newName() });
    await store.insertDeployment(other);
    await expect(save(store, other, [], fence)).rejects.toThrow(/guard/);
    expect(await save(store, deploymentRow({ id: "nothing", application }), [], fence)).toBeNull();
  });

  it("gives a lease to one holder until it runs out, and renews it with the same token", async () => {
    const application = newName();
    const first = await store.acquireLease(application, "a", 1000, 500);
    expect(first).toEqual({ application, holder: "a", token: 1 });
    expect(await store.acquireLease(application, "b", 1499, 500)).toBeNull();
    expect(await store.acquireLease(application, "a", 1400, 500)).toEqual(first);
    expect(await store.acquireLease(application, "b", 1899, 500)).toBeNull();
    expect(await store.acquireLease(application, "b", 1900, 500)).toMatchObject({ holder: "b", token: 2 });
  });

  it("counts the replicas that are there, once each, without those that ended or were not seen for long", async () => {
    const [a, b, c] = [newName(), newName(), newName()];
    const see = (holder: string, now: number, throttles = {}) => store.seeReplica({ holder, throttles }, now, 15_000);
    const before = (await see(a, 1_000_000)).length;
    expect(await see(b, 1_001_000, { "eu-west-1 elb-read": 2 })).toHaveLength(before + 1);
    const seen = await see(a, 1_005_000, { "eu-west-1 sts": 1 });
    expect(seen).toHaveLength(before + 1);
    expect(seen).toContainEqual({ holder: b, throttles: { "eu-west-1 elb-read": 2 } });
    expect(seen).toContainEqual({ holder: a, throttles: { "eu-west-1 sts": 1 } });
    await store.forgetReplica(b);
    expect(await see(c, 1_006_000)).toHaveLength(before + 1);
    // Far ahead of all of them, as after a night.
    expect(await see(c, 9_000_000)).toEqual([{ holder: c, throttles: {} }]);
    await store.forgetReplica(c);
  });

  it("gives a lease to one of many that ask at once", async () => {
    const application = newName();
    const asked = await Promise.all(
      Array.from({ length: 8 }, (_, i) => store.acquireLease(application, `replica-${i}`, 1000, 1000)),
    );
    expect(asked.filter((fence) => fence !== null)).toHaveLength(1);
  });

  it("lets go of a lease at once, but not of somebody else's", async () => {
    const application = newName();
    const mine = await leased(application, "a");
    await store.releaseLease(mine);
    const theirs = await store.acquireLease(application, "b", 1000, 1000);
    expect(theirs?.token).toBe(mine.token + 1);
    await store.releaseLease(mine);
    expect(await store.acquireLease(application, "c", 1000, 1000)).toBeNull();
    await expect(save(store, deploymentRow({ application }), [], mine)).rejects.toBeInstanceOf(FenceLost);
  });

  it("tells a lease that ran out without being given up, whoever holds it next", async () => {
    const [left, given] = [newName(), newName()];
    await leased(left);
    await store.releaseLease(await leased(given));
    const isLeft = async (now: number) =>
      (await store.listLeftLeases(now)).filter((each) => [left, given].includes(each));
    expect(await isLeft(1999)).toEqual([]);
    expect(await isLeft(2000)).toEqual([left]);
    await store.acquireLease(left, "next", 2000, 1000);
    expect(await isLeft(2001)).toEqual([]);
  });

  it("pages deployments newest first, also where many start in one millisecond", async () => {
    const application = newName();
    const ids = ["a", "b", "c", "d", "e"].map((letter) => `${application}-${letter}`);
    for (const id of ids) await store.insertDeployment(finishedRow(id, 5000, { application }));
    await store.insertDeployment(finishedRow(`${application}-old`, 4000, { application }));
    await store.insertDeployment(deploymentRow({ id: `${application}-now`, application, startedAt: 6000 }));
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < 10; pages++) {
      const page = await store.listDeployments(application, { limit: 2, cursor });
      seen.push(...page.items.map((row) => row.id.slice(application.length + 1)));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(["now", "e", "d", "c", "b", "a", "old"]);
    expect((await store.listDeployments(application, { limit: 50, cursor: "garbage" })).items).toHaveLength(7);
  });

  it("finds the deployment that finished last, and all in flight oldest first", async () => {
    const application = newName();
    await store.insertDeployment(finishedRow(`${application}-1`, 1000, { application, finishedAt: 9000 }));
    await store.insertDeployment(finishedRow(`${application}-2`, 2000, { application, finishedAt: 3000 }));
    expect((await store.findLastFinished(application))?.id).toBe(`${application}-1`);
    const other = newName();
    await store.insertDeployment(deploymentRow({ id: `${application}-3`, application, startedAt: 20 }));
    await store.insertDeployment(deploymentRow({ id: `${other}-1`, application: other, startedAt: 10 }));
    const inFlight = (await store.listDeploymentsInFlight()).map((row) => row.id);
    expect(inFlight.indexOf(`${other}-1`)).toBeLessThan(inFlight.indexOf(`${application}-3`));
    expect(inFlight).not.toContain(`${application}-1`);
  });

  it("finds what waits for approval, newest first, of all applications or of some", async () => {
    const rule = { approvers: 1, requesterMayApprove: false, timeLimitMinutes: 60, onTimeLimit: "ROLLBACK" } as const;
    const from = { roles: ["approver" as const], addresses: [], claims: [] };
    const waiting = (application: string, since: number, state: "waiting" | "approved" = "waiting") =>
      deploymentRow({
        id: `${application}-1`,
        application,
        stage: "PRE_PRODUCTION_TRAFFIC_SHIFT",
        stages: [
          {
            stage: "PRE_PRODUCTION_TRAFFIC_SHIFT",
            status: "AWAITING_ACTION",
            startedAt: since,
            finishedAt: null,
            detail: "a\u0000b",
          },
        ],
        approval: { ...rule, from, state, given: 0, expiresAt: since + 1, subject: null },
      });
    const [older, newer, done, plain] = [newName(), newName(), newName(), newName()];
    await store.insertDeployment(waiting(older, 1000));
    await store.insertDeployment(waiting(newer, 2000));
    await store.insertDeployment(waiting(done, 3000, "approved"));
    await store.insertDeployment(deploymentRow({ id: `${plain}-1`, application: plain }));
    const ids = async (applications: string[] | null) =>
      (await store.listAwaitingApproval(applications)).map((row) => row.id);
    expect(await ids([older, newer, done, plain])).toEqual([`${newer}-1`, `${older}-1`]);
    expect(await ids([older])).toEqual([`${older}-1`]);
    expect(await ids([])).toEqual([]);
    expect(await ids(null)).toEqual(expect.arrayContaining([`${newer}-1`, `${older}-1`]));
    // Once it goes on it is no longer among them.
    const fence = await store.acquireLease(newer, "me", 1, 60_000);
    if (!fence) throw new Error("No lease");
    await save(store, waiting(newer, 2000, "approved"), [], fence);
    expect(await ids([newer])).toEqual([]);
  });

  it("remembers an idempotency key once, with what came of it", async () => {
    const scope = newName();
    expect(await store.claimIdempotencyKey(scope, "k", "hash-1", 1000)).toBeNull();
    expect(await store.claimIdempotencyKey(scope, "k", "hash-2", 1001)).toEqual({
      requestHash: "hash-1",
      deploymentId: null,
      claimedAt: 1000,
    });
    await store.completeIdempotencyKey(scope, "k", "d-9");
    expect(await store.claimIdempotencyKey(scope, "k", "hash-1", 1002)).toEqual({
      requestHash: "hash-1",
      deploymentId: "d-9",
      claimedAt: 1000,
    });
    expect(await store.claimIdempotencyKey(`${scope}-other`, "k", "hash-1", 1003)).toBeNull();
  });

  it("answers a key with the change that it asked for, in one transaction, and keeps it then", async () => {
    const scope = newName();
    const row = deploymentRow({ id: `${scope}-1`, application: scope });
    await store.insertDeployment(row);
    const claim = () => store.claimIdempotencyKey(scope, "k", "h", 1000);
    const answers = { scope, key: "k" };
    const change = (audit: ReturnType<typeof auditRow>[]) =>
      store.changeDeployment(row.id, null, async () => ({ deployment: row, entries: [], audit, answers }));
    expect(await claim()).toBeNull();
    const told = auditRow({ id: `${scope}-told` });
    await expect(change([told, told])).rejects.toThrow();
    expect(await claim()).toMatchObject({ deploymentId: null });
    await change([told]);
    await store.releaseIdempotencyKey(scope, "k");
    expect(await claim()).toMatchObject({ deploymentId: row.id });
  });

  it("frees a refused key at once and every key after a day", async () => {
    const scope = newName();
    await store.claimIdempotencyKey(scope, "refused", "h", 1000);
    await store.releaseIdempotencyKey(scope, "refused");
    expect(await store.claimIdempotencyKey(scope, "refused", "h", 1001)).toBeNull();
    const day = 24 * 60 * 60 * 1000;
    expect(await store.claimIdempotencyKey(scope, "refused", "h", 1000 + day)).not.toBeNull();
    expect(await store.claimIdempotencyKey(scope, "refused", "h", 1001 + day)).toBeNull();
  });

  it("claims a key for one of many that bring it at once", async () => {
    const scope = newName();
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, i) => store.claimIdempotencyKey(scope, "k", `hash-${i}`, 1000)),
    );
    expect(claims.filter((claim) => claim === null)).toHaveLength(1);
  });

  it("lists the audit newest first, filtered and paged", async () => {
    const application = newName();
    for (let i = 0; i < 5; i++)
      await store.appendAudit(
        auditRow({ id: `${application}-${i}`, at: 1000 + i, application, actorName: i % 2 ? "Odd" : "Even" }),
      );
    const first = await store.listAudit({ application }, { limit: 2 });
    expect(first.items.map((row) => row.at)).toEqual([1004, 1003]);
    const second = await store.listAudit({ application }, { limit: 9, cursor: first.nextCursor ?? "" });
    expect(second.items.map((row) => row.at)).toEqual([1002, 1001, 1000]);
    expect(second.nextCursor).toBeNull();
    expect((await store.listAudit({ application, actor: "Odd" }, { limit: 9 })).items).toHaveLength(2);
    expect((await store.listAudit({ application, actor: "kim@example.com" }, { limit: 9 })).items).toHaveLength(5);
    const between = await store.listAudit({ application, from: 1001, to: 1002 }, { limit: 9 });
    expect(between.items.map((row) => row.at)).toEqual([1002, 1001]);
    expect(first.items[0]).toMatchObject(
      auditRow({ id: `${application}-4`, at: 1004, application, actorName: "Even" }),
    );
  });

  it("finds a person's rows by id and by name, each once, newest first over pages", async () => {
    const application = newName();
    const people = [
      { actorId: application, actorName: application },
      { actorId: application, actorName: "Kim" },
      { actorId: "kim@example.com", actorName: application },
      { actorId: "kim@example.com", actorName: "Kim" },
      { actorId: application, actorName: "Kim" },
    ];
    for (const [i, person] of people.entries())
      await store.appendAudit(auditRow({ id: `${application}-${i}`, at: 1000 + i, application, ...person }));
    const first = await store.listAudit({ actor: application }, { limit: 2 });
    expect(first.items.map((row) => row.at)).toEqual([1004, 1002]);
    const second = await store.listAudit({ actor: application }, { limit: 2, cursor: first.nextCursor ?? "" });
    expect(second.items.map((row) => row.at)).toEqual([1001, 1000]);
    expect(second.nextCursor).toBeNull();
  });

  it("stores texts of strangers in the audit, also a NUL", async () => {
    const application = newName();
    await store.appendAudit(auditRow({ id: application, application, reason: "a\u0000b\ud800" }));
    expect((await store.listAudit({ application }, { limit: 1 })).items[0]?.reason).toBe("a\uFFFDb\uFFFD");
  });

  it("keeps stopped tasks newest first, with the last lines once read", async () => {
    const application = newName();
    await store.saveStoppedTask(application, "green", stoppedTask("one", 1000), ["boom\u0000"]);
    await store.saveStoppedTask(application, "green", stoppedTask("two", 2000), []);
    await store.saveStoppedTask(application, "green", stoppedTask("one", 1000), []);
    expect(await store.listStoppedTasks(application, 10)).toEqual([
      { slot: "green", task: stoppedTask("two", 2000), lastLines: [] },
      { slot: "green", task: stoppedTask("one", 1000), lastLines: ["boom\u0000"] },
    ]);
    expect(await store.listStoppedTasks(application, 1)).toHaveLength(1);
  });

  it("keeps incidents once, newest first, and of each application so many bytes, oldest gone first", async () => {
    const application = newName();
    const other = newName();
    const one = incidentRow({ application, id: "i-1", at: 1000, title: "boom\u0000\ud800" });
    const size = JSON.stringify(one).length;
    expect(await store.saveIncident(one, 3 * size)).toBe(true);
    expect(await store.saveIncident({ ...one, title: "again" }, 3 * size)).toBe(false);
    expect(await store.findIncident(application, "i-1")).toEqual(one);
    await store.saveIncident(incidentRow({ application: other, id: "i-1", at: 1 }), 3 * size);
    for (let i = 2; i <= 5; i++)
      await store.saveIncident(incidentRow({ application, id: `i-${i}`, at: i * 1000 }), 3 * size);
    expect((await store.listIncidents(application, 10)).map(({ id }) => id)).toEqual(["i-5", "i-4", "i-3"]);
    expect(await store.findIncident(application, "i-1")).toBeNull();
    expect(await store.listIncidents(other, 10)).toHaveLength(1);
  });

  it("keeps the newest two hundred stopped tasks", async () => {
    const application = newName();
    for (let i = 0; i < 205; i++) await store.saveStoppedTask(application, "blue", stoppedTask(`t-${i}`, i), []);
    const kept = await store.listStoppedTasks(application, 500);
    expect(kept).toHaveLength(200);
    expect(kept.at(-1)?.task.id).toBe("t-5");
  });
});

test("a lease that a killed process left in its directory is not waited for, and fences that process off", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "switchyard-store-"));
  await copyEmptyRecord(dataDir);
  try {
    const before = await createStore({ dataDir });
    const old = await before.acquireLease("library", "killed", 1000, 15_000);
    await before.insertDeployment(deploymentRow({ id: "d-1", application: "library" }));
    await before.close();
    const store = await createStore({ dataDir });
    try {
      expect(await store.listLeftLeases(1001)).toEqual(["library"]);
      const fence = await store.acquireLease("library", "next", 1001, 15_000);
      expect(fence?.token).toBeGreaterThan(old?.token ?? Number.NaN);
      const late = deploymentRow({ id: "d-1", application: "library" });
      await expect(save(store, late, [], old as Fence)).rejects.toThrow(FenceLost);
    } finally {
      await store.close();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test.skipIf(postgres === null)(
  "a server that goes away between two questions of a transaction ends only that",
  async () => {
    const server = await startPostgres(postgres ?? "");
    const store = await createStore({ databaseUrl: server.url });
    try {
      const row = deploymentRow();
      await store.insertDeployment(row);
      const changed = store.changeDeployment(row.id, null, async () => {
        await server.halt();
        return { deployment: { ...row, stage: "BAKE_TIME" }, entries: [journalRow("lost")], audit: [] };
      });
      await expect(changed).rejects.toThrow();
      await server.resume();
      await store.ping();
      expect(await store.findDeployment(row.id)).toEqual(row);
      expect(await store.listJournal(row.id)).toEqual([]);
    } finally {
      await store.close();
      await server.stop();
    }
  },
);
