import type { Application } from "../domain/application/application.ts";
import { gatherElbSettings, groupsOf } from "../gather/gather-elb.ts";
import { gatherWaysIn, waysCallsOf } from "../gather/gather-ways.ts";
import type { LoopContext } from "./loop-context.ts";
import { createSourceLoop, type Lane, type SourceLoop } from "./source-loop.ts";

/** Settings take no more than this part of the bucket. */
const SETTINGS_SHARE = 0.15;
/** Applications of one slice: what becomes urgent waits for no more than their calls. */
const SETTINGS_SLICE = 10;
/** Attributes that one slice reads, so that a first reading of all takes no turns from target health. */
const ATTRIBUTES_A_SLICE = 2;
/** While somebody looks, listeners and rules that a person adds are seen within this time where that takes no more than a small part of the bucket. */
const SETTINGS_MS = 15_000;
const SETTINGS_IDLE_MS = 120_000;
const SETTINGS_OVERVIEW_SHARE = 0.05;
/** Turns in which each group's attributes are read once, more or less. */
const ATTRIBUTES_TURNS = 15;
/** Attributes change by a person's hand, and take a call for each group. */
const ATTRIBUTES_MS = 60_000;
const ATTRIBUTES_IDLE_MS = 30 * 60_000;

/** Attributes of target groups, listeners and rules: they change by a person's hand and hold nothing up. */
export function createSettingsLoop(context: LoopContext): SourceLoop {
  const { aws, facts, now, watchers } = context;
  const elbRate = () => aws.budgets.rate("elb-read");
  const callsOf = (applications: readonly Application[]) =>
    waysCallsOf(applications, facts) + groupsOf(applications).size / ATTRIBUTES_TURNS;

  async function readSettings(applications: readonly Application[], lane: Lane): Promise<void> {
    const how = { priority: "idle", now } as const;
    // What several share is read once, with the first of them that has its turn.
    const oldestMs = Math.min(...applications.map(({ name }) => loop.intervalMs(name)));
    const attributesMs = lane === "focus" ? ATTRIBUTES_MS : ATTRIBUTES_IDLE_MS;
    const atMost = lane === "focus" ? undefined : ATTRIBUTES_A_SLICE;
    await Promise.all([
      gatherWaysIn(aws, applications, facts, how, now() - oldestMs / 2),
      gatherElbSettings(aws, applications, facts, how, attributesMs, atMost),
    ]);
  }

  const loop: SourceLoop = createSourceLoop({
    ...context,
    attentionOf: watchers.attentionOf,
    fastMs: SETTINGS_MS,
    idleMs: SETTINGS_IDLE_MS,
    overviewMs() {
      const ms = (callsOf(context.applications()) / (elbRate() * SETTINGS_OVERVIEW_SHARE)) * 1000;
      return Math.max(SETTINGS_MS, Math.min(SETTINGS_IDLE_MS, ms));
    },
    callsOf,
    perSecond: () => elbRate() * SETTINGS_SHARE,
    slice: SETTINGS_SLICE,
    gather: readSettings,
  });
  return loop;
}
