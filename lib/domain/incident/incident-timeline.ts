import type { Deployment, JournalEntry } from "../deployment/deployment.ts";
import { deploymentWords } from "../deployment/deployment-words.ts";
import type { ErrorKind } from "../observation/error-kinds.ts";
import type { Observation } from "../observation/observation.ts";
import { explainStoppedTask, explainTarget } from "../observation/plain-words.ts";
import { SLOT_COLORS, type Slot } from "../observation/slot.ts";
import { englishOf } from "../sentence/told.ts";
import type { IncidentMoment } from "./incident.ts";

/** Before it, of what belongs to no deployment. */
const BEFORE_MS = 30 * 60_000;
const AFTER_MS = 60_000;
const MOST = 300;
const MOST_ERRORS = 10;

/** What a timeline is made from. */
export interface TimelineFacts {
  at: number;
  look: Observation;
  deployment: Deployment | null;
  journal: readonly JournalEntry[];
  /** Kinds of error whose first line is told. */
  errors: readonly Pick<ErrorKind, "example" | "firstAt">[];
}

/** What happened around it, oldest first, in plain words; the newest where there is too much. */
export function incidentTimeline({ at, look, deployment, journal, errors }: TimelineFacts): IncidentMoment[] {
  const from = Math.min(deployment?.startedAt ?? at, at - BEFORE_MS);
  const moments = [
    ...(deployment ? deploymentMoments(deployment, journal) : []),
    ...SLOT_COLORS.flatMap((color) => sideMoments(look.slots[color])),
    ...errors.slice(0, MOST_ERRORS).map(({ example, firstAt }) => ({
      at: firstAt,
      about: "log" as const,
      side: example.slot,
      text: `First line of a new error: ${example.text.split("\n", 1)[0] ?? ""}`,
      isBad: true,
    })),
  ];
  return moments
    .filter((moment) => moment.at >= from && moment.at <= at + AFTER_MS)
    .sort((a, b) => a.at - b.at)
    .slice(-MOST);
}

function deploymentMoments(deployment: Deployment, journal: readonly JournalEntry[]): IncidentMoment[] {
  const moment = (at: number, text: string, isBad = false): IncidentMoment => ({
    at,
    about: "deployment",
    side: deployment.to,
    text,
    isBad,
  });
  const why = deployment.reason ? `: ${deployment.reason}` : "";
  const ended = deployment.status === "SUCCESSFUL" ? "Ended well" : `Ended as ${deployment.status}`;
  return [
    moment(deployment.startedAt, `${deployment.actor.name} began the ${deploymentWords(deployment)}${why}`),
    // An intent is told by its outcome.
    ...journal
      .filter(({ phase }) => phase !== "intent")
      .map(({ at, phase, message }) => moment(at, message, phase === "failed")),
    ...deployment.approvals.map(({ at, decision, name, actor, comment }) =>
      moment(at, `${name ?? actor} ${decision} it${comment ? `: ${comment}` : ""}`, decision === "rejected"),
    ),
    ...(deployment.breach ? [moment(deployment.breach.at, deployment.breach.message, true)] : []),
    ...(deployment.finishedAt === null
      ? []
      : [
          moment(
            deployment.finishedAt,
            deployment.statusReason ? `${ended}: ${deployment.statusReason}` : ended,
            deployment.status !== "SUCCESSFUL",
          ),
        ]),
    ...(deployment.retired
      ? [moment(deployment.retired.at, `${deployment.retired.slot} was asked to run nothing`)]
      : []),
  ];
}

function sideMoments({ color, tasks, targets, events }: Slot): IncidentMoment[] {
  const of = (about: IncidentMoment["about"], at: number, text: string, isBad = false): IncidentMoment => ({
    at,
    about,
    side: color,
    text,
    isBad,
  });
  return [
    ...tasks.flatMap((task) => [
      ...(task.startedAt === null ? [] : [of("task", task.startedAt, `Task ${task.id.slice(0, 8)} ran`)]),
      ...(task.stoppedAt === null
        ? []
        : [
            of(
              "task",
              task.stoppedAt,
              `Task ${task.id.slice(0, 8)} stopped: ${englishOf(explainStoppedTask(task))}`,
              true,
            ),
          ]),
    ]),
    ...targets.flatMap(({ id, port, history }) =>
      history.map(({ at, state, reason }) =>
        of(
          "target",
          at,
          `Target ${id}:${port} ${state}: ${englishOf(explainTarget(state, reason))}`,
          state === "unhealthy",
        ),
      ),
    ),
    ...events.map(({ at, message }) => of("service", at, message.replace(/^\(service [^)]*\)\s*/, "ECS: it "))),
  ];
}
