import type { KeyedMutex } from "../async/mutex.ts";
import type { Application } from "../domain/application/application.ts";
import { decide } from "../domain/decide/decide.ts";
import type { Decision, Step } from "../domain/decide/decision.ts";
import { withStage } from "../domain/deployment/change-stage.ts";
import { type Deployment, isInFlight } from "../domain/deployment/deployment.ts";
import { stageRecord } from "../domain/deployment/deployment-stage.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { englishOf, lineMembers, type Told } from "../domain/sentence/told.ts";
import type { DeploymentRecord, JournalLine } from "./deployment-record.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { findHeld } from "./find-held.ts";
import type { LateRollbacks } from "./late-rollbacks.ts";
import { closeOrphanedIntents } from "./orphaned-intents.ts";
import { createReadings } from "./readings.ts";
import type { Retirements } from "./retirements.ts";
import { createStepFailures } from "./step-failures.ts";
import type { StepOutcome } from "./step-tools.ts";
import { createTakeStep, isUnchanged } from "./take-step.ts";

/** Older looks than this are taken anew before deciding: the observer looks every second while something is in flight. */
const LOOK_EVERY_MS = 2_500;
/** More decisions than any deployment needs at once: a guard against turning in circles. */
const MOST_TURNS = 40;
const MOST_LOOKS = 2;

/** Moves one application's deployment as far as it goes now. */
export interface Reconciler {
  /** Resolves with the newest record, from `known` when it was just read; null when there is nothing to act on here. */
  reconcile(id: string, known?: Deployment): Promise<Deployment | null>;
  /** The deployment was decided on by this look, and no other one has begun or ended in between. */
  begun(id: string, look: Pick<Observation, "observedAt">): void;
  /** A person changed the record: stop waiting for what is only read. */
  interrupt(id: string): void;
}

/** One pass over a deployment: what it has looked at so far, and the moment before which no look counts. */
interface Pass {
  application: Application;
  since: number;
  observation: Observation;
  looks: number;
  hasReadWays: boolean;
}

/** The newest record after one decision, and whether there is more to decide at once. */
interface Turn {
  deployment: Deployment | null;
  goesOn: boolean;
}
const goOn = (deployment: Deployment | null): Turn => ({ deployment, goesOn: true });
const stopAt = (deployment: Deployment | null): Turn => ({ deployment, goesOn: false });

/** Decide, journal, act, read back, journal; until there is something to wait for. */
export function createReconciler(
  deps: EngineDeps,
  tools: {
    record: DeploymentRecord;
    mutex: KeyedMutex;
    late: Pick<LateRollbacks, "isWaiting">;
    retirements: Pick<Retirements, "endedAt" | "closeOrphaned">;
  },
): Reconciler {
  const { record, mutex, late, retirements } = tools;
  const { store, observer, now } = deps;
  const readings = createReadings<StepOutcome>();
  /** Deployments whose journal has no intent that somebody else left open. */
  const closed = new Set<string>();
  /** By deployment begun here: when AWS was asked what it was decided on. */
  const begunOn = new Map<string, number>();
  const failures = createStepFailures(now);
  const leaseLost = (id: string) => void closed.delete(id);
  const takeStep = createTakeStep(deps, { record, mutex, late, retirements, readings, failures, leaseLost });

  async function look({ application, status, stage }: Deployment, notBefore: number): Promise<Observation> {
    const known = observer.observation(application);
    if (known && known.observedAt >= notBefore) return known;
    const isMoving = stage === "PRODUCTION_TRAFFIC_SHIFT" || status.startsWith("ROLLBACK");
    return observer.refreshNow(application, { priority: isMoving ? "action" : "engine" });
  }

  async function reconcile(id: string, known?: Deployment): Promise<Deployment | null> {
    const found = known ?? (await store.findDeployment(id));
    if (!found || !isInFlight(found)) return found;
    const application = await takeHold(found);
    if (!application) return null;
    if (isHeldBack(found)) return found;
    // Looks from before it was decided on, or before this replica held it, may not show what the one before did.
    const since = Math.max(begunOn.get(id) ?? found.startedAt, record.heldSince(application.name));
    const notBefore = Math.max(now() - LOOK_EVERY_MS, failures.find(id)?.lookAfter ?? 0, since);
    const pass: Pass = { application, since, observation: await look(found, notBefore), looks: 0, hasReadWays: false };
    let turn: Turn = goOn(found);
    for (let turns = 0; turns < MOST_TURNS && turn.goesOn && turn.deployment; turns += 1)
      turn = await takeTurn(turn.deployment, pass);
    return turn.deployment;
  }

  /** Its application, once this replica holds it and what another one left open in the journal is closed; null while another holds it. */
  async function takeHold(deployment: Deployment): Promise<Application | null> {
    const { id, application: name } = deployment;
    const application = observer.findApplication(name);
    if (!application || !(await record.hold(name))) {
      // Whoever holds it may leave something open, too.
      closed.delete(id);
      return null;
    }
    if (!closed.has(id)) {
      await closeOrphanedIntents({ store, record, now }, deployment);
      await retirements.closeOrphaned(name);
      closed.add(id);
    }
    return application;
  }

  /** Whether it waits for the back-off of a step that failed. */
  function isHeldBack({ id, status }: Deployment): boolean {
    const failed = failures.find(id);
    if (!failed || failed.until <= now()) return false;
    // A person's request to stop or roll back is not held up by what failed before, nor is a bound that breaks while the logs fail.
    return status !== "ROLLBACK_REQUESTED" && status !== "STOP_REQUESTED" && failed.step !== "prove";
  }

  async function takeTurn(found: Deployment, pass: Pass): Promise<Turn> {
    const { application } = pass;
    const held: Told | null = await findHeld(found, store, now());
    const decision = decide(found, { observation: pass.observation, settings: application, held, now: now() });
    switch (decision.kind) {
      case "end":
        forget(found.id);
        return stopAt(found);
      case "wait":
        return stopAt(await waitFor(found, decision.reason));
      case "look":
        pass.looks += 1;
        // A source that does not answer makes no look newer: then it is waited for.
        if (pass.looks > MOST_LOOKS) return stopAt(await waitFor(found, decision.reason));
        pass.observation = await observer.refreshNow(application.name);
        return goOn(found);
      case "change":
        return goOn((await save(found, decision)) ?? (await store.findDeployment(found.id)));
      case "step":
        return act(found, decision.step, pass);
    }
  }

  async function act(found: Deployment, step: Step, pass: Pass): Promise<Turn> {
    if (step.type === "prove" && failures.isHeldBack(found.id, "prove")) return stopAt(found);
    const decidedAt = Math.max(now() - LOOK_EVERY_MS, pass.since, ...found.approvals.map(({ at }) => at));
    if (!pass.hasReadWays && isForward(found, step) && (pass.observation.waysIn?.readAt ?? 0) < decidedAt) {
      pass.hasReadWays = true;
      pass.observation = await observer.refreshNow(pass.application.name, { priority: "action", withWays: true });
      return goOn(found);
    }
    const isDone = await takeStep(found, step, pass.application, pass.observation);
    const newest = await store.findDeployment(found.id);
    // Verification asks once a tick until it settles.
    const isPolled = step.type === "prove" && newest !== null && isInFlight(newest) && !isSettled(newest);
    return !isDone || (isPolled && newest.status === found.status) ? stopAt(newest) : goOn(newest);
  }

  function forget(id: string): void {
    failures.clear(id);
    readings.forget(id);
    closed.delete(id);
    begunOn.delete(id);
  }

  function save(decidedOn: Deployment, decision: Extract<Decision, { kind: "change" }>): Promise<Deployment | null> {
    const line: JournalLine = { at: now(), step: decidedOn.stage, phase: "note", ...lineMembers(decision.note) };
    return record.update(decidedOn.id, decidedOn.application, (newest) =>
      isUnchanged(newest, decidedOn) ? { deployment: decision.deployment, entries: [line] } : null,
    );
  }

  async function waitFor(deployment: Deployment, reason: Told): Promise<Deployment> {
    const known = stageRecord(deployment, deployment.stage);
    const isStage = known.status === "IN_PROGRESS" && deployment.status === "IN_PROGRESS";
    const words = englishOf(reason);
    const isTold = isStage ? known.detail === words : deployment.statusReason === words;
    const isTurning = deployment.status === "ROLLBACK_IN_PROGRESS";
    if (isTold || !(isStage || isTurning)) return deployment;
    const told = await record.update(deployment.id, deployment.application, (newest) => {
      if (!isUnchanged(newest, deployment)) return null;
      return { deployment: withStage(newest, newest.stage, { detail: reason }), entries: [] };
    });
    return told ?? deployment;
  }

  return {
    reconcile,
    begun: (id, { observedAt }) => void begunOn.set(id, observedAt),
    interrupt: readings.interrupt,
  };
}

/** Whether the step sends traffic to what was not live before: that rests on every listener and rule as it is now. */
function isForward({ kind, to }: Deployment, step: Step): boolean {
  return step.type === "shift" && kind !== "ROLLBACK" && step.to === to;
}

/** Verification has come to an end, so that there is more to do at once. */
function isSettled(deployment: Deployment): boolean {
  return deployment.status === "IN_PROGRESS" && deployment.stage !== "POST_PRODUCTION_TRAFFIC_SHIFT";
}
