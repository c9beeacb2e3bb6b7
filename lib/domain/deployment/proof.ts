import type { SideMetrics } from "../observation/side-metrics.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { Proof } from "./deployment.ts";
import type { Shift } from "./deployment-plan.ts";

/** Requests that one side's log shows since some time. */
export interface RequestCount {
  /** Epoch ms of the first and last; null when none was seen. */
  firstAt: number | null;
  lastAt: number | null;
  count: number;
  /** Answered 500 or above. */
  failed: number;
}

/** Requests that the load balancer counted for a target group in one period, epoch ms. */
export interface CountedRequests {
  from: number;
  to: number;
  requests: number;
}

/** What is known of both sides around a shift. */
export interface ProofEvidence {
  /** In the logs since the write. */
  onNew: RequestCount;
  onOld: RequestCount;
  /** Whether any request was seen in the minute before the write. */
  hadTraffic: boolean;
  /** The longest time that lines of the last minutes took from being written to being ingested; null where too few tell it. */
  lagMs: number | null;
  /** Tasks of the old side that may have served, and whose log stream has no name that is known. */
  unreadTasks: number;
  /** Whole periods since the write as the load balancer counted them; empty while none is published. */
  counted: Readonly<Record<"onNew" | "onOld", readonly CountedRequests[]>>;
}

/**
 * How long a line takes on AWS from being written to being found, where it is not measured: the awslogs driver sends every 5 s
 * (Docker's batch for each container), and 2 s for CloudWatch Logs to have it searchable are an assumption.
 */
const DELIVERY_MS = 7_000;
/** The part of it that comes after ingestion, which no line tells. */
const SEARCHABLE_MS = 2_000;
/** For so long the old side has to be seen silent, beyond what may still be on its way. */
const SILENCE_MS = 3_000;
/** Without any traffic to see, the verification is given up after this. */
export const NO_TRAFFIC_MS = 10_000;
/** A verification takes no longer. */
export const PROOF_LIMIT_MS = 60_000;

/** For how long no line of the old side may be newer before it counts as quiet: longer than a line takes to arrive. */
export function quietMs(lagMs: number | null): number {
  return SILENCE_MS + (lagMs === null ? DELIVERY_MS : lagMs + SEARCHABLE_MS);
}

/** What the evidence, asked for at `readAt`, verifies by now, and whether waiting longer is of use. */
export function judgeProof(
  shift: Shift & { sentAt: number },
  evidence: ProofEvidence,
  readAt: number,
): { proof: Proof; isSettled: boolean } {
  const elapsed = readAt - shift.sentAt;
  const { onNew, onOld, hadTraffic } = evidence;
  const proof: Proof = { ruleReadBackMs: shift.readBackMs ?? 0, proven: false };
  if (onNew.firstAt !== null) {
    proof.firstRequestOnNewMs = Math.max(0, onNew.firstAt - shift.sentAt);
    proof.lastRequestOnOldMs = onOld.lastAt === null ? 0 : Math.max(0, onOld.lastAt - shift.sentAt);
    proof.requests = onNew.count;
    proof.failedRequests = onNew.failed;
  }
  const missing = findMissing(shift, evidence, readAt);
  if (missing === null) return { proof: { ...proof, proven: true }, isSettled: true };
  const sawNothing = onNew.count === 0 && onOld.count === 0;
  if (sawNothing && !hadTraffic && elapsed >= NO_TRAFFIC_MS)
    return { proof: unverified(proof, say("proof.noneOnEither")), isSettled: true };
  const isSettled = elapsed >= PROOF_LIMIT_MS;
  return { proof: isSettled ? unverified(proof, missing) : proving(proof, missing), isSettled };
}

/** What is not seen yet, or contradicts the logs; null when all of it is. */
function findMissing(shift: Shift & { sentAt: number }, evidence: ProofEvidence, readAt: number): Sentence | null {
  const { onNew, onOld, lagMs, unreadTasks, counted } = evidence;
  const old = shift.to === "blue" ? "green" : "blue";
  if (onNew.firstAt === null || onNew.lastAt === null) return say("proof.noneOn", { side: shift.to });
  if (unreadTasks > 0) return say("proof.unnamedStream", { tasks: unreadTasks, side: old });
  const quiet = quietMs(lagMs);
  const silent = readAt - Math.max(shift.sentAt, onOld.lastAt ?? 0);
  if (silent < quiet) return say("proof.silent", { side: old, silent: seconds(silent), quiet: seconds(quiet) });
  const last = onOld.lastAt ?? Number.NEGATIVE_INFINITY;
  const unlogged = counted.onOld.find(({ from, requests }) => requests > 0 && last < from);
  if (unlogged) return say("proof.unlogged", { requests: unlogged.requests, side: old });
  const until = Math.max(0, ...counted.onNew.map(({ to }) => to));
  const isCounted = counted.onNew.some(({ from }) => from <= (onNew.firstAt ?? 0)) && (onNew.lastAt ?? 0) < until;
  if (isCounted && counted.onNew.every(({ requests }) => requests === 0))
    return say("proof.uncounted", { side: shift.to });
  return null;
}

/** The periods that lie wholly after the write, as far as they are published. */
export function countedSince(metrics: SideMetrics | null | undefined, sentAt: number): CountedRequests[] {
  if (!metrics) return [];
  const periodMs = metrics.periodSeconds * 1000;
  return metrics.series
    .filter(({ at }) => at >= sentAt && at + periodMs <= metrics.at)
    .map(({ at, requests }) => ({ from: at, to: at + periodMs, requests }));
}

function seconds(ms: number): number {
  return Math.max(0, Math.floor(ms / 1000));
}

/** A verification that is being taken says what it waits for. */
export function proving(proof: Proof, note: Sentence): Proof {
  return noted(proof, say("proof.proving", { note }));
}

/** A verification that cannot be had says so. */
export function unverified(proof: Proof, note: Sentence): Proof {
  return noted(proof, say("proof.unproven", { note }));
}

/** A verification that is not there, with why. */
export function noted(proof: Proof, said: Sentence): Proof {
  return { ...proof, proven: false, note: inEnglish(said), noteSaid: said };
}
