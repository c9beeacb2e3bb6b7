import { say } from "../sentence/sentence.ts";
import { judge } from "./look.ts";
import { fail, pass, unknown, warn } from "./point.ts";
import type { Point } from "./readiness.ts";
import type { MayFact, ReadinessFacts, Subject } from "./readiness-facts.ts";

/** The repository is there, its tags stay what they are, and its images are scanned. */
export function checkRepository({ repository }: ReadinessFacts, subject: Subject): readonly Point[] {
  return judge(repository, (found) => {
    if (!found) return [fail(`there is no ECR repository ${subject.repository ?? "in switchyard.yaml"}`)];
    return [
      pass(`the ECR repository ${found.name} is there`),
      found.isImmutable
        ? pass("its tags are immutable")
        : warn("its tags can be moved to another image: make them IMMUTABLE, so that a tag says what runs"),
      found.scansOnPush ? pass("images are scanned when they are pushed") : warn("images are not scanned on push"),
    ];
  });
}

/** The cluster takes tasks. */
export function checkCluster({ cluster }: ReadinessFacts, subject: Subject): readonly Point[] {
  return judge(cluster, (found) => {
    if (!found) return [fail(`there is no ECS cluster ${subject.cluster}`)];
    if (found.status === "PROVISIONING") return [warn(`the ECS cluster ${found.name} is being made`)];
    if (found.status !== "ACTIVE") return [fail(`the ECS cluster ${found.name} is ${found.status}`)];
    return [pass(`the ECS cluster ${found.name} is ACTIVE, with ${found.runningTasks} running tasks`)];
  });
}

/** The log group is there and does not keep lines for ever. */
export function checkLogGroup({ logGroup, executionMay }: ReadinessFacts, subject: Subject): readonly Point[] {
  return judge(logGroup, (found) => {
    if (!found) return [fail(`there is no log group ${subject.logGroup ?? "in switchyard.yaml"}`)];
    const kept =
      found.retentionDays === null
        ? warn(`${found.name} keeps lines for ever, and every one of them is paid for: set a retention`)
        : pass(`${found.name} keeps lines for ${found.retentionDays} days`);
    const writes = judge(executionMay, (answers) =>
      answers.filter(({ action }) => action.startsWith("logs:")).map(mayPoint),
    );
    return [kept, ...writes];
  });
}

/** Every image, build and definition follows the last push. */
export function checkPushed({ newestImage }: ReadinessFacts, subject: Subject): readonly Point[] {
  return judge(newestImage, (image) => [
    image
      ? pass(
          `the newest image, ${image.tag}, was pushed ${image.pushedAt === null ? "" : new Date(image.pushedAt).toISOString()}`.trim(),
        )
      : fail(`${subject.repository ?? "the repository"} has no tagged image`),
  ]);
}

/** What runs is what was pushed last. */
export function checkUpToDate({ newestImage, runningImage }: ReadinessFacts): readonly Point[] {
  return judge(newestImage, (newest) => {
    if (!newest) return [fail("no image has been pushed")];
    return judge(runningImage, (running) => {
      if (!running) return [fail("no task definition runs an image of the repository")];
      return [
        running.digest === newest.digest
          ? pass(`the task definition runs the newest image, ${newest.tag}`)
          : warn(`the task definition runs ${running.tag}, and ${newest.tag} was pushed later`),
      ];
    });
  });
}

/** What IAM's simulator said, as a point. */
export function mayPoint({ action, resource, isAllowed, needsContext }: MayFact): Point {
  const where = resource === "*" ? "" : ` on ${resource}`;
  if (!isAllowed && needsContext) return unknown(say("check.mayDepends", { action, resource }));
  return isAllowed
    ? pass(`the execution role may ${action}${where}`)
    : fail(`the execution role may not ${action}${where}`);
}
