import { say } from "../sentence/sentence.ts";
import { judge } from "./judge-look.ts";
import { fail, pass, warn } from "./point.ts";
import type { Point } from "./readiness.ts";
import type { ReadinessFacts } from "./readiness-facts.ts";

/** A deployment that ended well. */
const SUCCESSFUL = "SUCCESSFUL";

/** The last release ended well. */
export function checkDeployed({ deployments }: ReadinessFacts): readonly Point[] {
  return judge(deployments, (all) => {
    const finished = all.filter(({ finishedAt }) => finishedAt !== null);
    const [last] = finished;
    if (!last)
      return [
        all.length > 0 ? warn(say("finding.onItsWay", { id: all[0]?.id ?? "" })) : fail(say("finding.nothingDeployed")),
      ];
    if (last.status === SUCCESSFUL) return [pass(say("finding.lastEndedWell", { id: last.id }))];
    const earlier = finished.find(({ status }) => status === SUCCESSFUL);
    return [
      earlier
        ? warn(say("finding.lastEndedEarlier", { id: last.id, status: last.status, earlier: earlier.id }))
        : fail(say("finding.lastEnded", { id: last.id, status: last.status })),
    ];
  });
}

/** Production traffic has moved from one side to the other. */
export function checkSwitched({ deployments }: ReadinessFacts): readonly Point[] {
  return judge(deployments, (all) => {
    const moved = all.find(({ status, kind }) => status === SUCCESSFUL && kind !== "ROLLBACK");
    if (moved) return [pass(say("finding.moved", { id: moved.id }))];
    const watched = all.find(
      ({ finishedAt, hasShifted, kind }) => finishedAt === null && hasShifted && kind !== "ROLLBACK",
    );
    return [watched ? warn(say("finding.movedWatched", { id: watched.id })) : fail(say("finding.notMoved"))];
  });
}
