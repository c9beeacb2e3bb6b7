import { say } from "../sentence/sentence.ts";
import { judge } from "./judge-look.ts";
import { fail, pass, unknown, warn } from "./point.ts";
import type { Point } from "./readiness.ts";
import type { ReadinessFacts } from "./readiness-facts.ts";
import type { MayFact } from "./role-facts.ts";
import type { Subject } from "./subject.ts";

/** The repository is there, its tags stay what they are, and its images are scanned. */
export function checkRepository({ repository }: ReadinessFacts, subject: Subject): readonly Point[] {
  return judge(repository, (found) => {
    if (!found)
      return [
        fail(
          subject.repository
            ? say("finding.noRepository", { name: subject.repository })
            : say("finding.noRepositoryYaml"),
        ),
      ];
    return [
      pass(say("finding.repositoryThere", { name: found.name })),
      found.isImmutable ? pass(say("finding.immutable")) : warn(say("finding.mutable")),
      found.scansOnPush ? pass(say("finding.scanned")) : warn(say("finding.notScanned")),
    ];
  });
}

/** The cluster takes tasks. */
export function checkCluster({ cluster }: ReadinessFacts, subject: Subject): readonly Point[] {
  return judge(cluster, (found) => {
    if (!found) return [fail(say("finding.noCluster", { name: subject.cluster }))];
    if (found.status === "PROVISIONING") return [warn(say("finding.clusterBeingMade", { name: found.name }))];
    if (found.status !== "ACTIVE") return [fail(say("finding.clusterIs", { name: found.name, status: found.status }))];
    return [pass(say("finding.clusterActive", { name: found.name, tasks: found.runningTasks }))];
  });
}

/** The log group is there and does not keep lines for ever. */
export function checkLogGroup({ logGroup, executionMay }: ReadinessFacts, subject: Subject): readonly Point[] {
  return judge(logGroup, (found) => {
    if (!found)
      return [
        fail(subject.logGroup ? say("finding.noLogGroup", { name: subject.logGroup }) : say("finding.noLogGroupYaml")),
      ];
    const kept =
      found.retentionDays === null
        ? warn(say("finding.keepsForever", { name: found.name }))
        : pass(say("finding.keepsDays", { name: found.name, days: found.retentionDays }));
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
          image.pushedAt === null
            ? say("finding.newestUnknown", { tag: image.tag })
            : say("finding.newest", { tag: image.tag, at: new Date(image.pushedAt).toISOString() }),
        )
      : fail(
          subject.repository ? say("finding.noTagged", { name: subject.repository }) : say("finding.noTaggedUnknown"),
        ),
  ]);
}

/** What runs is what was pushed last. */
export function checkUpToDate({ newestImage, runningImage }: ReadinessFacts): readonly Point[] {
  return judge(newestImage, (newest) => {
    if (!newest) return [fail(say("finding.nonePushed"))];
    return judge(runningImage, (running) => {
      if (!running) return [fail(say("finding.noneRuns"))];
      return [
        running.digest === newest.digest
          ? pass(say("finding.runsNewest", { tag: newest.tag }))
          : warn(say("finding.runsOlder", { tag: running.tag, newest: newest.tag })),
      ];
    });
  });
}

/** What IAM's simulator said, as a point. */
export function mayPoint({ action, resource, isAllowed, needsContext }: MayFact): Point {
  if (!isAllowed && needsContext) return unknown(say("check.mayDepends", { action, resource }));
  if (resource === "*")
    return isAllowed ? pass(say("finding.may", { action })) : fail(say("finding.mayNot", { action }));
  return isAllowed
    ? pass(say("finding.mayOn", { action, resource }))
    : fail(say("finding.mayNotOn", { action, resource }));
}
