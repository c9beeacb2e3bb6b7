import { formatAge } from "@/components/ui/format-time.ts";
import type { StateShape } from "@/components/ui/state-icon.tsx";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { driverName } from "@/lib/domain/deployment/gate-words.ts";
import { isSame, weightsWords } from "@/lib/domain/observation/traffic.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { recordedWeights } from "./board-facts.ts";
import { awsWeights, isApart, LAG_MS } from "./driven-facts.ts";
import type { RequestsVerdict } from "./request-facts.ts";

/** How the three readings compare. */
export type AgreementState = "agree" | "moving" | "disagree" | "noTraffic" | "unknown";

/** One verdict on where traffic goes; never told by colour alone. */
export interface Agreement {
  state: AgreementState;
  words: string;
  /** A sentence that says more; always there for a disagreement. */
  detail?: string;
  /** What is said out loud: it stays the same while the verdict does. */
  spoken: string;
}

/** Older than this, what was read of the listener says nothing about now. */
export const OLD_MS = 15_000;

/** A state's sign beside its words. */
export const AGREEMENT_SHAPES: Readonly<Record<AgreementState, StateShape>> = {
  agree: "done",
  moving: "busy",
  disagree: "fault",
  noTraffic: "off",
  unknown: "unknown",
};

/** Whether the readings that exist agree: the deployment's record, the listener and, once measured, the requests. */
export function agreement(
  snapshot: ApplicationSnapshot,
  requests: RequestsVerdict,
  now: number,
  /** Since when AWS says other weights than the rule holds, where AWS drives; null while it does not. */
  apartSince: number | null = null,
): Agreement {
  const { traffic, deployment } = snapshot;
  const age = now - traffic.readAt;
  const say = (state: AgreementState, words: string, detail?: string, spoken = words): Agreement => ({
    state,
    words,
    ...(detail ? { detail } : {}),
    spoken,
  });
  const disagree = (words: string, detail: string) =>
    say("disagree", words, `${detail[0]?.toUpperCase()}${detail.slice(1)}`, `${words}: ${detail}`);

  if (traffic.drift) return disagree("Not as expected", traffic.drift);
  const says = awsWeights(snapshot);
  if (says && isApart(snapshot)) {
    const who = driverName(snapshot.controller);
    const words = `${who} says ${weightsWords(says.weights)}, ${traffic.name} holds ${weightsWords(traffic.weights)}`;
    if (apartSince === null || now - apartSince <= LAG_MS)
      return say("moving", `${who}'s word lags`, `${words}. ${who}'s word may be up to ${LAG_MS / 1000} s behind`);
    return disagree("They disagree", `${words}, for ${formatAge(now - apartSince)} now`);
  }
  const recorded = says ?? recordedWeights(snapshot);
  const isOther =
    recorded !== null &&
    "deployment" in recorded &&
    (traffic.live !== recorded.live || (recorded.live === "split" && !isSame(traffic.weights, recorded.weights)));
  if (isOther) {
    const isBeingWritten =
      deployment?.stage === "PRODUCTION_TRAFFIC_SHIFT" || deployment?.status.startsWith("ROLLBACK");
    if (isBeingWritten || isReadOlderThanWrite(traffic.readAt, recorded.deployment))
      return say("moving", "Moving now", "The listener's weights are being changed");
    return disagree(
      "They disagree",
      `the deployment ${recorded.live === "split" ? `wrote ${weightsWords(recorded.weights)}` : `made ${recorded.live} live`}, the listener holds ${weightsWords(traffic.weights)}`,
    );
  }
  if (traffic.live === "unknown") return disagree("No side is live", "the listener gives no side any weight");
  if (age > OLD_MS)
    return say("unknown", "Not known now", `The listener was last read ${formatAge(age)} ago`, "Not known now");
  if (requests.tone === "fault")
    return { ...disagree(requests.words, requests.detail), spoken: "Requests disagree with the listener" };
  if (requests.tone === "explained") return say("moving", requests.words, requests.detail);
  if (requests.tone === "done") return say("agree", recorded ? "All three agree" : "Both agree");
  if (requests.tone === "none")
    return say("noTraffic", "No traffic", "Nothing was requested, so nothing shows where requests really go");
  return recorded ? say("agree", "They agree", "Requests are not measured") : say("unknown", "Nothing to compare");
}

/** A read that was sent before the deployment's own write was read back may hold what was before it. */
function isReadOlderThanWrite(readAt: number, { plan }: Pick<Deployment, "plan">): boolean {
  const shift = plan?.shift;
  if (!shift || shift.sentAt === null || shift.readBackMs === null) return false;
  return readAt <= shift.sentAt + shift.readBackMs;
}
