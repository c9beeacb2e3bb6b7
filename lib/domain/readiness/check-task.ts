import { say } from "../sentence/sentence.ts";
import { mayPoint } from "./check-registry.ts";
import { judge } from "./look.ts";
import { fail, pass, unknown, warn } from "./point.ts";
import type { Point } from "./readiness.ts";
import type { Look, ReadinessFacts, RoleFact, Subject, TaskDefinitionFact } from "./readiness-facts.ts";
import { seenOf } from "./seen-of.ts";

/** Fargate's CPU units, with the least and most MiB and their step; https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html */
const FARGATE_SIZES: Readonly<Record<string, readonly [least: number, most: number, step: number]>> = {
  "256": [512, 2048, 512],
  "512": [1024, 4096, 1024],
  "1024": [2048, 8192, 1024],
  "2048": [4096, 16_384, 1024],
  "4096": [8192, 30_720, 1024],
  "8192": [16_384, 61_440, 4096],
  "16384": [32_768, 122_880, 8192],
};
/** The one step between Fargate's first and third memory size of 256 units that is none. */
const NO_SIZE = "256/1536";

/** What the execution role needs to resolve secrets. */
const READS = ["ssm:GetParameters", "secretsmanager:GetSecretValue", "kms:Decrypt"];

/** Every parameter is there, encrypted, and the execution role may read it. Values are never read. */
export function checkParameters(facts: ReadinessFacts, subject: Subject): readonly Point[] {
  return judge(facts.parameters, (found) => {
    const wanted = wantedParameters(facts, subject);
    const points = wanted.map((name) => {
      const parameter = found.find((one) => one.name === name);
      if (!parameter) return fail(`there is no parameter ${name}`);
      return parameter.type === "SecureString"
        ? pass(`${name} is there, as SecureString`)
        : warn(`${name} is a ${parameter.type}: anybody who may read parameters reads it in the clear`);
    });
    const ofManager = (seenOf(facts.taskDefinition)?.secrets ?? []).filter((from) => parameterNameOf(from) === null);
    if (points.length === 0 && ofManager.length === 0) return [pass("the task definition reads no parameter")];
    const reads = judge(facts.executionMay, (answers) =>
      answers.filter(({ action }) => READS.includes(action)).map(mayPoint),
    );
    const unread = ofManager.map((name) => unknown(say("check.secretOfManager", { name })));
    return [...points, ...unread, ...reads];
  });
}

/** By name: those that the task definition's secrets name, or the usual three while there is none. */
export function wantedParameters(
  { taskDefinition }: Pick<ReadinessFacts, "taskDefinition">,
  { application }: Pick<Subject, "application">,
): string[] {
  if (taskDefinition.state !== "seen" || taskDefinition.value === null)
    return ["url", "username", "password"].map((part) => `/${application}/db/${part}`);
  return taskDefinition.value.secrets.map(parameterNameOf).filter((name) => name !== null);
}

/** The parameter's name; null for a secret of Secrets Manager. */
export function parameterNameOf(valueFrom: string): string | null {
  const match = /^arn:[\w-]+:ssm:[\w-]*:\d*:parameter(\/.+)$/.exec(valueFrom)?.[1];
  if (match) return match.lastIndexOf("/") === 0 ? match.slice(1) : match;
  return valueFrom.startsWith("arn:") ? null : valueFrom;
}

/** What tasks are made from: its image is there, its roles can be assumed, names, ports and sizes fit. */
export function checkTaskDefinition(facts: ReadinessFacts, subject: Subject): readonly Point[] {
  return judge(facts.taskDefinition, (found) => {
    if (!found) return [fail(`there is no task definition ${subject.family}`)];
    const image = judge(facts.runningImage, (one) => [
      one
        ? pass(`its image is in the registry: ${one.tag}`)
        : fail(`its image ${found.container?.image ?? ""} is not in the registry`),
    ]);
    return [
      found.status === "ACTIVE" ? pass(`${nameOf(found)} is ACTIVE`) : fail(`${nameOf(found)} is ${found.status}`),
      ...image,
      ...checkContainer(found, subject),
      ...checkSize(found),
      ...checkRole(facts.executionRole, found.executionRoleArn, "execution role"),
      ...(found.taskRoleArn === null ? [] : checkRole(facts.taskRole, found.taskRoleArn, "task role")),
    ];
  });
}

function checkContainer({ container }: TaskDefinitionFact, subject: Subject): readonly Point[] {
  if (!container) return [fail(`it has no container ${subject.container ?? "at all"}`)];
  const points = [
    container.ports.includes(subject.port)
      ? pass(`${container.name} listens on ${subject.port}`)
      : fail(
          `${container.name} maps port ${container.ports.join(", ") || "none"}, and the target groups expect ${subject.port}`,
        ),
  ];
  if (container.logGroup === null) points.push(warn(`${container.name} writes no log to CloudWatch (awslogs)`));
  else if (subject.logGroup !== null && container.logGroup !== subject.logGroup)
    points.push(warn(`${container.name} logs to ${container.logGroup}, and switchyard.yaml names ${subject.logGroup}`));
  return points;
}

function checkSize({ isFargate, cpu, memory }: TaskDefinitionFact): readonly Point[] {
  if (!isFargate) return [];
  const [least, most, step] = FARGATE_SIZES[cpu ?? ""] ?? [];
  const mib = Number(memory);
  const fits =
    least !== undefined && most !== undefined && step !== undefined && mib >= least && mib <= most && mib % step === 0;
  return [
    fits && `${cpu}/${memory}` !== NO_SIZE
      ? pass(`${cpu} CPU units with ${memory} MiB is a size of Fargate`)
      : fail(`${cpu ?? "no"} CPU units with ${memory ?? "no"} MiB is no size of Fargate`),
  ];
}

function checkRole(look: Look<RoleFact | null>, arn: string | null, what: string): readonly Point[] {
  if (arn === null) return [fail(`it has no ${what}: tasks can neither pull from ECR nor read parameters`)];
  return judge(look, (role) => {
    if (!role) return [fail(`the ${what} ${arn} does not exist`)];
    if (role.trusts.length === 0)
      return [unknown(`the ${what} ${arn} does not say whom it trusts in words that Switchyard reads`)];
    return [
      role.trusts.includes("ecs-tasks.amazonaws.com")
        ? pass(`tasks can assume the ${what}`)
        : fail(`the ${what} trusts ${role.trusts.join(", ")}, not ecs-tasks.amazonaws.com`),
    ];
  });
}

function nameOf({ arn }: TaskDefinitionFact): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
