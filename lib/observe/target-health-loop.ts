import type { Application } from "../domain/application/application.ts";
import { SLOT_COLORS, type Slot } from "../domain/observation/slot.ts";
import { gatherTargets, groupsOf } from "../gather/gather-elb.ts";
import type { LoopContext } from "./loop-context.ts";
import { createSourceLoop, type SourceLoop } from "./source-loop.ts";
import { isEmptySide, isSuspiciousSide } from "./suspicion.ts";
import { longestDue } from "./turns.ts";

/** What was seen of an application last. */
export interface LastLooks {
  isKnown(name: string): boolean;
  /** Its sides as they were told last, or as far as they are known. */
  slotsOf(application: Application): Readonly<Record<Slot["color"], Slot>>;
}

/** Also told what should be read soon. */
export interface TargetHealthLoop extends SourceLoop {
  /** Target health of this application may have changed, or has been read since. */
  suspect(name: string, isSuspicious: boolean): void;
  /** Reads target health often while a rollback window is open. */
  setWindow(name: string, isOpen: boolean): void;
}

/** Applications of one slice of the slow turns: what becomes urgent waits for no more than their calls. */
const TARGETS_SLICE = 6;
/** Target health keeps at least this part of the bucket. */
const TARGETS_SHARE = 0.3;
/** An empty side of what nobody looks at is read again after this many turns of the others. */
export const EMPTY_TURNS = 5;

/**
 * Target health of what nobody looks at closely, a call for each group: soon where it may have changed, else in turns as the
 * budget lets it.
 */
export function createTargetHealthLoop(
  context: LoopContext,
  looks: LastLooks,
  others: { hasCounts: (name: string) => boolean; weightCallsPerSecond: () => number },
): TargetHealthLoop {
  const { aws, facts, now, fastMs, idleMs, watchers } = context;
  /** Whose target health may have changed. */
  const suspicious = new Set<string>();
  const windows = new Set<string>();
  const elbRate = () => aws.budgets.rate("elb-read");
  const isUrgent = (name: string) => suspicious.has(name) || windows.has(name) || !looks.isKnown(name);

  /** The sides that have something, or those that have nothing. */
  function sidesOf(application: Application, haveNothing: boolean): Slot[] {
    const slots = looks.slotsOf(application);
    return SLOT_COLORS.map((color) => slots[color]).filter((slot) => isEmptySide(slot) === haveNothing);
  }

  /** The sides that have something, and of the empty ones that whose turn is due longest. */
  function sidesInTurn(applications: readonly Application[]): Slot[] {
    const empty = applications.flatMap((application) => {
      const everyMs = EMPTY_TURNS * loop.intervalMs(application.name);
      return sidesOf(application, true).map((slot) => ({ slot, dueAt: (slot.targetsReadAt ?? 0) + everyMs }));
    });
    const due = longestDue(empty, now());
    return [...applications.flatMap((application) => sidesOf(application, false)), ...(due ? [due.slot] : [])];
  }

  const sidesNow = (application: Application) => [
    ...sidesOf(application, false),
    ...sidesOf(application, true).filter(isSuspiciousSide),
  ];
  const read = (sides: readonly Slot[], priority: "fleet" | "idle") =>
    gatherTargets(
      aws,
      sides.map(({ targetGroupArn }) => targetGroupArn),
      facts,
      { priority, now },
    );

  const loop = createSourceLoop({
    ...context,
    // ECS says which sides have anything to ask for.
    applications: () =>
      context.applications().filter(({ name }) => watchers.attentionOf(name) !== "focus" && others.hasCounts(name)),
    attentionOf: (name) => (isUrgent(name) ? "overview" : "idle"),
    idleMs: () => (watchers.isWatched("*") ? fastMs : idleMs),
    callsOf: (applications) => groupsOf(applications).size,
    perSecond: () => Math.max(elbRate() * TARGETS_SHARE, elbRate() - others.weightCallsPerSecond()),
    slice: TARGETS_SLICE,
    isGreedy: true,
    async gather(applications) {
      const { soon = [], slowly = [] } = Object.groupBy(applications, ({ name }) =>
        isUrgent(name) ? "soon" : "slowly",
      );
      await Promise.all([read(soon.flatMap(sidesNow), "fleet"), read(sidesInTurn(slowly), "idle")]);
    },
  });

  return {
    ...loop,
    suspect(name, isSuspicious) {
      if (!isSuspicious) suspicious.delete(name);
      else if (!suspicious.has(name)) {
        suspicious.add(name);
        loop.wake();
      }
    },
    setWindow(name, isOpen) {
      if (windows.has(name) === isOpen) return;
      if (isOpen) windows.add(name);
      else windows.delete(name);
      loop.wake();
    },
  };
}
