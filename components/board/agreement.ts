import { ageSaid } from "@/components/ui/format-time.ts";
import type { StateShape } from "@/components/ui/state-icon.tsx";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { driverName } from "@/lib/domain/deployment/gate-words.ts";
import { isSame, weightsWords } from "@/lib/domain/observation/traffic.ts";
import { orText, type Sentence, say } from "@/lib/domain/sentence/sentence.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { recordedWeights } from "./board-facts.ts";
import { awsWeights, isApart, LAG_MS } from "./driven-facts.ts";
import type { RequestsVerdict } from "./request-facts.ts";

/** How the three readings compare. */
export type AgreementState = "agree" | "moving" | "disagree" | "noTraffic" | "unknown";

/** One verdict on where traffic goes; never told by colour alone. */
export interface Agreement {
  state: AgreementState;
  words: Sentence;
  /** A sentence that says more; always there for a disagreement. */
  detail?: Sentence;
  /** What is said out loud: it stays the same while the verdict does. */
  spoken: Sentence;
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
  const verdict = (state: AgreementState, words: Sentence, detail?: Sentence, spoken = words): Agreement => ({
    state,
    words,
    ...(detail ? { detail } : {}),
    spoken,
  });
  const disagree = (words: Sentence, detail: Sentence) =>
    verdict("disagree", words, detail, say("board.agreement.spoken", { words, detail }));

  if (traffic.drift)
    return disagree(
      say("board.agreement.notAsExpected"),
      say("board.agreement.told", { what: orText(traffic.driftSaid, capital(traffic.drift)) }),
    );
  const says = awsWeights(snapshot);
  if (says && isApart(snapshot)) {
    const who = driverName(snapshot.controller);
    const apart = {
      who,
      says: weightsWords(says.weights),
      name: traffic.name,
      holds: weightsWords(traffic.weights),
    };
    if (apartSince === null || now - apartSince <= LAG_MS)
      return verdict(
        "moving",
        say("board.agreement.lags", { who }),
        say("board.agreement.lagsDetail", { ...apart, seconds: LAG_MS / 1000 }),
      );
    return disagree(
      say("board.agreement.disagree"),
      say("board.agreement.apart", { ...apart, age: ageSaid(now - apartSince) }),
    );
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
      return verdict("moving", say("board.agreement.moving"), say("board.agreement.beingChanged"));
    const holds = weightsWords(traffic.weights);
    return disagree(
      say("board.agreement.disagree"),
      recorded.live === "split"
        ? say("board.agreement.wrote", { weights: weightsWords(recorded.weights), holds })
        : say("board.agreement.madeLive", { side: recorded.live, holds }),
    );
  }
  if (traffic.live === "unknown") return disagree(say("board.agreement.noSideLive"), say("board.agreement.noWeight"));
  if (age > OLD_MS)
    return verdict("unknown", say("board.agreement.notKnown"), say("board.agreement.lastRead", { age: ageSaid(age) }));
  if (requests.tone === "fault")
    return { ...disagree(requests.words, requests.detail), spoken: say("board.agreement.requestsSpoken") };
  if (requests.tone === "explained") return verdict("moving", requests.words, requests.detail);
  if (requests.tone === "done")
    return verdict("agree", say(recorded ? "board.agreement.allThree" : "board.agreement.both"));
  if (requests.tone === "none")
    return verdict("noTraffic", say("board.agreement.noTraffic"), say("board.agreement.nothingRequested"));
  return recorded
    ? verdict("agree", say("board.agreement.agree"), say("board.agreement.notMeasured"))
    : verdict("unknown", say("board.agreement.nothingToCompare"));
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** A read that was sent before the deployment's own write was read back may hold what was before it. */
function isReadOlderThanWrite(readAt: number, { plan }: Pick<Deployment, "plan">): boolean {
  const shift = plan?.shift;
  if (!shift || shift.sentAt === null || shift.readBackMs === null) return false;
  return readAt <= shift.sentAt + shift.readBackMs;
}
