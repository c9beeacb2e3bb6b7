import { isOtherPlatform } from "../observation/image-platform.ts";
import { say } from "../sentence/sentence.ts";
import { shortName } from "../text/short-name.ts";
import { mayPoint } from "./check-registry.ts";
import { judge, judgeAll } from "./judge-look.ts";
import type { Look } from "./look.ts";
import { findSecretProblem, readSecretReference } from "./managed-secret.ts";
import { fail, pass, unknown, warn } from "./point.ts";
import type { Point } from "./readiness.ts";
import type { ReadinessFacts } from "./readiness-facts.ts";
import type { RoleFact } from "./role-facts.ts";
import { seenOf } from "./seen-of.ts";
import type { TaskDefinitionFact } from "./service-facts.ts";
import type { Subject } from "./subject.ts";

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
  return judgeAll([facts.taskDefinition, facts.parameters], ([definition, found]) => {
    const points = wantedParameters(facts, subject).map(({ name, region, from }) => {
      const parameter = found.find((one) => one.name === name && (one.region ?? null) === region);
      if (!parameter) return fail(say("finding.noParameter", { name: from }));
      return parameter.type === "SecureString"
        ? pass(say("finding.secure", { name: from }))
        : warn(say("finding.notSecure", { name: from, type: parameter.type }));
    });
    const ofManager = (definition?.secrets ?? []).filter((from) => parameterNameOf(from) === null);
    if (points.length === 0 && ofManager.length === 0) return [pass(say("finding.noParameterRead"))];
    const reads = judge(facts.executionMay, (answers) =>
      answers.filter(({ action }) => READS.includes(action)).map(mayPoint),
    );
    return [...points, ...ofManager.flatMap((from) => checkSecret(facts, from)), ...reads];
  });
}

/** A secret of Secrets Manager: it is there, nobody deleted it, and it has the version that is wanted. */
function checkSecret({ managedSecrets }: ReadinessFacts, from: string): readonly Point[] {
  const reference = readSecretReference(from);
  const fact = managedSecrets.find((one) => one.from === from);
  if (!reference || !fact) return [unknown(say("check.secretOfNeither", { name: from }))];
  return judge(fact.look, (secret) => {
    const name = from;
    switch (findSecretProblem(secret, reference)) {
      case null:
        return [pass(say("check.secretThere", { name }))];
      case "missing":
        return [fail(say("check.secretMissing", { name }))];
      case "deleted":
        return [fail(say("check.secretDeleted", { name }))];
      case "noVersion":
        return [fail(say("check.secretNoVersion", { name }))];
      case "unlisted":
        return [unknown(say("check.secretUnlisted", { name }))];
    }
  });
}

/** A parameter that tasks read. */
export interface WantedParameter {
  name: string;
  /** Null where the application is. */
  region: string | null;
  /** How people know it: by name, or by ARN where it is in another Region. */
  from: string;
}

/** Those that the task definition's secrets name, or the usual three while there is none. */
export function wantedParameters(
  { taskDefinition }: Pick<ReadinessFacts, "taskDefinition">,
  { application, region: own }: Pick<Subject, "application" | "region">,
): WantedParameter[] {
  const usual = ["url", "username", "password"].map((part) => `/${application}/db/${part}`);
  const secrets = (taskDefinition.state === "seen" ? taskDefinition.value?.secrets : undefined) ?? usual;
  return secrets.flatMap((from) => {
    const name = parameterNameOf(from);
    if (name === null) return [];
    const region = from.startsWith("arn:") ? (from.split(":")[3] ?? own) : own;
    return [region === own ? { name, region: null, from: name } : { name, region, from }];
  });
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
    if (!found) return [fail(say("finding.noDefinition", { family: subject.family }))];
    const image = judge(facts.runningImage, (one) => [
      one
        ? pass(say("finding.imageThere", { tag: one.tag }))
        : fail(say("finding.imageMissing", { image: found.container?.image ?? "" })),
    ]);
    return [
      found.status === "ACTIVE"
        ? pass(say("finding.isActive", { name: nameOf(found) }))
        : fail(say("finding.stateIs", { name: nameOf(found), state: found.status })),
      ...image,
      ...checkPlatform(facts, found),
      ...checkContainer(found, subject),
      ...checkSize(found),
      ...checkRole(facts.executionRole, found.executionRoleArn, "execution"),
      ...(found.taskRoleArn === null ? [] : checkRole(facts.taskRole, found.taskRoleArn, "task")),
    ];
  });
}

/** Said only where it is wrong, or nobody could look: which image runs is said before it. */
function checkPlatform(
  { runningImage, runningPlatforms }: ReadinessFacts,
  { platform }: TaskDefinitionFact,
): readonly Point[] {
  const running = seenOf(runningImage);
  if (!running || platform === null) return [];
  return judge(runningPlatforms, (found) =>
    isOtherPlatform(found, platform)
      ? [fail(say("check.imagePlatform", { tag: running.tag, platforms: found.join(", "), wanted: platform }))]
      : [],
  );
}

function checkContainer({ container }: TaskDefinitionFact, subject: Subject): readonly Point[] {
  if (!container)
    return [
      fail(
        subject.container ? say("finding.noContainer", { name: subject.container }) : say("finding.noContainerAtAll"),
      ),
    ];
  const points = [
    container.ports.includes(subject.port)
      ? pass(say("finding.listens", { name: container.name, port: subject.port }))
      : fail(
          container.ports.length > 0
            ? say("finding.mapsPort", { name: container.name, ports: container.ports.join(", "), port: subject.port })
            : say("finding.mapsNone", { name: container.name, port: subject.port }),
        ),
  ];
  if (container.logGroup === null) points.push(warn(say("finding.noLog", { name: container.name })));
  else if (subject.logGroup !== null && container.logGroup !== subject.logGroup)
    points.push(
      warn(say("finding.logsElsewhere", { name: container.name, group: container.logGroup, named: subject.logGroup })),
    );
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
      ? pass(say("finding.size", { cpu: cpu ?? "", memory: memory ?? "" }))
      : fail(say("finding.noSize", { cpu: cpu ?? say("finding.none"), memory: memory ?? say("finding.none") })),
  ];
}

function checkRole(look: Look<RoleFact | null>, arn: string | null, kind: "execution" | "task"): readonly Point[] {
  if (arn === null) return [fail(say("finding.noRole", { kind }))];
  return judge(look, (role) => {
    if (!role) return [fail(say("finding.roleMissing", { kind, arn }))];
    if (role.trusts.length === 0) return [unknown(say("finding.roleUnread", { kind, arn }))];
    return [
      role.trusts.includes("ecs-tasks.amazonaws.com")
        ? pass(say("finding.roleAssumed", { kind }))
        : fail(say("finding.roleTrusts", { kind, trusts: role.trusts.join(", ") })),
    ];
  });
}

function nameOf({ arn }: TaskDefinitionFact): string {
  return shortName(arn);
}
