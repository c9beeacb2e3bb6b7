import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createKeyedMutex } from "../async/mutex.ts";
import type { Controller } from "../controllers/controller.ts";
import type { Application } from "../domain/application/application.ts";
import { DEFAULT_CHECKS } from "../domain/application/checks.ts";
import { withStage } from "../domain/deployment/change-stage.ts";
import { type Deployment, isInFlight, STAGES } from "../domain/deployment/deployment.ts";
import {
  advance,
  beginRollback,
  proofSeen,
  requestAbort,
  requestSwitch,
  revisionRegistered,
  rollbackFailed,
  rolledBack,
  shifted,
  shiftSent,
  sideStarted,
  stopped,
} from "../domain/deployment/deployment-transitions.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { Weights } from "../domain/observation/traffic.ts";
import { VERBS, type Verb } from "../domain/verb/verb.ts";
import { createDeploymentRecord } from "../engine/deployment-record.ts";
import type { EngineDeps } from "../engine/engine-deps.ts";
import { createRetirements } from "../engine/retirements.ts";
import type { Context, OperationRuntime } from "../request/context.ts";
import type { Operated } from "../request/operated.ts";
import { DeploymentInFlight, RecordChanged, type Store } from "../store/store.ts";
import { deployment, NOW, observation, revision, waitingForApproval } from "../testing/facts.ts";
import { LIBRARY_SETTINGS } from "../testing/library-settings.ts";
import { abortDeployment } from "./abort-deployment.ts";
import { approveDeployment } from "./approve-deployment.ts";
import { deploy } from "./deploy.ts";
import { extendWindow } from "./extend-window.ts";
import { makeReceipt } from "./make-receipt.ts";
import { rejectDeployment } from "./reject-deployment.ts";
import { retireSide } from "./retire-side.ts";
import { rollBack } from "./roll-back.ts";
import { switchTraffic } from "./switch-traffic.ts";

/*
 * Between an action's look at the record and its change, the record becomes another one. Whatever it becomes, the answer is
 * the one that is given when the action is asked after that.
 */

const BLUE: Weights = { blue: 100, green: 0 };
const GREEN: Weights = { blue: 0, green: 100 };
const APPLICATION = {
  ...LIBRARY_SETTINGS,
  approvals: null,
  bakeMinutes: 10,
  windowMinutes: 60,
  controller: "paired-services",
  minimumHealthy: null,
  stableChecks: 3,
  rollout: { strategy: "ALL_AT_ONCE" },
  testListener: null,
  smoke: null,
  maintenanceWindows: [],
  alarms: [],
  checks: DEFAULT_CHECKS,
  slots: { blue: { targetGroupArn: "blue", service: null }, green: { targetGroupArn: "green", service: null } },
} as unknown as Application;

/** What the record and AWS hold at one moment. */
interface Moment {
  deployments: Deployment[];
  weights: Weights;
}

const LONG_AGO = NOW - 3_600_000;
const first = deployment({ now: LONG_AGO });
const registered = revisionRegistered(first, revision(2), LONG_AGO);
const started = sideStarted(registered, revision(2), 2, LONG_AGO);
const waiting = until(started, (d) => d.stage === "PRE_PRODUCTION_TRAFFIC_SHIFT");
const asked = requestSwitch(waiting, BLUE, LONG_AGO);
const sent = shiftSent(asked, BLUE, LONG_AGO);
const proving = shifted(sent, { attemptAt: LONG_AGO, alreadyThere: false, readBackMs: 20 }, LONG_AGO);
const baking = proofSeen(proving, { proof: { ruleReadBackMs: 20, proven: true }, isSettled: true }, 10, NOW - 1_000);
const done = until(baking, (d) => !isInFlight(d));
const turning = beginRollback(requestAbort(baking, "slow"), GREEN, NOW);
const next = (of: Deployment): Deployment => ({ ...of, id: "d-2", startedAt: NOW - 500 });
const question = { ...waitingForApproval(), startedAt: LONG_AGO };

/** Every status a deployment can have, at every stage that makes a difference, and what comes after its end. */
const MOMENTS: Readonly<Record<string, Moment>> = {
  nothing: { deployments: [], weights: BLUE },
  "scaling up": { deployments: [started], weights: BLUE },
  "waiting for a switch": { deployments: [waiting], weights: BLUE },
  "waiting for approval": { deployments: [question], weights: BLUE },
  rejected: { deployments: [stopped(question, NOW - 1, "Rejected")], weights: BLUE },
  "about to shift": { deployments: [asked], weights: BLUE },
  "pending a shift": { deployments: [{ ...asked, status: "PENDING" }], weights: BLUE },
  proving: { deployments: [proving], weights: GREEN },
  baking: { deployments: [baking], weights: GREEN },
  successful: { deployments: [done], weights: GREEN },
  "asked to stop": { deployments: [requestAbort(waiting, "no")], weights: BLUE },
  stopped: { deployments: [stopped(requestAbort(waiting, "no"), NOW - 1)], weights: BLUE },
  "asked to roll back": { deployments: [requestAbort(baking, "slow")], weights: GREEN },
  "rolling back": { deployments: [turning], weights: GREEN },
  "rolled back": { deployments: [rolledBack(turning, NOW - 1)], weights: BLUE },
  "not rolled back": { deployments: [rollbackFailed(turning, "denied", NOW - 1)], weights: GREEN },
  "a newer one scales up": { deployments: [done, next(started)], weights: GREEN },
  "a newer one bakes": { deployments: [rolledBack(turning, NOW - 1), next(baking)], weights: GREEN },
  "a newer one has ended": { deployments: [done, next(stopped(waiting, NOW, "no"))], weights: GREEN },
};

/** The same place of one that ECS drives, at two gates of it: as a canary's next step, or a second pause, opens another. */
const atGate = (id: string, stage: Deployment["stage"] = waiting.stage): Deployment => ({
  ...waiting,
  stage,
  aws: {
    id: "arn:of-ecs",
    sentAt: LONG_AGO,
    gate: { id, stage, expiresAt: NOW + 600_000, onExpiry: "ROLLBACK" },
    answer: null,
    answered: [],
  },
});
const GATES: Readonly<Record<string, Moment>> = {
  "at its first gate": { deployments: [atGate("ecs-pause-1")], weights: BLUE },
  "held open": { deployments: [atGate("ecs-pause-3", "POST_PRODUCTION_TRAFFIC_SHIFT")], weights: GREEN },
  "held open by another": { deployments: [atGate("ecs-pause-4", "POST_PRODUCTION_TRAFFIC_SHIFT")], weights: GREEN },
  "at its next gate": { deployments: [atGate("ecs-pause-2")], weights: BLUE },
};
const DRIVEN: Application = { ...APPLICATION, controller: "ecs-native" };

const moment = (name: string): Moment => MOMENTS[name] ?? GATES[name] ?? { deployments: [], weights: BLUE };
const applicationAt = (name: string): Application => (name in GATES ? DRIVEN : APPLICATION);
const lookAt = ({ weights }: Moment): Observation => observation({ weights, at: NOW + 1 });

function until(from: Deployment, isThere: (d: Deployment) => boolean): Deployment {
  let at = from;
  for (let i = 0; i < 12 && !isThere(at); i += 1) at = advance(withStage(at, at.stage, {}), NOW - 10);
  return at;
}

/** A record in memory that becomes the next moment just before somebody changes it. */
function startAt(names: readonly string[]) {
  const moments = names.map(moment);
  let at = 0;
  let rows = moments[0]?.deployments ?? [];
  let look = lookAt(moments[0] ?? moment("nothing"));
  let isStill = false;
  const moveOn = () => {
    const following = moments[at + 1];
    if (!following || isStill) return;
    at += 1;
    rows = following.deployments;
    look = lookAt(following);
  };
  const inFlight = () => rows.find(isInFlight) ?? null;
  const finished = () => rows.filter((row) => !isInFlight(row)).toSorted((a, b) => endOf(b) - endOf(a));
  const store = {
    kind: "pglite",
    findDeployment: async (id: string) => rows.find((row) => row.id === id) ?? null,
    findDeploymentInFlight: async () => inFlight(),
    findLastFinished: async () => finished()[0] ?? null,
    listDeployments: async () => ({ items: rows.toReversed(), nextCursor: null }),
    listUnapprovedReleases: async () => [],
    listFreezes: async () => [],
    findLedger: async () => null,
    listJournal: async () => [],
    appendAudit: async () => undefined,
    acquireLease: async (application: string, holder: string) => ({ application, holder, token: 1 }),
    releaseLease: async () => undefined,
    insertDeployment: async (row: Deployment, seen?: readonly string[]) => {
      moveOn();
      const met = inFlight();
      if (met) throw new DeploymentInFlight(met);
      const last = finished()[0];
      if (seen && last && !seen.includes(last.id)) throw new RecordChanged(row.application);
      rows = [...rows, row];
    },
    changeDeployment: async (id: string, _fence: unknown, change: Parameters<Store["changeDeployment"]>[2]) => {
      moveOn();
      const newest = rows.find((row) => row.id === id);
      const changed = newest && (await change(newest, async () => []));
      if (!changed) return null;
      rows = rows.map((row) => (row.id === id ? changed.deployment : row));
      return changed.deployment;
    },
  } as unknown as Store;
  const now = () => NOW;
  const controller = {
    driver: "switchyard",
    readWeights: async () => ({ weights: look.traffic.weights, drift: null, readAt: NOW }),
    scaleSide: async () => ({ requestId: null, value: null }),
  } as unknown as Controller;
  const observer = {
    findApplication: () => applicationAt(names[0] ?? ""),
    refreshNow: async () => look,
    observation: () => look,
  };
  const record = createDeploymentRecord({ store, holder: "h", now, onChange: () => undefined });
  const deps = { store, now, observer, controllers: { [APPLICATION.controller]: controller } } as unknown as EngineDeps;
  const retirements = createRetirements(deps, record, createKeyedMutex());
  const runtime = {
    store,
    observer,
    now,
    controllers: deps.controllers,
    awsFor: () => ({
      elb: { describeGroups: async () => new Map() },
      ecr: { getRepositoryUri: async () => "library" },
      images: {
        find: async () => ({ state: "found", digest: "sha256:3", tags: ["3"] }),
        findPlatforms: async () => null,
      },
      definitions: {
        inspect: async () => ({
          summary: { containers: [{ name: APPLICATION.container, essential: true }] },
          needs: { executionRole: null, taskRole: null, secrets: [], registries: [] },
        }),
      },
    }),
    hub: { deploymentChanged: () => undefined },
    engine: {
      underLease: (_: string, work: () => Promise<unknown>) => work(),
      submit: () => undefined,
      change: (of: Deployment, _step: string, _words: string, change: (d: Deployment) => Deployment | null) =>
        record.request(of.id, of.application, (newest) => {
          const changed = change(newest);
          return changed && { deployment: changed, entries: [] };
        }),
      async retire(of: Deployment, slot: "blue" | "green", seen: readonly string[]) {
        // Its first question is whether anything has begun or ended since; what begins later writes after its turn.
        moveOn();
        isStill = true;
        try {
          await (await retirements.begin(of, slot, seen)).done;
        } finally {
          isStill = false;
        }
      },
      late: { keepAudit: () => true },
    },
  } as unknown as OperationRuntime;
  const identity = { id: "ada", name: "Ada", role: "admin", via: "session", authenticatedAt: NOW } as const;
  return { ctx: { runtime, identity, address: null } satisfies Context, changes: () => at };
}

const endOf = ({ finishedAt }: Deployment): number => finishedAt ?? 0;

const receiptAt = (name: string) => {
  const { deployments } = moment(name);
  const history = deployments.filter((row) => !isInFlight(row)).toSorted((a, b) => endOf(b) - endOf(a));
  const record = { deployment: deployments.find(isInFlight) ?? null, lastDeployment: history[0] ?? null, history };
  return makeReceipt(applicationAt(name), lookAt(moment(name)), record, "green", NOW);
};

const library = { application: "library" };
const named = { deploymentId: "d-1" };
/** How each verb is pressed by somebody who read what was there at that moment. */
const PRESS: Readonly<Record<Verb, (ctx: Context, read: string) => Promise<Operated<unknown>>>> = {
  deploy: (ctx) => deploy(ctx, { ...library, imageTag: "3" }),
  switch: (ctx, read) => switchTraffic(ctx, { ...library, to: "green", receipt: receiptAt(read).hash }),
  rollback: (ctx) => rollBack(ctx, library),
  approve: (ctx, read) => approveDeployment(ctx, { ...named, receipt: receiptAt(read).approvalHash }),
  reject: (ctx) => rejectDeployment(ctx, named),
  abort: (ctx) => abortDeployment(ctx, named),
  extend: (ctx) => extendWindow(ctx, named),
  retire: (ctx) => retireSide(ctx, named),
};

/** What an answer says, but for ids that are made anew each time. */
function told(answer: Operated<unknown>) {
  if (!answer.ok) return { code: answer.code, message: answer.message };
  const { id, kind, status, stage, to, bakeUntil, keptUntil, approvals } = answer.value as Deployment & {
    keptUntil?: number;
  };
  const isNew = !Object.values(MOMENTS).some(({ deployments }) => deployments.some((row) => row.id === id));
  return { id: isNew ? "new" : id, kind, status, stage, to, bakeUntil, keptUntil, approvals: approvals.length };
}

async function press(verb: Verb, names: readonly string[], read: string) {
  const { ctx, changes } = startAt(names);
  return { answer: told(await PRESS[verb](ctx, read)), changes: changes() };
}

const names = Object.keys(MOMENTS);

/** How far a deployment has come; it never goes back, and what has ended stays as it is. */
function progress({ status, stage }: Deployment): number {
  const turns = ["STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"].indexOf(status);
  return STAGES.indexOf(stage) + (status === "PENDING" ? -0.5 : 0) + (turns + 1) * STAGES.length;
}

/** Whether one moment can come after the other, however much later. */
function canBecome(before: string, after: string): boolean {
  return moment(before).deployments.every((row) => {
    const later = moment(after).deployments.find(({ id }) => id === row.id);
    if (!later || later.kind !== row.kind) return false;
    if (!isInFlight(row)) return later === row || JSON.stringify(later) === JSON.stringify(row);
    return !isInFlight(later) || progress(later) >= progress(row);
  });
}

/** Orders of moments as they can follow each other. */
const orders = fc
  .array(fc.constantFrom(...names), { minLength: 3, maxLength: 12 })
  .map((wild) => {
    const kept: string[] = [];
    for (const name of wild) if (kept.every((each) => canBecome(each, name))) kept.push(name);
    return kept;
  })
  .filter((order) => order.length > 1);

describe.each(VERBS)("%s", (verb) => {
  test("answers by what the record has become, for every change between its look and its own change", async () => {
    let decidedAgain = 0;
    for (const before of names)
      for (const after of names.filter((name) => canBecome(before, name)))
        for (const read of [before, after]) {
          const raced = await press(verb, [before, after], read);
          const asked = await press(verb, [raced.changes === 0 ? before : after], read);
          expect(raced.answer, `${before}, then ${after}`).toEqual(asked.answer);
          decidedAgain += raced.changes;
        }
    // Otherwise nothing was tried.
    expect(decidedAgain).toBeGreaterThan(10);
  });

  test("answers by the newest record, however often that changes", async () => {
    await fc.assert(
      fc.asyncProperty(orders, fc.constantFrom(...names), async (order, read) => {
        const raced = await press(verb, order, read);
        const asked = await press(verb, [order[raced.changes] ?? ""], read);
        expect(raced.answer).toEqual(asked.answer);
      }),
      { numRuns: 150 },
    );
  });
});

test("a rollback that arrives as a switch ends rolls that switch back", async () => {
  const { answer } = await press("rollback", ["proving", "successful"], "proving");
  expect(answer).toMatchObject({ id: "new", kind: "ROLLBACK", to: "blue", status: "IN_PROGRESS" });
});

test("a click answers no gate but the one on its receipt, also where another opens as it arrives", async () => {
  const { answer, changes } = await press("switch", ["at its first gate", "at its next gate"], "at its first gate");
  expect(answer).toMatchObject({ code: "RECEIPT_OUTDATED" });
  expect(changes).toBe(1);
  expect((await press("switch", ["at its next gate"], "at its next gate")).answer).toMatchObject({ id: "d-1" });
});

test("the window is closed by the gate that was read alone, also where another one is open by then", async () => {
  const close = async (...names: string[]) => {
    const { ctx } = startAt(names);
    return told(await retireSide(ctx, { ...named, gate: "ecs-pause-3" }));
  };
  expect(await close("held open")).toMatchObject({ id: "d-1" });
  for (const names of [["held open by another"], ["held open", "held open by another"]])
    expect((await close(...names)).code).toMatch(/^(NOTHING_WAITS|DEPLOYMENT_IN_FLIGHT)$/);
});
