import { type Deployment, type JournalEntry, STAGES, type StageRecord } from "../deployment/deployment.ts";
import { countMasked, maskSecrets, type OwnSecretRule } from "../log/secrets.ts";
import { compareErrorKinds, sidesOf } from "../observation/error-kinds.ts";
import type { LogLine } from "../observation/log-line.ts";
import type { Observation } from "../observation/observation.ts";
import type { Slot } from "../observation/slot.ts";
import type { TaskDefinitionChange } from "../observation/task-definition.ts";
import { inEnglish } from "../sentence/in-language.ts";
import type { Sentence } from "../sentence/sentence.ts";
import { cutText } from "../text/cut-text.ts";
import type { Incident, IncidentSide, LastGood } from "./incident.ts";
import type { Cause } from "./incident-causes.ts";
import { incidentTimeline } from "./incident-timeline.ts";

/** Everything that was read for an incident. */
export interface IncidentFacts {
  application: string;
  cause: Cause;
  look: Observation;
  journal: readonly JournalEntry[];
  lines: readonly LogLine[];
  changes: readonly TaskDefinitionChange[] | null;
  lastGood: Deployment | null;
  missing: readonly Sentence[];
  /** Masks what the application says besides. */
  mask: readonly OwnSecretRule[];
}

const MOST_TEXT = 2000;
const MOST_TASKS = 60;
const MOST_ERRORS = 20;
const SENTENCES: ReadonlySet<string> = new Set(["said", "titleSaid"]);

/** Puts it together, masked and bounded: a text of it has 2,000 characters at most. */
export function composeIncident(facts: IncidentFacts): Incident {
  const { cause, look, lines, changes, lastGood, missing, application } = facts;
  const { id, at, kind, title, titleSaid, side, deployment } = cause;
  const found = compareErrorKinds(sidesOf(lines, null), side);
  const errors = [...found.onlyHere, ...found.maybe];
  const incident: Incident = {
    id,
    application,
    at,
    kind,
    title,
    ...(titleSaid ? { titleSaid } : {}),
    deployment: deployment && headOf(deployment),
    weights: look.traffic.weights,
    sides: { blue: sideOf(look.slots.blue), green: sideOf(look.slots.green) },
    timeline: incidentTimeline({ at, look, deployment, journal: facts.journal, errors }),
    newErrors: errors
      .slice(0, MOST_ERRORS)
      .map(({ signature, counts, firstAt, example }) => ({ signature, counts, firstAt, example: example.text })),
    // Masked once more, a text may no longer be where its colours were.
    lines: lines.map(({ colours: _colours, ...line }) => line),
    changes: changes && [...changes],
    lastGood: lastGood && lastGoodOf(lastGood, deployment),
    missing: missing.map(inEnglish),
    missingSaid: [...missing],
    masked: [],
  };
  const masked = mapTexts(incident, (text) => cutText(maskSecrets(text, facts.mask), MOST_TEXT));
  return { ...masked, masked: countMasked(textsOf(masked)) };
}

function headOf(deployment: Deployment): NonNullable<Incident["deployment"]> {
  const { id, kind, status, from, to, revision, fromRevision, startedAt, reason } = deployment;
  return { id, kind, status, from, to, revision, fromRevision, startedAt, reason };
}

function sideOf({ role, revision, counts, tasks, targets, metrics }: Slot): IncidentSide {
  const { desired, running, healthy, total } = counts;
  return {
    role,
    revision,
    counts: { desired, running, healthy, total },
    tasks: tasks.slice(0, MOST_TASKS).map((task) => ({
      id: task.id,
      lastStatus: task.lastStatus,
      startedAt: task.startedAt,
      stoppedAt: task.stoppedAt,
      ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
      ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
      containers: task.containers,
    })),
    targets: targets.slice(0, MOST_TASKS).map(({ id, port, state, reason, description }) => ({
      id,
      port,
      state,
      ...(reason === undefined ? {} : { reason }),
      ...(description === undefined ? {} : { description }),
    })),
    metrics: metrics?.series ?? [],
  };
}

function lastGoodOf(good: Deployment, deployment: Deployment | null): LastGood {
  const seconds = (stages: readonly StageRecord[], stage: string) => {
    const { startedAt = null, finishedAt = null } = stages.find((record) => record.stage === stage) ?? {};
    return startedAt === null || finishedAt === null ? null : Math.round((finishedAt - startedAt) / 1000);
  };
  return {
    deploymentId: good.id,
    finishedAt: good.finishedAt ?? good.startedAt,
    revision: good.revision,
    stages: STAGES.map((stage) => ({
      stage,
      good: seconds(good.stages, stage),
      now: deployment ? seconds(deployment.stages, stage) : null,
    })).filter(({ good, now }) => good !== null || now !== null),
  };
}

/** The same value with every text in it changed. */
function mapTexts<T>(value: T, change: (text: string) => string): T {
  const walk = (each: unknown): unknown => {
    if (typeof each === "string") return change(each);
    if (Array.isArray(each)) return each.map(walk);
    if (typeof each !== "object" || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([name, member]) => [name, walk(member)]));
  };
  // Safe because every member keeps its kind.
  return walk(value) as T;
}

/** Every text in it once: what a sentence holds stands in its English as well. */
function* textsOf(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null)
    for (const [name, each] of Object.entries(value)) if (!SENTENCES.has(name)) yield* textsOf(each);
}
