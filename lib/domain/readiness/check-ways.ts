import { say } from "../sentence/sentence.ts";
import { covers, isForEverybody, isRange, isWide, letsOut, namedBy, portsOf } from "./ingress.ts";
import type { SecurityGroupFact } from "./network-facts.ts";
import { fail, pass, unknown, warn } from "./point.ts";
import type { Point } from "./readiness.ts";

/** What AWS's services listen on. */
const SERVICES_PORT = 443;

/** From people to the load balancer, out of it to the tasks, and out of the tasks to AWS: each open on its port. */
export function checkWays(
  ofTasks: readonly SecurityGroupFact[],
  ofBalancer: readonly SecurityGroupFact[],
  { listenerPort, port }: { listenerPort: number | null; port: number },
): readonly Point[] {
  const taskIds = ofTasks.map(({ id }) => id);
  const points: Point[] = [];
  if (ofBalancer.length > 0) {
    if (listenerPort !== null) points.push(checkEntrance(ofBalancer, listenerPort));
    if (!letsOut(ofBalancer, port, taskIds)) points.push(fail(say("check.balancerNotOut", { port })));
  }
  points.push(
    letsOut(ofTasks, SERVICES_PORT, [])
      ? pass(say("check.tasksOut"))
      : (unlessByGroup(ofTasks) ?? fail(say("check.tasksNotOut"))),
  );
  return points;
}

/** A rule to another group may lead to endpoints: whether it does, the endpoints' own check says. */
function unlessByGroup(ofTasks: readonly SecurityGroupFact[]): Point | null {
  const rules = ofTasks.flatMap(({ egress }) => egress).filter((rule) => covers(rule, SERVICES_PORT));
  const ids = rules.flatMap(({ groupIds }) => groupIds);
  return ids.length > 0 ? unknown(say("check.tasksOutToGroups", { groups: ids.join(", ") })) : null;
}

function checkEntrance(ofBalancer: readonly SecurityGroupFact[], port: number): Point {
  const open = ofBalancer.flatMap(({ ingress }) => ingress).filter((rule) => covers(rule, port));
  return open.length > 0
    ? pass(say("check.entranceOpen", { port, from: [...new Set(open.flatMap(namedBy))].join(", ") }))
    : fail(say("check.entranceClosed", { port }));
}

/** Everybody reaches the load balancer on a few ports. Single ones may be for listeners of others that share the group. */
export function checkEntranceWidth(ofBalancer: readonly SecurityGroupFact[]): readonly Point[] {
  return ofBalancer.flatMap(({ name, id, ingress }) =>
    ingress
      .filter((rule) => isForEverybody(rule) && isWide(rule))
      .map((rule) => warn(say("check.wideEntrance", { group: `${name} (${id})`, ports: portsOf(rule) }))),
  );
}

/** Rules of the tasks' groups that let in more than the one port, or everybody on any; with public addresses everybody is let in. */
export function checkTaskWidth(ofTasks: readonly SecurityGroupFact[], isPublic: boolean): readonly Point[] {
  const open = isPublic ? fail : warn;
  return ofTasks.flatMap(({ name, id, ingress }) => {
    const wide = ingress.filter((rule) => isRange(rule) && !isForEverybody(rule));
    return [
      ...(ingress.some(isForEverybody) ? [open(say("finding.tasksOpen", { name, id }))] : []),
      ...wide.map((rule) =>
        warn(say("check.wideRule", { group: `${name} (${id})`, from: namedBy(rule).join(", "), ports: portsOf(rule) })),
      ),
    ];
  });
}
