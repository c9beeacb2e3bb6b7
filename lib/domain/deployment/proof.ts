import type { Proof, Shift } from "./deployment.ts";

/** Requests that one side's log shows since some time. */
export interface RequestCount {
  /** Epoch ms of the first and last; null when none was seen. */
  firstAt: number | null;
  lastAt: number | null;
  count: number;
  /** Answered 500 or above. */
  failed: number;
}

/** What the logs of both sides show around a shift. */
export interface ProofEvidence {
  /** Since the write. */
  onNew: RequestCount;
  onOld: RequestCount;
  /** Whether any request was seen in the minute before the write. */
  hadTraffic: boolean;
}

/** How long the old side must be silent: the log driver may hold a line back for a moment. */
export const QUIET_MS = 3_000;
/** Without any traffic to see, the proof is given up after this. */
export const NO_TRAFFIC_MS = 10_000;
/** A proof takes no longer. */
export const PROOF_LIMIT_MS = 60_000;

/** What the evidence proves by now, and whether waiting longer is of use. */
export function judgeProof(
  shift: Shift & { sentAt: number },
  evidence: ProofEvidence,
  now: number,
): { proof: Proof; isSettled: boolean } {
  const elapsed = now - shift.sentAt;
  const { onNew, onOld, hadTraffic } = evidence;
  const proof: Proof = { ruleReadBackMs: shift.readBackMs ?? 0, proven: false };
  if (onNew.firstAt !== null) {
    proof.firstRequestOnNewMs = Math.max(0, onNew.firstAt - shift.sentAt);
    proof.lastRequestOnOldMs = onOld.lastAt === null ? 0 : Math.max(0, onOld.lastAt - shift.sentAt);
    proof.failedRequests = onNew.failed;
  }
  const isOldQuiet = now - Math.max(shift.sentAt, onOld.lastAt ?? 0) >= QUIET_MS;
  if (onNew.firstAt !== null && isOldQuiet) return { proof: { ...proof, proven: true }, isSettled: true };
  const old = shift.to === "blue" ? "green" : "blue";
  const sawNothing = onNew.count === 0 && onOld.count === 0;
  if (sawNothing && !hadTraffic && elapsed >= NO_TRAFFIC_MS)
    return { proof: unproven(proof, "no request seen on either side"), isSettled: true };
  const note =
    onNew.firstAt === null ? `no request seen on ${shift.to} yet` : `${old} served a request within the last seconds`;
  return { proof: unproven(proof, note), isSettled: elapsed >= PROOF_LIMIT_MS };
}

/** A proof that cannot be had says so. */
export function unproven(proof: Proof, note: string): Proof {
  return { ...proof, proven: false, note: `Switched, not proven: ${note}` };
}
