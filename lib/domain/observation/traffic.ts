import type { Sentence } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
import type { SlotColor, SlotRole } from "./slot.ts";

/** Weights as the listener or rule holds them (AWS's integers 0-999, not percent). */
export type Weights = Readonly<Record<SlotColor, number>>;

/** What the listener or rule was last read to hold. */
export interface Traffic {
  /** ARN of the listener (default action) or rule that decides. */
  listenerOrRuleArn: string;
  /** How people call it: "library-alb HTTP:80", with the rule's priority where a rule decides. */
  name: string;
  weights: Weights;
  live: SlotColor | "split" | "unknown";
  /** Epoch ms of the read. */
  readAt: number;
  /** In words, when the action is not what this application expects (other groups, no forward, shadowed rule). */
  drift?: string;
  /** `drift` in no language yet. */
  driftSaid?: Sentence;
  /** All that move together, this one first, each as it was read; left out where there is but one. */
  together?: TogetherWay[];
  /** Rules that come first and take part of the requests, in order; left out until they were read. */
  earlierRules?: EarlierRule[];
  /** Stickiness between target groups in the forward action, in seconds; null when off. */
  groupStickinessSeconds: number | null;
  /** Where people reach the production listener, where known. */
  url?: string;
  /** The test listener and its weights, where one is configured. */
  test?: {
    listenerOrRuleArn: string;
    name: string;
    weights: Weights;
    /** Epoch ms of the read. */
    readAt: number;
    /** In words, when it forwards elsewhere, too. */
    drift?: string;
    driftSaid?: Sentence;
    url?: string;
    /** What a request needs to be test traffic where a rule decides: "header X-Preview: green". */
    takes?: string;
    /** `takes` in no language yet. */
    takesSaid?: Sentence;
  };
}

/** A listener or rule whose weights are to be those of the one that names the traffic. */
interface TogetherWay {
  arn: string;
  /** "library-alb HTTPS:443". */
  name: string;
  weights: Weights;
}

/** A rule that is looked at before the one that decides. */
export interface EarlierRule {
  priority: number;
  /** "path /api/*". */
  takes: string;
  /** `takes` in no language yet. */
  takesSaid?: Sentence;
  /** Names of the target groups it forwards to; empty where it answers or redirects. */
  groups: string[];
  /** Whether one of them is a side of this application. */
  isOurs: boolean;
}

/** One target group of a forward action. */
export interface ForwardGroup {
  targetGroupArn: string;
  weight: number;
}

/** Why it is not as expected, ready to stand in another sentence; null while it is. */
export function driftOf({ drift, driftSaid }: { drift?: string; driftSaid?: Sentence }): Told | null {
  return driftSaid ?? drift ?? null;
}

/** Exact integers: 100/0 is not 1/0. */
export function isSame(a: Weights, b: Weights): boolean {
  return a.blue === b.blue && a.green === b.green;
}

/**
 * The weights of several that move together: what all of them hold; while they differ, the sum, so that a side that any of
 * them serves counts as served.
 */
export function combinedWeights(all: readonly Weights[]): Weights {
  const [first = { blue: 0, green: 0 }, ...others] = all;
  if (others.every((weights) => isSame(weights, first))) return first;
  const sum = (color: SlotColor) => all.reduce((total, weights) => total + weights[color], 0);
  return { blue: sum("blue"), green: sum("green") };
}

/** Whether several that move together stand between the two: a shift from one to the other was cut off. */
export function isPartWay({ together = [] }: Pick<Traffic, "together">, from: Weights, to: Weights): boolean {
  const isAt = (weights: Weights) => together.some((each) => isSame(each.weights, weights));
  return isAt(from) && isAt(to) && together.every(({ weights }) => isSame(weights, from) || isSame(weights, to));
}

/** "blue 95, green 5". */
export function weightsWords(weights: Weights): string {
  return `blue ${weights.blue}, green ${weights.green}`;
}

/** Which side is live, from the weights alone: a side alone above zero is live, both above zero is a split. */
export function liveSide(weights: Weights): Traffic["live"] {
  if (weights.blue > 0 && weights.green > 0) return "split";
  if (weights.blue > 0) return "blue";
  if (weights.green > 0) return "green";
  return "unknown";
}

/** A side's share of the traffic, 0 to 100; 0 for both when no weight is set. */
export function share(weights: Weights, color: SlotColor): number {
  const sum = weights.blue + weights.green;
  return sum === 0 ? 0 : (weights[color] / sum) * 100;
}

/** The role of one side under these weights. A side with weight that is not the larger one is a canary; equal sides are both live. */
export function roleOf(color: SlotColor, weights: Weights, isEmpty: boolean): SlotRole {
  const own = share(weights, color);
  if (own >= 50) return "live";
  if (own > 0) return "canary";
  return isEmpty ? "empty" : "standby";
}

/** All weight to one side. 100 and 0, as CodeDeploy and ECS write them. */
export function weightsFor(to: SlotColor): Weights {
  return to === "blue" ? { blue: 100, green: 0 } : { blue: 0, green: 100 };
}

/** The name inside a target group ARN; the ARN itself when it has another shape. */
export function targetGroupName(arn: string): string {
  return /:targetgroup\/([^/]+)\//.exec(arn)?.[1] ?? arn;
}
