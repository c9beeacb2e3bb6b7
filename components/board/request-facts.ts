import { formatRate, formatShare } from "@/components/ui/format-figure.ts";
import { ageSaid, secondsSaid } from "@/components/ui/format-time.ts";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { isVerifying } from "@/lib/domain/deployment/is-verifying.ts";
import type { SideMetrics } from "@/lib/domain/observation/side-metrics.ts";
import { otherColor, SLOT_COLORS, type SlotColor } from "@/lib/domain/observation/slot.ts";
import { share, type Weights } from "@/lib/domain/observation/traffic.ts";
import { orText, type Sentence, say } from "@/lib/domain/sentence/sentence.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { proofSides } from "./proof-lines.tsx";

/** Published this late, figures no longer say what happens now: AWS needs up to three periods, and a round of reading one more. */
const FRESH_PERIODS = 6;
/** A period that began before the weights changed holds requests of before. */
const SETTLED_PERIODS = 2;
/** Fewer requests than this are chance. */
const LEAST_REQUESTS = 20;
/** What a side without weight may have: open connections end late. */
const STRAY_SHARE = 0.05;
/** From here on 5xx are a fault rather than noise. */
const MANY_ERRORS = 0.05;

/** Where requests went, in a line: measured by the load balancer, else seen by a verification, else why neither. */
export interface RequestsReading {
  title: Sentence;
  /** Each side's share in percent; null when not known. */
  weights: Weights | null;
  /** Stands in place of the weights. */
  unknown: Sentence | null;
  words: Sentence | null;
}

/** Whether a side's figures are of now. */
export function isFresh(metrics: Pick<SideMetrics, "at" | "periodSeconds">, now: number): boolean {
  return now - metrics.at <= FRESH_PERIODS * metrics.periodSeconds * 1000;
}

/** Why there are no figures, in words; what was not asked yet is not called an error. */
export function unmeasuredSaid({ sources }: Pick<ApplicationSnapshot, "sources">): Sentence {
  const source = sources.find(({ name }) => name === "cloudwatch");
  if (!source || source.state === "ok") return say(source ? "board.requests.noMetrics" : "board.requests.nothingRead");
  return source.message === undefined
    ? say(`board.requests.why.${source.state}`)
    : say("board.told", { what: orText(source.said, source.message) });
}

/** Where requests really go, as the load balancer counted them after the last shift, else as the verification of that shift saw it. */
export function requestsReading(snapshot: ApplicationSnapshot, now: number): RequestsReading {
  const sides = sidesOf(snapshot);
  const proof = proofReading(snapshot);
  if (!sides) return proof ?? unknown(say("board.requests.notMeasured"), unmeasuredSaid(snapshot));
  const { blue, green } = sides;
  if (!isFresh(blue, now))
    return (
      proof ??
      unknown(say("board.requests.notMeasured"), say("board.requests.oldFigures", { age: ageSaid(now - blue.at) }))
    );
  if (periodStart(blue) < (lastShiftAt(snapshot) ?? 0))
    return proof ?? unknown(say("board.requests.notMeasured"), say("board.requests.beforeSwitch"));
  const requests = blue.samples + green.samples;
  if (requests === 0)
    return unknown(say("board.requests.none"), say("board.requests.inTheLast", { seconds: blue.periodSeconds }));
  const errors = newestErrors(blue) + newestErrors(green);
  const bluePercent = Math.round((blue.samples / requests) * 100);
  return {
    title: say("board.requests.go"),
    weights: { blue: bluePercent, green: 100 - bluePercent },
    unknown: null,
    words: say("board.requests.figures", {
      rate: formatRate(blue.requestsPerSecond + green.requestsPerSecond),
      share: formatShare(errors / requests),
    }),
  };
}

/** Whether requests go where the listener sends them. */
export type RequestsVerdict =
  /** Not enough is known: no fresh figures, too few requests, or the weights have just changed. */
  | { tone: "unmeasured" }
  /** Fresh figures that hold no request at all. */
  | { tone: "none" }
  | { tone: "done" }
  /** Requests on a side without weight, with an innocent explanation or without one. */
  | { tone: "explained" | "fault"; words: Sentence; detail: Sentence };

/** Compares what was counted in the last periods with the weights; only a side without weight can contradict them. */
export function judgeRequests(snapshot: ApplicationSnapshot, now: number): RequestsVerdict {
  const sides = sidesOf(snapshot);
  const { traffic } = snapshot;
  const shiftAt = lastShiftAt(snapshot);
  if (!sides || !isFresh(sides.blue, now) || traffic.live === "unknown") return { tone: "unmeasured" };
  const recent = { blue: sides.blue.series.slice(-SETTLED_PERIODS), green: sides.green.series.slice(-SETTLED_PERIODS) };
  if ((recent.blue[0]?.at ?? 0) < (shiftAt ?? 0)) return { tone: "unmeasured" };
  const sum = (color: SlotColor) => recent[color].reduce((total, { requests }) => total + requests, 0);
  const requests = sum("blue") + sum("green");
  if (requests === 0) return { tone: "none" };
  if (requests < LEAST_REQUESTS) return { tone: "unmeasured" };
  const stray = SLOT_COLORS.find(
    (color) =>
      traffic.weights[color] === 0 &&
      recent[color].every((point, i) => point.requests > STRAY_SHARE * totalOf(point, recent[otherColor(color)][i])),
  );
  if (!stray) return { tone: "done" };
  const detail = say("board.requests.stray", { side: stray, share: formatShare(sum(stray) / requests) });
  const stickyMs = stickySeconds(snapshot, stray) * 1000;
  if (stickyMs > 0 && (shiftAt === null || now - shiftAt <= stickyMs))
    return {
      tone: "explained",
      words: say("board.requests.sticky"),
      detail: say("board.requests.stickyDetail", { detail, time: secondsSaid(stickyMs) }),
    };
  if (takesTestTraffic(snapshot, stray))
    return {
      tone: "explained",
      words: say("board.requests.test"),
      detail: say("board.requests.testDetail", { detail }),
    };
  return { tone: "fault", words: say("board.requests.disagree"), detail };
}

/** Whether errors are worth red: enough of them among enough requests. */
export function isManyErrors({ http5xxShare, samples }: Pick<SideMetrics, "http5xxShare" | "samples">): boolean {
  return http5xxShare !== null && http5xxShare >= MANY_ERRORS && samples >= LEAST_REQUESTS;
}

/** Whether what this side serves can only come through the test listener. */
export function takesTestTraffic({ traffic }: Pick<ApplicationSnapshot, "traffic">, color: SlotColor): boolean {
  return traffic.weights[color] === 0 && traffic.test !== undefined && share(traffic.test.weights, color) > 0;
}

/** What a side's figures are of: all its requests, those of the test listener alone, or those from before the last shift. */
export function requestsTitle(
  snapshot: Pick<ApplicationSnapshot, "traffic" | "deployment" | "lastDeployment">,
  color: SlotColor,
  metrics: Pick<SideMetrics, "at" | "periodSeconds">,
): Sentence {
  if (periodStart(metrics) < (lastShiftAt(snapshot) ?? 0)) return say("board.requests.titleBefore");
  return say(takesTestTraffic(snapshot, color) ? "board.requests.titleTest" : "board.requests.title");
}

function totalOf(point: { requests: number }, other: { requests: number } | undefined): number {
  return point.requests + (other?.requests ?? 0);
}

function sidesOf({ slots }: Pick<ApplicationSnapshot, "slots">): Record<SlotColor, SideMetrics> | null {
  const [blue, green] = [slots.blue.metrics, slots.green.metrics];
  return blue && green ? { blue, green } : null;
}

function periodStart({ at, periodSeconds }: Pick<SideMetrics, "at" | "periodSeconds">): number {
  return at - periodSeconds * 1000;
}

function newestErrors({ series }: SideMetrics): number {
  return series.at(-1)?.errors ?? 0;
}

function stickySeconds(snapshot: ApplicationSnapshot, color: SlotColor): number {
  return Math.max(snapshot.traffic.groupStickinessSeconds ?? 0, snapshot.slots[color].stickinessSeconds ?? 0);
}

/** When the newest write of weights was sent; null when Switchyard made none that is known here. */
function lastShiftAt(snapshot: Pick<ApplicationSnapshot, "deployment" | "lastDeployment">): number | null {
  const times = [snapshot.deployment, snapshot.lastDeployment].map((each) => (each ? shiftOf(each) : null));
  return times.find((at) => at !== null) ?? null;
}

function shiftOf(deployment: Deployment): number | null {
  const record = deployment.stages.find(({ stage }) => stage === "PRODUCTION_TRAFFIC_SHIFT");
  return deployment.plan?.shift?.sentAt ?? record?.startedAt ?? null;
}

function proofReading(snapshot: ApplicationSnapshot): RequestsReading | null {
  const deployment = snapshot.deployment ?? snapshot.lastDeployment;
  const proof = deployment?.proof;
  if (!deployment || !proof) return null;
  if (!proof.proven)
    return unknown(
      say(isVerifying(deployment) ? "board.requests.beingProven" : "board.requests.notProven"),
      proof.note ? say("board.told", { what: orText(proof.noteSaid, proof.note) }) : null,
    );
  const { to } = proofSides(deployment);
  const ms = Math.max(proof.firstRequestOnNewMs ?? 0, proof.lastRequestOnOldMs ?? 0);
  return {
    title: say("board.requests.went"),
    weights: { blue: to === "blue" ? 100 : 0, green: to === "green" ? 100 : 0 },
    unknown: null,
    words: say("board.requests.provenIn", { time: secondsSaid(ms) }),
  };
}

function unknown(instead: Sentence, words: Sentence | null): RequestsReading {
  return { title: say("board.requests.go"), weights: null, unknown: instead, words };
}
