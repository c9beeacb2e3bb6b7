import { judge } from "./look.ts";
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
        all.length > 0 ? warn(`${all[0]?.id} is on its way`) : fail("nothing has been deployed through Switchyard"),
      ];
    if (last.status === SUCCESSFUL) return [pass(`the last deployment, ${last.id}, ended well`)];
    const earlier = finished.find(({ status }) => status === SUCCESSFUL);
    return [
      earlier
        ? warn(`the last deployment, ${last.id}, ended as ${last.status}; ${earlier.id} before it ended well`)
        : fail(`the last deployment, ${last.id}, ended as ${last.status}`),
    ];
  });
}

/** Production traffic has moved from one side to the other. */
export function checkSwitched({ deployments }: ReadinessFacts): readonly Point[] {
  return judge(deployments, (all) => {
    const moved = all.find(({ status, kind }) => status === SUCCESSFUL && kind !== "ROLLBACK");
    if (moved) return [pass(`${moved.id} moved the traffic to the other side`)];
    const watched = all.find(
      ({ finishedAt, hasShifted, kind }) => finishedAt === null && hasShifted && kind !== "ROLLBACK",
    );
    return [
      watched
        ? warn(`${watched.id} has moved the traffic and is still watched`)
        : fail("no deployment has moved the traffic yet"),
    ];
  });
}
