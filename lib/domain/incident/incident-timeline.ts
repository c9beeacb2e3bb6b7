import { actorSaid } from "../deployment/actor-said.ts";
import type { Deployment, JournalEntry } from "../deployment/deployment.ts";
import type { ErrorKind } from "../observation/error-kinds.ts";
import type { Observation } from "../observation/observation.ts";
import { explainStoppedTask, explainTarget } from "../observation/plain-words.ts";
import { SLOT_COLORS, type Slot } from "../observation/slot.ts";
import { say } from "../sentence/sentence.ts";
import { lineMembers, type Told } from "../sentence/told.ts";
import type { IncidentMoment } from "./incident.ts";
import { because } from "./incident-causes.ts";

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
    ...errors
      .slice(0, MOST_ERRORS)
      .map(({ example, firstAt }) =>
        momentOf(
          firstAt,
          "log",
          example.slot,
          say("happened.newError", { line: example.text.split("\n", 1)[0] ?? "" }),
          true,
        ),
      ),
  ];
  return moments
    .filter((moment) => moment.at >= from && moment.at <= at + AFTER_MS)
    .sort((a, b) => a.at - b.at)
    .slice(-MOST);
}

function deploymentMoments(deployment: Deployment, journal: readonly JournalEntry[]): IncidentMoment[] {
  const { kind, to, reason, status, statusReason, statusSaid, breach, retired } = deployment;
  const moment = (at: number, words: Told, isBad = false) => momentOf(at, "deployment", to, words, isBad);
  const ended = status === "SUCCESSFUL" ? say("happened.endedWell") : say("happened.endedAs", { status });
  const began = say("happened.began", { who: actorSaid(deployment), what: say("doing.what", { kind, to }) });
  return [
    moment(deployment.startedAt, because(began, reason || null)),
    // An intent is told by its outcome.
    ...journal
      .filter(({ phase }) => phase !== "intent")
      .map(({ at, phase, message, said }) => moment(at, said ?? message, phase === "failed")),
    ...deployment.approvals.map(({ at, decision, name, actor, comment }) =>
      moment(
        at,
        because(say("happened.decided", { who: name ?? actor, decision }), comment || null),
        decision === "rejected",
      ),
    ),
    ...(breach ? [moment(breach.at, breach.said ?? breach.message, true)] : []),
    ...(deployment.finishedAt === null
      ? []
      : [
          moment(
            deployment.finishedAt,
            because(ended, statusReason ? (statusSaid ?? statusReason) : null),
            status !== "SUCCESSFUL",
          ),
        ]),
    ...(retired ? [moment(retired.at, say("happened.emptied", { side: retired.slot }))] : []),
  ];
}

function sideMoments({ color, tasks, targets, events }: Slot): IncidentMoment[] {
  const of = (about: IncidentMoment["about"], at: number, words: Told, isBad = false) =>
    momentOf(at, about, color, words, isBad);
  return [
    ...tasks.flatMap((each) => {
      const { startedAt, stoppedAt } = each;
      const task = each.id.slice(0, 8);
      return [
        ...(startedAt === null ? [] : [of("task", startedAt, say("happened.taskRan", { task }))]),
        ...(stoppedAt === null
          ? []
          : [of("task", stoppedAt, say("happened.taskStopped", { task, why: explainStoppedTask(each) }), true)]),
      ];
    }),
    ...targets.flatMap(({ id, port, history }) =>
      history.map(({ at, state, reason }) => {
        const words = say("happened.target", { target: `${id}:${port}`, state, why: explainTarget(state, reason) });
        return of("target", at, words, state === "unhealthy");
      }),
    ),
    ...events.map(({ at, message }) => of("service", at, message.replace(/^\(service [^)]*\)\s*/, "ECS: it "))),
  ];
}

function momentOf(
  at: number,
  about: IncidentMoment["about"],
  side: IncidentMoment["side"],
  words: Told,
  isBad: boolean,
): IncidentMoment {
  const { message: text, ...said } = lineMembers(words);
  return { at, about, side, text, ...said, isBad };
}
