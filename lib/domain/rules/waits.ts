import type { ControllerName } from "../application/controller-name.ts";
import { type Deployment, isAwaitingSwitch, pauseStage } from "../deployment/deployment.ts";
import { stageRecord } from "../deployment/deployment-stage.ts";
import { approvalLapseEnd, driverName, gateEnd, goesForward, isHeldOpen } from "../deployment/gate-words.ts";
import { limitsOf } from "../deployment/stage-limit.ts";
import type { OpenWindow } from "../deployment/window.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { type Sentence, say } from "../sentence/sentence.ts";

/** What happens by itself at the end of a wait, worst first. */
export const CONSEQUENCES = ["goes-live", "turns-back", "old-side-goes", "ends"] as const;
type Consequence = (typeof CONSEQUENCES)[number];

export const WAIT_KINDS = ["approval", "gate", "switch", "window"] as const;

/** Something that waits for a person. Times are epoch ms. */
export interface Wait {
  /** Approvals of people, AWS's gate before the shift, a switch by a click, or an old side that is kept. */
  kind: (typeof WAIT_KINDS)[number];
  since: number;
  /** When something happens by itself; null where AWS does not tell it. */
  endsAt: number | null;
  consequence: Consequence;
  /** What happens then, to follow a time: "this goes LIVE on green". */
  words: string;
  /** `words` in no language yet. */
  said?: Sentence;
  /** False for what closes by itself and needs no answer. */
  asks: boolean;
}

type End = Pick<Wait, "endsAt" | "consequence" | "words" | "said">;

function endOf(endsAt: number | null, consequence: Consequence, said: Sentence): End {
  return { endsAt, consequence, words: inEnglish(said), said };
}

/** What this deployment in flight waits for from people; null while it does not, and once it was answered. */
export function findWait(deployment: Deployment, controller: ControllerName | null): Wait | null {
  const { aws, approval } = deployment;
  if (aws?.answer) return null;
  const since = stageRecord(deployment, pauseStage(deployment)).startedAt ?? deployment.startedAt;
  if (isHeldOpen(deployment)) return { kind: "window", since, asks: true, ...endOfGate(deployment, controller) };
  if (!isAwaitingSwitch(deployment)) return null;
  if (approval?.state === "waiting") {
    const own = approvalEnd(deployment, since);
    const gate = aws?.gate ? endOfGate(deployment, controller) : own;
    return { kind: "approval", since, asks: true, ...(compareEnds(gate, own) < 0 ? gate : own) };
  }
  // Approved already: it goes on by itself once nothing is in the way.
  if (approval) return null;
  if (aws) return aws.gate ? { kind: "gate", since, asks: true, ...endOfGate(deployment, controller) } : null;
  const endsAt = since + limitsOf(deployment).awaitSwitch;
  const end = endOf(endsAt, "ends", say("wait.stops", { from: deployment.from }));
  return { kind: "switch", since, asks: true, ...end };
}

/** A window that Switchyard keeps open: nothing is asked, and at its end the old side is no longer kept. */
export function windowWait(open: OpenWindow, since: number, isScaledDown: boolean): Wait {
  const said = say(isScaledDown ? "wait.isScaledDown" : "wait.noLongerKept", { side: open.keeps });
  return { kind: "window", since, asks: false, ...endOf(open.until, "old-side-goes", said) };
}

/** How bad each end of a gate is. */
const GATE_CONSEQUENCES: Readonly<Record<ReturnType<typeof gateEnd>, Consequence>> = {
  goesLive: "goes-live",
  shiftsNext: "goes-live",
  turnsBack: "turns-back",
  bakesFirst: "old-side-goes",
  stopsOld: "old-side-goes",
  stops: "ends",
  rollsBack: "ends",
};

function endOfGate(deployment: Deployment, controller: ControllerName | null): End {
  const { aws, from, to } = deployment;
  const driver = controller ? driverName(controller) : "AWS";
  const { gate } = aws ?? {};
  if (!gate) return endOf(null, "ends", say("wait.elsewhere"));
  const end = gateEnd(gate, deployment);
  const isWindow = end === "bakesFirst" || end === "stopsOld";
  const said = goesForward(end)
    ? say(`wait.${end}`, { to })
    : isWindow
      ? say(`wait.${end}`, { driver, from })
      : say(`wait.${end}`, { from });
  return endOf(gate.expiresAt, GATE_CONSEQUENCES[end], said);
}

function approvalEnd(deployment: Deployment, since: number): End {
  const { approval, from, to } = deployment;
  const lapse = approvalLapseEnd(deployment);
  const endsAt = approval ? (approval.expiresAt ?? since + approval.timeLimitMinutes * 60_000) : null;
  return approval?.onTimeLimit === "CONTINUE"
    ? endOf(endsAt, "goes-live", say("wait.goesLiveWithout", { to }))
    : endOf(endsAt, GATE_CONSEQUENCES[lapse], say(`wait.${lapse}`, { from }));
}

/** Whatever happens by itself first comes first; within the same minute, and without an end, what is worse. */
function compareEnds(a: End, b: End): number {
  const minute = ({ endsAt }: End) => (endsAt === null ? Number.POSITIVE_INFINITY : Math.floor(endsAt / 60_000));
  const [one, other] = [minute(a), minute(b)];
  if (one !== other) return one < other ? -1 : 1;
  return CONSEQUENCES.indexOf(a.consequence) - CONSEQUENCES.indexOf(b.consequence);
}

/** The order in which people should look: what asks before what does not, then by end and harm, then what waits longest. */
export function compareWaits(a: Wait & { application: string }, b: Wait & { application: string }): number {
  return (
    Number(b.asks) - Number(a.asks) ||
    compareEnds(a, b) ||
    a.since - b.since ||
    (a.application < b.application ? -1 : a.application > b.application ? 1 : 0)
  );
}
