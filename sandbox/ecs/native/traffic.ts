import { DeploymentFailed } from "../../script.ts";
import { AwsError } from "../../service.ts";
import type { Deployment, EcsWorld, Service, ServiceDeployment } from "../world.ts";
import { type Entrance, entrancesOf, sidesOf, weightsOf } from "./entrances.ts";
import type { NativeProgress, TrafficShares } from "./progress.ts";

/** Who gets what: percent for the one named, the rest for the other one, if there is any. */
export interface Shift {
  deployment: Deployment;
  percent: number;
  rest: Deployment | null;
}

/** Writes the production rules of the service's load balancers. @throws DeploymentFailed */
export function shiftProduction(world: EcsWorld, service: Service, progress: NativeProgress, shift: Shift): void {
  for (const entrance of entrancesOf(service.settings.loadBalancers ?? []))
    write(world, entrance.productionRule, entrance, shift);
  request(world, progress, "production", shift);
}

/** Writes the test rules, where there are any: all test traffic goes to one side. @throws DeploymentFailed */
export function shiftTest(world: EcsWorld, service: Service, progress: NativeProgress, shift: Shift): void {
  for (const entrance of entrancesOf(service.settings.loadBalancers ?? []))
    if (entrance.testRule !== undefined) write(world, entrance.testRule, entrance, shift);
  request(world, progress, "test", shift);
}

/** Whether there is any test traffic to be shifted. */
export function hasTestRule(service: Service): boolean {
  return entrancesOf(service.settings.loadBalancers ?? []).some(({ testRule }) => testRule !== undefined);
}

/** The shares at the start of a deployment: everything is with the side that was live. */
export function startShares(service: Service, open: ServiceDeployment, live: Deployment | null): void {
  if (!open.native || !live) return;
  const all = new Map([[live.id, 100]]);
  // Assumption: where both rules point at the live side, its test share is 100 too.
  open.native.requested = { production: all, test: hasTestRule(service) ? all : new Map() };
  open.native.shown = open.native.requested;
}

function write(world: EcsWorld, rule: string, entrance: Entrance, { deployment, percent }: Shift): void {
  const { serving, other } = sidesOf(entrance, deployment);
  const weights = weightsOf(percent);
  const lagMs = Math.round(world.base.random() * world.timings.dataPlaneLagMs);
  try {
    world.ports.rules.writeForward(
      rule,
      [
        { targetGroupArn: serving, weight: weights.serving },
        { targetGroupArn: other, weight: weights.other },
      ],
      lagMs,
    );
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new DeploymentFailed(
      error.code === "RuleNotFound"
        ? "Service deployment rolled back because of invalid networking configuration. One or more rules not found"
        : `Service deployment rolled back because of invalid networking configuration. ${error.message}`,
    );
  }
}

function request(world: EcsWorld, progress: NativeProgress, kind: "production" | "test", shift: Shift): void {
  const { deployment, percent, rest } = shift;
  const shares: TrafficShares = new Map([
    [deployment.id, percent],
    ...(rest ? [[rest.id, Math.round((100 - percent) * 10) / 10] as const] : []),
  ]);
  progress.requested = { ...progress.requested, [kind]: shares };
  world.agenda.after(world.timings.weightSnapshotMs, () => {
    progress.shown = progress.requested;
  });
}
