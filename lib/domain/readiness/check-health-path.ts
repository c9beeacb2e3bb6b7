import { say } from "../sentence/sentence.ts";
import type { TargetGroupFact } from "./load-balancer-facts.ts";
import { fail, pass, unknown, warn } from "./point.ts";
import type { Point } from "./readiness.ts";
import type { TaskDefinitionFact } from "./service-facts.ts";

const MISMATCH = "Target.ResponseCodeMismatch";
/** ELB's reasons that say that nothing answered. */
const UNANSWERED = ["Target.Timeout", "Target.FailedHealthChecks"];
const TRAFFIC_PORT = "traffic-port";

/**
 * Whether the image answers what each group asks: by its targets' health; before there are targets by what the container's own
 * health check asks, and otherwise nobody knows.
 */
export function checkHealthPaths(
  groups: readonly TargetGroupFact[],
  container: Pick<NonNullable<TaskDefinitionFact["container"]>, "healthPath"> | null,
  port: number,
): readonly Point[] {
  const answered = new Set(
    groups.filter(({ healthyTargets }) => healthyTargets > 0).map((group) => group.healthCheckPath),
  );
  return groups
    .filter(({ protocol }) => protocol.startsWith("HTTP"))
    .flatMap((group) => [
      ...checkPort(group, port),
      ...(byTargets(group) ??
        (answered.has(group.healthCheckPath) ? [] : [byContainer(group, container?.healthPath ?? null)])),
    ]);
}

function checkPort({ name, healthCheckPort }: TargetGroupFact, port: number): readonly Point[] {
  return healthCheckPort === TRAFFIC_PORT || healthCheckPort === String(port)
    ? []
    : [warn(say("check.healthPortOther", { group: name, healthPort: healthCheckPort, port }))];
}

function byTargets(group: TargetGroupFact): readonly Point[] | null {
  const { name, healthCheckPath: path, healthyTargets, failing, matcher } = group;
  const said = { group: name, path };
  const mismatch = failing.find(({ reason }) => reason === MISMATCH);
  const unanswered = failing.find(({ reason }) => UNANSWERED.includes(reason));
  const points = [
    ...(healthyTargets > 0 ? [pass(say("check.pathAnswered", { ...said, healthy: healthyTargets }))] : []),
    ...(mismatch ? [fail(say("check.pathMismatch", { ...said, matcher, why: mismatch.description }))] : []),
    ...(unanswered ? [fail(say("check.pathUnanswered", { ...said, why: unanswered.description }))] : []),
  ];
  return points.length > 0 ? points : null;
}

function byContainer({ name, healthCheckPath: path }: TargetGroupFact, own: string | null): Point {
  if (own === null) return unknown(say("check.pathNotAsked", { group: name, path }));
  return own === path
    ? pass(say("check.pathSame", { group: name, path }))
    : warn(say("check.pathOther", { group: name, path, own }));
}
