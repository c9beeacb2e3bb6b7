import type { Application } from "../domain/application/application.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { RuleFacts } from "../domain/rules/rule-facts.ts";
import { say } from "../domain/sentence/sentence.ts";
import { ruleFacts } from "../domain/snapshot/compose-snapshot.ts";
import { type ApplicationRecord, readApplicationRecord } from "../store/application-record.ts";
import type { OperationRuntime } from "./context.ts";
import { type Refusal, refuse, withStore } from "./refusal.ts";

/** An application with a look at AWS of now and its record. */
export interface Loaded {
  ok: true;
  application: Application;
  observation: Observation;
  record: ApplicationRecord;
  facts: RuleFacts;
  /** Whether AWS said after this was asked for what the listener holds; otherwise it is as it was known before. */
  isListenerReadNow: boolean;
}

/** For a question, a look no older than this counts as of now: many may ask at once. */
export const RECENT_MS = 1_000;
/** A database that does not answer a read within this is away. */
const STORE_PATIENCE_MS = 3_000;

/** The configured application; a refusal when it is unknown, not looked up yet, or its names were not found in AWS. */
export function findApplication(
  runtime: Pick<OperationRuntime, "observer">,
  name: string,
): { ok: true; application: Application } | Refusal<never> {
  const application = runtime.observer.findApplication(name);
  if (application) return { ok: true, application };
  const problem = runtime.observer.unresolved().find((entry) => entry.name === name);
  if (problem?.isPassing)
    return refuse(
      "STARTING",
      say("refusal.notFoundYet", { name, why: problem.said ?? problem.message }),
      say("refusal.tryAgain"),
    );
  if (problem)
    return refuse(
      "AWS_ERROR",
      say("refusal.notInAws", { name, why: problem.said ?? problem.message }),
      say("refusal.correctConfig"),
    );
  return refuse("NOT_FOUND", say("refusal.noApplication", { name }), say("refusal.chooseApplication"));
}

/**
 * How new a look at AWS has to be. What moves traffic looks `anew`: even a look of a moment ago would let a receipt pass that no
 * longer holds, or take the live side for the other. A switch, and what replaces or stops a side, reads every way in anew as well.
 */
type Look = "recently" | "anew" | "anew-with-ways";

/** The refusal to move traffic, or to stop a side, on what the listener held before this was asked for; null when it was read. */
export function findUnreadListener({ isListenerReadNow }: Loaded): Refusal<never> | null {
  return isListenerReadNow ? null : refuse("OBSERVATION_STALE", say("refusal.listenerUnread"), say("refusal.tryAgain"));
}

/** Everything rules look at. Rejects with AWS's failure or the store's. */
export async function loadFacts(
  runtime: OperationRuntime,
  name: string,
  look: Look = "recently",
): Promise<Loaded | Refusal<never>> {
  const found = findApplication(runtime, name);
  if (!found.ok) return found;
  const { application } = found;
  const askedAt = runtime.now();
  const anew = () => runtime.observer.refreshNow(name, { priority: "action", withWays: look === "anew-with-ways" });
  const [looked, record] = await Promise.all([
    look === "recently" ? runtime.observer.lookWithin(name, RECENT_MS) : anew(),
    withStore(() => readApplicationRecord(runtime.store, name, runtime.now()), STORE_PATIENCE_MS),
  ]);
  // What the record says has ended may have moved traffic after it was looked at.
  const endedAt = record.lastDeployment?.finishedAt ?? 0;
  const isBefore = look !== "recently" && looked.observedAt <= endedAt;
  const observation = isBefore ? await anew() : looked;
  return {
    ok: true,
    application,
    observation,
    record,
    isListenerReadNow: observation.traffic.readAt >= askedAt,
    facts: ruleFacts(application, observation, record, runtime.now()),
  };
}
