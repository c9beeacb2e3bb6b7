import { within } from "../async/within.ts";
import { type AwsFailure, type AwsFailureKind, causeSaid, fixSaid } from "../aws/errors.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { STORE_AWAY } from "../domain/late/without-store.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import { inFlightBlocker } from "../domain/rules/switch-rules.ts";
import { inEnglish } from "../domain/sentence/in-language.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import type { Blocker, BlockerCode, Result } from "../domain/verb/blocker.ts";
import { log } from "../log.ts";
import { isConnectionFailure } from "../store/connection-failure.ts";

/** A refusal: what stands in the way, first of all the first blocker. */
export type Refusal<E = unknown> = Extract<Result<never, E>, { ok: false }> & {
  /** AWS's code and request id, where AWS refused. */
  aws?: { code: string; requestId: string | null };
};

/** A refusal for one reason. */
export function refuse(code: BlockerCode, said: Sentence, fixSaid?: Sentence): Refusal<never> {
  return {
    ...{ ok: false, code, message: inEnglish(said), said },
    ...(fixSaid ? { fix: inEnglish(fixSaid), fixSaid } : {}),
  };
}

/** A refusal for all these reasons; null when there is none. */
export function refuseFor<E = never>(blockers: readonly Blocker[], extra?: E): Refusal<E> | null {
  const first = blockers[0];
  if (!first) return null;
  return { ok: false, ...first, blockers: [...blockers], ...(extra === undefined ? {} : { extra }) };
}

/** The refusal of what AWS has not answered within so many ms. */
export function notInTime(ms: number): Refusal<never> {
  return refuse("AWS_UNAVAILABLE", say("refusal.notInTime", { seconds: ms / 1000 }), say("refusal.tryAgain"));
}

/** The refusal while this deployment is in flight. */
export function inFlightRefusal(deployment: Deployment | null): Refusal<never> {
  if (!deployment) return refuse("NO_DEPLOYMENT_IN_FLIGHT", say("blocker.nothingInFlight"));
  const blocker = inFlightBlocker(deployment);
  return { ok: false, ...blocker, blockers: [blocker] };
}

/** The refusal of a rollback that would bring back another side than its asker saw. */
export function otherSideRefusal(to: SlotColor): Refusal<never> {
  return refuse("RECEIPT_OUTDATED", say("refusal.otherSide", { to }), say("refusal.lookAgain"));
}

const AWS_CODES: Readonly<Partial<Record<AwsFailureKind, BlockerCode>>> = {
  throttled: "AWS_THROTTLED",
  denied: "AWS_DENIED",
  credentials: "AWS_CREDENTIALS",
  clock: "AWS_CREDENTIALS",
};

/** What was thrown, as a refusal: AWS's failures keep their code and request id, anything of the store is its absence. */
export function refusalOf(error: unknown): Refusal<never> {
  const aws = asAwsFailure(error);
  if (aws) {
    const fix = fixSaid(aws) ?? (aws.retryable ? say("refusal.tryAgain") : undefined);
    return {
      ...refuse(AWS_CODES[aws.kind] ?? "AWS_ERROR", causeSaid(aws), fix),
      aws: { code: aws.code, requestId: aws.requestId },
    };
  }
  if (error instanceof Error && error.name === "DeploymentInFlight" && "deployment" in error)
    return inFlightRefusal(error.deployment as Deployment);
  if (isRecordChanged(error))
    return refuse("STORE_UNAVAILABLE", say("refusal.againAndAgain"), say("refusal.lookAgain"));
  if (isNotReadYet(error))
    return refuse("AWS_UNAVAILABLE", say("refusal.notReadYet", { name: error.application }), say("refusal.tryAgain"));
  if (error instanceof StoreUnavailable) return { ok: false, ...STORE_AWAY };
  if (error instanceof StoreRefused)
    return refuse("STORE_UNAVAILABLE", say("refusal.databaseError"), say("refusal.lookInLog"));
  if (isAnothersTurn(error)) return refuse("STORE_UNAVAILABLE", say("refusal.anotherReplica"), say("refusal.tryAgain"));
  throw error;
}

/** Whether the record is no longer as it was decided on. By name, as for AWS's failures. */
export function isRecordChanged(error: unknown): boolean {
  return error instanceof Error && ["DeploymentInFlight", "RecordChanged"].includes(error.name);
}

/** Whether another replica has the lease of the application. By name, as for AWS's failures. */
function isAnothersTurn(error: unknown): boolean {
  return error instanceof Error && ["FenceLost", "NotHeld"].includes(error.name);
}

/** The database could not be asked. */
class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

/** The database answered, but not with what was asked for. */
class StoreRefused extends Error {
  override readonly name = "StoreRefused";
}

/**
 * Whether the database could not be asked at all: only this opens what is done without it. A lease that was lost, a key that is taken
 * and a query that failed are not that. By name, as for AWS's failures.
 */
export function isStoreAway(error: unknown): boolean {
  return error instanceof Error && error.name === "StoreUnavailable";
}

/**
 * What fails in here for want of a connection is the store's absence; what the store itself says in words stays as it is. With
 * `patienceMs`, no answer within it is its absence, too: for reads only, because a write may still take effect.
 */
export async function withStore<T>(work: () => Promise<T>, patienceMs?: number): Promise<T> {
  try {
    return await (patienceMs === undefined ? work() : within(patienceMs, work()));
  } catch (error) {
    if (isRecordChanged(error) || isAnothersTurn(error)) throw error;
    if (isConnectionFailure(error)) throw new StoreUnavailable("The database does not answer", { cause: error });
    log.error("The database answered with an error", { error });
    throw new StoreRefused("The database answered with an error", { cause: error });
  }
}

function isNotReadYet(error: unknown): error is Error & { application: string } {
  return error instanceof Error && error.name === "NotReadYet" && "application" in error;
}

/** By name: Next may load a module twice, and then one class is not the other. */
function asAwsFailure(error: unknown): AwsFailure | null {
  return error instanceof Error && error.name === "AwsFailure" ? (error as AwsFailure) : null;
}
