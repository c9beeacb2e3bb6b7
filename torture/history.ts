import type { JournalEntry } from "../lib/domain/deployment/deployment.ts";
import type { SlotColor } from "../lib/domain/observation/slot.ts";
import type { Weights } from "../lib/domain/observation/traffic.ts";
import type { AwsWrite, Evidence } from "./evidence.ts";

/* What happened, in order, as the evidence tells it. */

export const COLORS: readonly SlotColor[] = ["blue", "green"];

/** A write of weights with what the listener held before it. */
export interface WeightChange {
  at: number;
  before: Weights;
  after: Weights;
  write: AwsWrite | null;
}

/** How often the weights were changed by Switchyard. */
export function countShifts(evidence: Evidence): number {
  return weightChanges(evidence).filter(({ write }) => write !== null).length;
}

/** The whole history of the listener that clients come by: Switchyard's writes that took effect, and what others did. */
export function weightChanges(evidence: Evidence): WeightChange[] {
  const { troubles, testListenerArn, togetherArn } = evidence;
  const others = [testListenerArn, togetherArn].filter((arn) => arn !== undefined);
  const shifts = effective(evidence, "ModifyListener").filter(({ input }) => !others.includes(`${input.ListenerArn}`));
  return changesOf([
    ...shifts.map((write) => ({ at: write.at, after: weightsOf(write), write })),
    ...troubles.flatMap((one) => (one.kind === "weights" ? [{ at: one.at, after: one.weights, write: null }] : [])),
  ]);
}

/** The same of the listener that moves with it; empty where there is none. */
export function togetherChanges(evidence: Evidence): WeightChange[] {
  const { togetherArn } = evidence;
  if (togetherArn === undefined) return [];
  const shifts = effective(evidence, "ModifyListener").filter(({ input }) => input.ListenerArn === togetherArn);
  return changesOf(shifts.map((write) => ({ at: write.at, after: weightsOf(write), write })));
}

function changesOf(events: readonly Omit<WeightChange, "before">[]): WeightChange[] {
  let before: Weights = { blue: 100, green: 0 };
  return events
    .toSorted((a, b) => a.at - b.at)
    .map((event) => {
      const change = { ...event, before };
      before = event.after;
      return change;
    });
}

function weightsOf({ input }: AwsWrite): Weights {
  const weights = { blue: 0, green: 0 };
  for (const [key, value] of Object.entries(input)) {
    const arn = /^(DefaultActions.+)\.TargetGroupArn$/.exec(key);
    if (!arn?.[1]?.includes("TargetGroups")) continue;
    const color = COLORS.find((one) => String(value).includes(`library-${one}-tg`));
    if (color) weights[color] = Number(input[`${arn[1]}.Weight`]);
  }
  return weights;
}

/** What the listener held at that moment. */
export function weightsAt(changes: readonly WeightChange[], at: number): Weights {
  return changes.findLast((change) => change.at <= at)?.after ?? { blue: 100, green: 0 };
}

/** Every weight that a side had at some moment of the time. */
export function hadWeight(changes: readonly WeightChange[], side: SlotColor, from: number, to: number): boolean {
  const within = changes.filter((change) => change.at > from && change.at <= to);
  return weightsAt(changes, from)[side] > 0 || within.some(({ after }) => after[side] > 0);
}

interface ServiceState {
  service: string;
  desired: number;
  definition: string;
}

/** What each service was asked for, write by write; the world is laid with two tasks each. */
export function serviceChanges(
  evidence: Evidence,
): { write: AwsWrite; before: ServiceState | null; after: ServiceState }[] {
  const known = new Map<string, ServiceState>();
  return effective(evidence, "UpdateService").map((write) => {
    const service = String(write.input.service);
    const before = known.get(service) ?? { service, desired: 2, definition: "as seeded" };
    const after = {
      service,
      desired: Number(write.input.desiredCount ?? before.desired),
      definition: String(write.input.taskDefinition ?? before.definition),
    };
    known.set(service, after);
    return { write, before, after };
  });
}

interface TaskSetChange {
  write: AwsWrite;
  side: SlotColor;
  /** Percent of the service's tasks; null when it is not known, 0 after a set is deleted. */
  before: number | null;
  after: number;
}

/** What happened to each task set, from the sides as they were laid and the sets that were made since. */
export function taskSetChanges({ writes, taskSets }: Evidence): TaskSetChange[] {
  const known = new Map(taskSets.map(({ id, side }) => [id, { side, scale: null as number | null }]));
  return writes.flatMap((write): TaskSetChange[] => {
    if (write.error !== null) return [];
    const { input } = write;
    const scale = Number((input.scale as { value?: number } | undefined)?.value ?? 0);
    if (write.operation === "CreateTaskSet" && write.made && !known.has(write.made))
      known.set(write.made, { side: String(input.externalId).endsWith("green") ? "green" : "blue", scale });
    const id = [...known.keys()].find((each) => String(input.taskSet ?? "").endsWith(each));
    const set = id === undefined ? undefined : known.get(id);
    if (!set || (write.operation !== "UpdateTaskSet" && write.operation !== "DeleteTaskSet")) return [];
    const after = write.operation === "DeleteTaskSet" ? 0 : scale;
    const change = { write, side: set.side, before: set.scale, after };
    set.scale = after;
    // A set is scaled to nothing before it is deleted.
    return write.operation === "DeleteTaskSet" && change.before === 0 ? [] : [change];
  });
}

/** The writes of this operation that took effect. */
export function effective({ writes }: Evidence, operation: string): AwsWrite[] {
  return writes.filter((write) => write.operation === operation && write.error === null);
}

/** Intents of one journal that nothing was said of yet. */
export function openIntents(journal: readonly JournalEntry[]): JournalEntry[] {
  return journal.filter(({ phase, step, sequence }) => {
    const later = journal.filter((entry) => entry.sequence > sequence && entry.step === step);
    return phase === "intent" && !later.some((entry) => entry.phase === "done" || entry.phase === "failed");
  });
}
