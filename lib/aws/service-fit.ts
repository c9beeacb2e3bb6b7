import type { Application, SlotRef } from "../domain/application/application.ts";
import { otherColor, type SlotColor } from "../domain/observation/slot.ts";
import { targetGroupName } from "../domain/observation/traffic.ts";
import type { ServiceReading } from "./ecs.ts";
import { AwsFailure } from "./errors.ts";
import type { DefinitionFit } from "./task-definitions.ts";

/** What of an application says which service is whose. */
export type FitBounds = Pick<Application, "name" | "controller"> & { slots: Record<SlotColor, SlotRef> };

/** Which deployment controller of ECS's leaves the services to Switchyard's. It is fixed when a service is created. */
const DEPLOYMENT_CONTROLLERS: Partial<Record<Application["controller"], string>> = {
  "paired-services": "ECS",
  "task-set": "EXTERNAL",
};

/**
 * Why Switchyard may not run this side on this service, with what AWS says of it; null when it may. ECS itself moves the
 * listener of a service that does not roll, and tasks in the other side's group, or in a strange one, get traffic that no switch
 * moves.
 */
export function findMisfit(
  { name, controller, slots }: FitBounds,
  color: SlotColor,
  service: ServiceReading,
): string | null {
  const needed = DEPLOYMENT_CONTROLLERS[controller];
  if (needed === undefined) return null;
  if (service.deploymentController !== needed)
    return `${service.name} has the deployment controller ${service.deploymentController}, and ${controller} needs ${needed}`;
  if (service.strategy !== "ROLLING")
    return `${service.name} has the deployment strategy ${service.strategy}, with which ECS moves the listener itself; ${controller} needs ROLLING`;
  if (controller !== "paired-services") return null;
  const own = slots[color].targetGroupArn;
  const other = otherColor(color);
  const has = service.targetGroupArns;
  const said = `AWS says that ${service.name} registers with ${has.map(targetGroupName).join(", ") || "no target group"}`;
  if (has.includes(own) && !has.includes(slots[other].targetGroupArn)) return null;
  if (has.includes(own)) return `${said}: with both sides' groups, so that it is no side's own`;
  const whose = has.includes(slots[other].targetGroupArn)
    ? `${other}'s group: the sides of ${name} may be swapped in switchyard.yaml`
    : "no group of this application";
  return `${said}, not with ${targetGroupName(own)}, which is ${color}'s. That is ${whose}`;
}

/**
 * The container behind the application's target groups, which gets a new image; null where no load balancer entry names one.
 * @throws AwsFailure "ServiceDoesNotFit" where entries name different ones
 */
export function balancedContainer({ name, slots }: FitBounds, services: readonly ServiceReading[]): string | null {
  const arns = [slots.blue.targetGroupArn, slots.green.targetGroupArn];
  const entries = services.flatMap(({ balanced }) => balanced).filter((entry) => arns.includes(entry.targetGroupArn));
  const [first, ...others] = new Set(entries.map(({ container }) => container));
  if (first === undefined || others.length === 0) return first ?? null;
  throw doesNotFit(
    `The load balancer entries of ${name}'s services name the containers ${[first, ...others].join(" and ")}: say with container in switchyard.yaml which one gets a new image`,
  );
}

/**
 * Why ECS would not run a task definition in this service's or its task sets' place, in words; null when it would: the load
 * balancer entry's container and port have to be in it, and launch type and kind of target have to suit.
 */
export function findDefinitionMisfit(
  { name, ports, networkMode, compatibilities }: DefinitionFit & { name: string },
  service: Pick<ServiceReading, "name" | "balanced" | "launchType">,
  group: { targetGroupArn: string; targetType: string },
): string | null {
  const groupName = targetGroupName(group.targetGroupArn);
  const entry = service.balanced.find(({ targetGroupArn }) => targetGroupArn === group.targetGroupArn);
  const known = entry && ports.get(entry.container);
  if (entry && !known)
    return `${name} has no container ${entry.container}, which ${service.name} registers with ${groupName}`;
  if (entry && entry.port !== null && !known?.includes(entry.port))
    return `The container ${entry.container} of ${name} has no container port ${entry.port}, which ${service.name} registers with ${groupName}`;
  const { launchType } = service;
  if (launchType && compatibilities.length > 0 && !compatibilities.includes(launchType))
    return `${name} can be run with ${compatibilities.join(" and ")}, and ${service.name} runs on ${launchType}`;
  const needed = networkMode === "awsvpc" ? "ip" : "instance";
  if (group.targetType !== needed)
    return `${name} has the network mode ${networkMode}, whose tasks are targets of type ${needed}, and ${groupName} takes targets of type ${group.targetType}`;
  return null;
}

/** @throws AwsFailure "ServiceDoesNotFit" for a type that no task of ECS can be a target of */
export function refuseTargetType(targetGroup: string, targetType: string): void {
  if (targetType === "ip" || targetType === "instance") return;
  throw doesNotFit(
    `${targetGroup} has targets of type ${targetType}, and tasks of ECS are targets of type ip or instance: name a target group of one of these`,
  );
}

/** @throws AwsFailure "ServiceDoesNotFit" */
export function refuseMisfit(bounds: FitBounds, color: SlotColor, service: ServiceReading): void {
  const misfit = findMisfit(bounds, color, service);
  if (misfit !== null) throw doesNotFit(misfit);
}

function doesNotFit(message: string): AwsFailure {
  return new AwsFailure({
    code: "ServiceDoesNotFit",
    message,
    kind: "invalid",
    retryable: false,
    requestId: null,
    service: "ecs",
    operation: "DescribeServices",
    isOutcomeUnknown: false,
  });
}
