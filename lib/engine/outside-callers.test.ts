import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AwsFailure } from "../aws/errors.ts";
import type { Trail } from "../aws/trail.ts";
import type { Application } from "../domain/application/application.ts";
import { actorSaid } from "../domain/deployment/actor-said.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { stageRecord } from "../domain/deployment/deployment-stage.ts";
import { driftWords } from "../domain/drift/drift-words.ts";
import type { Drift, Ledger } from "../domain/drift/ledger.ts";
import type { TrailCall } from "../domain/observation/outside-caller.ts";
import { inEnglish } from "../domain/sentence/in-language.ts";
import type { Store } from "../store/store.ts";
import { aws, gate, look, settle, started } from "../testing/followed.ts";
import { createMemoryStore } from "../testing/memory-store.ts";
import { createOutsideCallers, type OutsideCallers } from "./outside-callers.ts";

/* Who did what nobody did here, as CloudTrail says: late, refused, silent, or about somebody else. */

const ID = "arn:aws:ecs:eu-west-1:111122223333:service-deployment/main/orders/x1";
const LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/web/1/2";
const START = 1_800_000_000_000;
const MINUTE = 60_000;

let store: Store;
let now = START;
/** What CloudTrail tells by now. */
let told: TrailCall[] = [];
let fails: Error | null = null;
let asked: { name: string; from: number; to: number }[] = [];
let logged: string[] = [];
let callers: OutsideCallers;

const trail: Trail = {
  async findCall({ name, from, to, isWanted }) {
    asked.push({ name, from, to });
    if (fails) throw fails;
    const found = told.filter((call) => call.name === name && call.at >= from && call.at <= to && !call.isRefused);
    return found.toSorted((a, b) => b.at - a.at).find(isWanted) ?? null;
  },
};

function newCallers(holder = "replica-1"): OutsideCallers {
  return createOutsideCallers({
    store,
    findApplication: (name) => ({ name }) as Application,
    trailFor: () => trail,
    holder,
    deploymentChanged: () => undefined,
    recordChanged: () => undefined,
    now: () => now,
    log: (_level, message) => logged.push(message),
    onError(error) {
      throw error;
    },
    // Only when it is told to.
    everyMs: 2 ** 30,
  });
}

let tests = 0;

beforeAll(async () => {
  store = await createMemoryStore();
});
afterAll(() => store.close());

beforeEach(() => {
  tests += 1;
  [now, told, fails, asked, logged] = [START, [], null, [], []];
  callers = newCallers();
});

afterEach(() => callers.stop());

const call = (changes: Partial<TrailCall>): TrailCall => ({
  ...{ id: "e-1", name: "UpdateService", at: START, who: "deployer/kim", isRefused: false, isOwn: false },
  subject: { cluster: "main", service: "orders" },
  ...changes,
});

async function foreign(changes: Partial<Deployment> = {}): Promise<Deployment> {
  const deployment: Deployment = {
    ...started(
      { id: ID, isForeign: true },
      { now: START, actor: { id: "aws", name: "Outside Switchyard", via: "engine" } },
    ),
    ...changes,
    ...{ id: `d-${tests}`, application: `app-${tests}` },
  };
  await store.insertDeployment(deployment);
  callers.recordSeen(deployment);
  return deployment;
}

async function pass(ms: number): Promise<void> {
  now = START + ms;
  await callers.look();
}

describe("who started a deployment", () => {
  test("is told once CloudTrail tells, minutes late, and is asked no more then", async () => {
    const { id } = await foreign();
    await pass(10_000);
    expect(asked).toEqual([]);
    await pass(MINUTE);
    expect((await store.findDeployment(id))?.aws?.startedBy).toBeUndefined();
    told = [call({})];
    await pass(5 * MINUTE);
    const found = await store.findDeployment(id);
    expect(found?.aws?.startedBy).toEqual({
      state: "known",
      who: "deployer/kim",
      call: "UpdateService",
      at: START,
      event: "e-1",
    });
    expect(found && inEnglish(actorSaid(found) as never)).toBe("Outside Switchyard: deployer/kim");
    const before = asked.length;
    if (found) callers.recordSeen(found);
    await pass(20 * MINUTE);
    expect(asked).toHaveLength(before);
  });

  test("stays beside what AWS's description says", async () => {
    const { id } = await foreign({ actor: { id: "aws", name: "Outside Switchyard: run: 12", via: "engine" } });
    told = [call({})];
    await pass(MINUTE);
    expect((await store.findDeployment(id))?.actor.name).toBe("Outside Switchyard: deployer/kim, run: 12");
  });

  test.each([
    ["of another service", call({ subject: { cluster: "main", service: "orders-2" } })],
    ["of the same service in another cluster", call({ subject: { cluster: "test", service: "orders" } })],
    ["that AWS refused", call({ isRefused: true })],
    ["of another time", call({ at: START - 10_000 })],
  ])("is not taken from a call %s: after a quarter of an hour there is none", async (_, other) => {
    const { id } = await foreign();
    told = [other];
    for (const minutes of [1, 2, 4, 8, 12]) await pass(minutes * MINUTE);
    expect((await store.findDeployment(id))?.aws?.startedBy).toBeUndefined();
    await pass(17 * MINUTE);
    expect((await store.findDeployment(id))?.aws?.startedBy).toEqual({ state: "unknown" });
    expect(asked.length).toBeLessThanOrEqual(14);
  });

  test("denied: told plainly, nothing more is asked for a while, and again after a restart", async () => {
    fails = new AwsFailure({
      ...{ code: "AccessDeniedException", kind: "denied", retryable: false, requestId: null, isOutcomeUnknown: false },
      ...{ service: "cloudtrail", operation: "LookupEvents" },
      message: "User: x is not authorized to perform: cloudtrail:LookupEvents on resource: *",
    });
    const { id } = await foreign();
    await pass(MINUTE);
    const denied = { state: "denied", permission: "cloudtrail:LookupEvents" };
    const found = await store.findDeployment(id);
    expect(found?.aws?.startedBy).toEqual(denied);
    expect(logged).toHaveLength(1);
    if (found) callers.recordSeen(found);
    await pass(2 * MINUTE);
    expect(asked).toHaveLength(1);

    [fails, told] = [null, [call({})]];
    await callers.stop();
    callers = newCallers("replica-1");
    if (found) callers.recordSeen(found);
    await pass(60 * MINUTE);
    expect((await store.findDeployment(id))?.aws?.startedBy).toMatchObject({ state: "known" });
  });

  test("no answer is asked for again, and said after half an hour", async () => {
    fails = new AwsFailure({
      ...{ code: "ENOTFOUND", kind: "unavailable", retryable: true, requestId: null, isOutcomeUnknown: false },
      ...{ service: "cloudtrail", operation: "LookupEvents", message: "getaddrinfo ENOTFOUND" },
    });
    const { id } = await foreign();
    for (let minutes = 1; minutes < 32; minutes += 1) await pass(minutes * MINUTE);
    expect((await store.findDeployment(id))?.aws?.startedBy).toBeUndefined();
    await pass(33 * MINUTE);
    expect((await store.findDeployment(id))?.aws?.startedBy).toEqual({ state: "away" });
  });

  test("is asked by one replica", async () => {
    const other = newCallers("replica-2");
    const deployment = await foreign();
    other.recordSeen(deployment);
    await pass(MINUTE);
    const before = asked.length;
    await other.look();
    expect(asked).toHaveLength(before);
    await other.stop();
  });
});

test("who answered a gate elsewhere is said where it is said that somebody did", async () => {
  const open = settle(
    started({ id: ID }),
    look([aws({ id: ID, stage: "POST_TEST_TRAFFIC_SHIFT", gates: [gate("g-1")] })]),
  );
  const past = look([aws({ id: ID, stage: "PRODUCTION_TRAFFIC_SHIFT", gates: [gate("g-1", "SUCCEEDED")] })]);
  const deployment = { ...settle(open.deployment, past).deployment, id: `d-${tests}`, application: `app-${tests}` };
  now = deployment.aws?.ended?.[0]?.at ?? 0;
  const at = now;
  await store.insertDeployment(deployment);
  callers.recordSeen(deployment);
  const answer = { name: "ContinueServiceDeployment", at, id: "e-2" };
  told = [
    call({ ...answer, who: "another", subject: { serviceDeploymentArn: ID, hookId: "g-0" } }),
    call({ ...answer, subject: { serviceDeploymentArn: ID, hookId: "g-1" } }),
  ];
  now = at + MINUTE;
  await callers.look();
  const found = await store.findDeployment(deployment.id);
  expect(found?.aws?.ended).toMatchObject([{ how: "elsewhere", by: { state: "known", who: "deployer/kim" } }]);
  expect(found && stageRecord(found, "POST_TEST_TRAFFIC_SHIFT").detail).toBe(
    "Answered outside Switchyard by deployer/kim: AWS went on",
  );
});

test.each([
  ["StopServiceDeployment", ID, { serviceDeploymentArn: ID }],
  ["StopDeployment", "d-ABCDEF012", { deploymentId: "d-ABCDEF012" }],
])("who stopped one in AWS, by %s", async (name, id, subject) => {
  const deployment = await foreign({
    ...started({ id }, { now: START }),
    ...{ status: "STOPPED", finishedAt: START + MINUTE },
  });
  told = [call({ name, at: START + MINUTE, subject })];
  await pass(3 * MINUTE);
  expect((await store.findDeployment(deployment.id))?.aws?.endedBy).toMatchObject({ state: "known", call: name });
});

describe("who changed what the listener or a service holds", () => {
  const drift: Drift = { id: "dr-1", part: "weights", from: "100/0", to: "80/20", seenAt: START, blocks: true };
  const ledger = (drifts: Drift[]): Ledger => ({
    parts: { weights: "100/0" },
    scope: { traffic: LISTENER, blue: "tg-blue web-blue", green: "tg-green web-green", cluster: "main" },
    ...{ at: START - 700 * MINUTE, drifts, version: 0 },
  });

  async function seen(changes: Partial<Drift> = {}): Promise<void> {
    const saved = await store.saveLedger(`app-${tests}`, ledger([{ ...drift, ...changes }]));
    if (saved) callers.ledgerSeen(`app-${tests}`, saved);
  }

  const words = async () => (await store.findLedger(`app-${tests}`))?.drifts.map(driftWords)[0];

  test("weights, by ModifyListener", async () => {
    await seen();
    told = [
      call({ name: "ModifyListener", at: START - 20_000, who: "another", subject: { listenerArn: `${LISTENER}9` } }),
      call({ name: "ModifyListener", at: START - 20_000, subject: { listenerArn: LISTENER } }),
    ];
    await pass(MINUTE);
    expect(await words()).toMatch(
      /^Weights changed from 100\/0 to 80\/20 at \d\d:\d\d UTC, outside Switchyard by deployer\/kim$/,
    );
    expect(asked.map(({ name }) => name)).toEqual(["ModifyListener"]);
  });

  test("made while nobody looked: found over a day, once everything surely is told", async () => {
    await seen();
    told = [call({ name: "ModifyListener", at: START - 600 * MINUTE, subject: { listenerArn: LISTENER } })];
    await pass(11 * MINUTE);
    expect((await store.findLedger(`app-${tests}`))?.drifts[0]?.by).toBeUndefined();
    await pass(17 * MINUTE);
    expect((await store.findLedger(`app-${tests}`))?.drifts[0]?.by).toMatchObject({ state: "known" });
  });

  test.each([
    ["blue.taskDefinition", "UpdateService", { service: "web-blue", cluster: "arn:aws:ecs:x:1:cluster/main" }],
    ["green.deregistrationDelay", "ModifyTargetGroupAttributes", { targetGroupArn: "tg-green" }],
  ] as const)("%s, by %s", async (part, name, subject) => {
    await seen({ part });
    told = [call({ name, at: START - 1_000, subject })];
    await pass(MINUTE);
    expect((await store.findLedger(`app-${tests}`))?.drifts[0]?.by).toMatchObject({ state: "known", call: name });
  });

  test("a count and what was made anew are not asked about", async () => {
    const parts = ["blue.desired", "listener", "green.targetGroup", "blue.foreignTargets"] as const;
    const saved = await store.saveLedger(`app-${tests}`, ledger(parts.map((part) => ({ ...drift, part, id: part }))));
    if (saved) callers.ledgerSeen(`app-${tests}`, saved);
    expect(saved?.drifts).toHaveLength(4);
    await pass(20 * MINUTE);
    expect(asked).toEqual([]);
  });

  test("one that was acknowledged meanwhile stays acknowledged", async () => {
    await seen();
    const kept = await store.findLedger(`app-${tests}`);
    if (kept) await store.saveLedger(`app-${tests}`, { ...kept, drifts: [] });
    told = [call({ name: "ModifyListener", subject: { listenerArn: LISTENER } })];
    await pass(MINUTE);
    expect((await store.findLedger(`app-${tests}`))?.drifts).toEqual([]);
  });
});
