import { type Sentence, say } from "../sentence/sentence.ts";
import type { SlotColor } from "./slot.ts";
import type { Weights } from "./traffic.ts";

/** ECS's own deployment strategies for moving traffic. Percents are of the requests, 0.1 apart; a bake is minutes. */
export const ROLLOUT_STRATEGIES = ["ALL_AT_ONCE", "CANARY", "LINEAR"] as const;
export type RolloutStrategy = (typeof ROLLOUT_STRATEGIES)[number];

/** How a deployment moves production traffic. A rollback is always all at once. */
export type Rollout =
  | { strategy: "ALL_AT_ONCE" }
  | { strategy: "CANARY"; percent: number; bakeMinutes: number }
  | { strategy: "LINEAR"; stepPercent: number; stepBakeMinutes: number };

/** ECS's ranges and defaults (CanaryConfiguration, LinearConfiguration). */
export const ROLLOUT_RANGES = {
  percent: { least: 0.1, most: 100, usual: 5 },
  bakeMinutes: { least: 0, most: 1440, usual: 10 },
  stepPercent: { least: 3, most: 100, usual: 10 },
  stepBakeMinutes: { least: 0, most: 1440, usual: 6 },
} as const;

/** One write of weights: the new side's share after it, and how long that is watched before the next. */
export interface RolloutStep {
  percent: number;
  weights: Weights;
  /** 0 for the last one: what follows it is the deployment's own bake. */
  bakeMinutes: number;
}

/** What holds where nothing is configured. */
export const ALL_AT_ONCE: Rollout = { strategy: "ALL_AT_ONCE" };

/** A strategy with ECS's own numbers. */
export function usualRollout(strategy: RolloutStrategy): Rollout {
  const { percent, bakeMinutes, stepPercent, stepBakeMinutes } = ROLLOUT_RANGES;
  switch (strategy) {
    case "ALL_AT_ONCE":
      return ALL_AT_ONCE;
    case "CANARY":
      return { strategy, percent: percent.usual, bakeMinutes: bakeMinutes.usual };
    case "LINEAR":
      return { strategy, stepPercent: stepPercent.usual, stepBakeMinutes: stepBakeMinutes.usual };
  }
}

/** Every step to all traffic on `to`: shares only grow, and the last one is 100 %. */
export function rolloutSteps(rollout: Rollout, to: SlotColor): RolloutStep[] {
  const step = (percent: number, minutes: number): RolloutStep => ({
    percent,
    weights: weightsForShare(to, percent),
    bakeMinutes: percent === 100 ? 0 : minutes,
  });
  switch (rollout.strategy) {
    case "ALL_AT_ONCE":
      return [step(100, 0)];
    case "CANARY":
      return rollout.percent >= 100 ? [step(100, 0)] : [step(rollout.percent, rollout.bakeMinutes), step(100, 0)];
    case "LINEAR": {
      const tenths = Math.round(rollout.stepPercent * 10);
      return Array.from({ length: Math.ceil(1000 / tenths) }, (_, index) =>
        step(Math.min(1000, tenths * (index + 1)) / 10, rollout.stepBakeMinutes),
      );
    }
  }
}

/**
 * The integers that give `to` exactly this share. A sum of 100 says percent at a glance; only tenths of a percent need a
 * sum of 1000, and ALB's largest weight, 999, is just enough for them.
 */
export function weightsForShare(to: SlotColor, percent: number): Weights {
  const tenths = Math.round(percent * 10);
  const [own, other] = tenths % 10 === 0 ? [tenths / 10, 100 - tenths / 10] : [tenths, 1000 - tenths];
  return to === "blue" ? { blue: own, green: other } : { blue: other, green: own };
}

/** "5 % for 10 min, then all", "10 % every 6 min, 54 min in all", "all at once". */
export function rolloutSaid(rollout: Rollout): Sentence {
  const steps = rolloutSteps(rollout, "green");
  if (rollout.strategy === "ALL_AT_ONCE" || steps.length === 1) return say("told.allAtOnce");
  if (rollout.strategy === "CANARY")
    return say("told.canary", { percent: rollout.percent, time: minutesSaid(rollout.bakeMinutes) });
  const total = steps.reduce((sum, step) => sum + step.bakeMinutes, 0);
  return say("told.linear", {
    percent: rollout.stepPercent,
    time: minutesSaid(rollout.stepBakeMinutes),
    total: minutesSaid(total),
  });
}

/** "10 min", "1 h", "1 h 30 min", "6 s". */
export function minutesSaid(minutes: number): Sentence {
  const all = Math.round(minutes * 60);
  const [hours, rest, seconds] = [Math.floor(all / 3600), Math.floor((all % 3600) / 60), all % 60];
  const parts = [
    ...(hours > 0 ? [say("told.hours", { hours })] : []),
    ...(rest > 0 ? [say("told.minutes", { minutes: rest })] : []),
    ...(seconds > 0 ? [say("told.seconds", { seconds })] : []),
  ];
  const [first = say("told.minutes", { minutes: 0 }), ...others] = parts;
  return others.reduce((before, last) => say("told.times", { before, last }), first);
}
