import type { Deployment } from "../deployment/deployment.ts";
import { type OutsideAct, unknownActs } from "../deployment/outside-callers.ts";
import { sideOfPart } from "../observation/configuration-parts.ts";
import type { TrailCall } from "../observation/outside-caller.ts";
import type { Drift, Ledger } from "./ledger.ts";

/** What CloudTrail is asked about one thing that was done outside Switchyard. Times are epoch ms. */
export interface CallerQuestion {
  /** Operations that do it. */
  calls: readonly string[];
  /** When it was done, or seen to have been done. */
  at: number;
  /** It was done between these. */
  from: number;
  to: number;
  /** From when it may have been done at the earliest, for the last time that it is asked. */
  earliest: number;
  /** Whether the call is about it; the newest that is did it. */
  isAbout(call: TrailCall): boolean;
}

/** Calls are told in whole seconds, and clocks differ. */
const SLACK_MS = 3_000;
/** Looks at what nobody watches are this far apart, and a change is told once AWS has settled. */
const SEEN_WITHIN_MS = 60_000;
/** A change that was made while nobody looked. */
const UNSEEN_FOR_MS = 86_400_000;

/** The questions that a deployment's record leaves. */
export function deploymentQuestions(deployment: Deployment): { act: OutsideAct; question: CallerQuestion }[] {
  return unknownActs(deployment).flatMap((act) => {
    const question = questionOf(deployment, act);
    return question ? [{ act, question }] : [];
  });
}

function questionOf(deployment: Deployment, act: OutsideAct): CallerQuestion | null {
  const { aws, startedAt, finishedAt } = deployment;
  const id = aws?.id;
  if (!id) return null;
  const isEcs = id.startsWith("arn:");
  const isOfIt = ({ subject }: TrailCall) => subject[isEcs ? "serviceDeploymentArn" : "deploymentId"] === id;
  if (act.kind === "start") {
    const calls = isEcs ? ["UpdateService", "CreateService"] : ["CreateDeployment"];
    return { calls, ...around(startedAt, startedAt), isAbout: isEcs ? startsService(id) : isOfIt };
  }
  if (act.kind === "end") {
    const at = finishedAt ?? startedAt;
    return { calls: [isEcs ? "StopServiceDeployment" : "StopDeployment"], ...around(startedAt, at), isAbout: isOfIt };
  }
  const gate = aws.ended?.find((each) => each.id === act.gate);
  if (!gate) return null;
  const isAbout = (call: TrailCall) => isOfIt(call) && (!isEcs || call.subject.hookId === gate.id);
  const calls = [isEcs ? "ContinueServiceDeployment" : "ContinueDeployment"];
  return { calls, ...around(gate.at - gate.waitedMs, gate.at), isAbout };
}

function around(from: number, at: number): Pick<CallerQuestion, "at" | "from" | "to" | "earliest"> {
  return { at, from: from - SLACK_MS, to: at + SLACK_MS, earliest: from - SLACK_MS };
}

/** "arn:aws:ecs:<region>:<account>:service-deployment/<cluster>/<service>/<id>" names the service that was updated or made. */
function startsService(id: string): (call: TrailCall) => boolean {
  const [, cluster, service] = (id.split(":")[5] ?? "").split("/");
  return ({ name, subject }) =>
    lastName(name === "CreateService" ? subject.serviceName : subject.service) === service &&
    lastName(subject.cluster ?? "default") === cluster;
}

/** The question that a drift leaves; null where no single call would tell: counts, targets, and what was made anew. */
export function driftQuestion({ part, seenAt, by }: Drift, { scope, at }: Ledger): CallerQuestion | null {
  if (!scope || (by && by.state !== "denied" && by.state !== "away")) return null;
  const when = {
    ...{ at: seenAt, from: seenAt - SEEN_WITHIN_MS, to: seenAt + SLACK_MS },
    // What was changed before the ledger's time is in it.
    earliest: Math.min(seenAt - SEEN_WITHIN_MS, Math.max(seenAt - UNSEEN_FOR_MS, at)),
  };
  if (part === "weights" || part === "groupStickiness") {
    const arns = new Set(scope.traffic.split(" "));
    const isRule = (arn: string) => arn.includes(":listener-rule/");
    const calls = [
      ...([...arns].some((arn) => !isRule(arn)) ? ["ModifyListener"] : []),
      ...([...arns].some(isRule) ? ["ModifyRule"] : []),
    ];
    const isAbout = ({ subject }: TrailCall) => arns.has(subject.ruleArn ?? subject.listenerArn ?? "");
    return { calls, ...when, isAbout };
  }
  const side = sideOfPart(part);
  if (!side) return null;
  const name = part.slice(side.length + 1);
  const [targetGroup = "", service = ""] = scope[side].split(" ");
  if (name === "taskDefinition" && service !== "") {
    const cluster = lastName(scope.cluster);
    return {
      calls: ["UpdateService", "CreateTaskSet"],
      ...when,
      isAbout: ({ subject }) =>
        lastName(subject.service) === lastName(service) &&
        (cluster === undefined || lastName(subject.cluster ?? "default") === cluster),
    };
  }
  if (name === "stickiness" || name === "deregistrationDelay")
    return {
      calls: ["ModifyTargetGroupAttributes"],
      ...when,
      isAbout: ({ subject }) => subject.targetGroupArn === targetGroup,
    };
  return null;
}

/** The name behind a name or an ARN. */
function lastName(name: string | undefined): string | undefined {
  return name?.slice(name.lastIndexOf("/") + 1);
}
