import type { GroupReading } from "../aws/code-deploy-readings.ts";
import { listenerArnOf } from "../aws/elb-readings.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { ServiceReading } from "../aws/service-reading.ts";
import type { DefinitionFit } from "../aws/task-definitions.ts";
import type { Application, ListenerRef, SlotRef } from "../domain/application/application.ts";
import { CAPABILITIES } from "../domain/application/capabilities.ts";
import { otherColor, type SlotColor } from "../domain/observation/slot.ts";
import { targetGroupName } from "../domain/observation/traffic.ts";
import { listSaid } from "../domain/sentence/list.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { shortName } from "../domain/text/short-name.ts";

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
): Sentence | null {
  const needed = DEPLOYMENT_CONTROLLERS[controller];
  if (needed === undefined) return null;
  if (service.deploymentController !== needed)
    return say("fit.controller", {
      service: service.name,
      has: service.deploymentController,
      ...{ controller, needed },
    });
  if (service.strategy !== "ROLLING")
    return say("fit.strategy", { service: service.name, has: service.strategy, controller });
  if (CAPABILITIES[controller].sides !== "services") return null;
  const own = slots[color].targetGroupArn;
  const other = otherColor(color);
  const has = service.targetGroupArns;
  const groups = has.map(targetGroupName).join(", ") || say("fit.noGroup");
  if (has.includes(own) && !has.includes(slots[other].targetGroupArn)) return null;
  if (has.includes(own)) return say("fit.bothGroups", { service: service.name, groups });
  const told = { service: service.name, groups, own: targetGroupName(own), side: color };
  if (!has.includes(slots[other].targetGroupArn)) return say("fit.strange", told);
  return say("fit.swapped", { ...told, other, name });
}

/**
 * Why AWS would not deploy this service as the application was resolved: somebody has it rolled since, or deployed by another
 * controller, between other target groups or by another rule. Null where Switchyard moves the traffic, and while it fits.
 */
export function findDrivenMisfit(
  {
    controller,
    slots,
    listener,
    testListener,
  }: Pick<Application, "controller" | "slots" | "listener" | "testListener">,
  service: ServiceReading,
): Sentence | null {
  const { name, deploymentController: has, strategy, pair } = service;
  if (controller === "code-deploy")
    return has === "CODE_DEPLOY" ? null : say("resolve.notCodeDeploy", { service: name, controller: has });
  if (controller !== "ecs-native") return null;
  if (has !== "ECS" || strategy === "ROLLING")
    return say("resolve.notNative", { service: name, controller: has, strategy });
  if (!pair) return say("resolve.noPair", { service: name });
  const isSame =
    pair.targetGroupArn === slots.blue.targetGroupArn &&
    pair.alternateTargetGroupArn === slots.green.targetGroupArn &&
    pair.productionRule === nameOf(listener) &&
    pair.testRule === (testListener ? nameOf(testListener) : null);
  if (isSame) return null;
  const groups = [pair.targetGroupArn, pair.alternateTargetGroupArn].map(targetGroupName);
  return say("fit.otherPair", { service: name, groups: listSaid(groups, "and"), rule: pair.productionRule });
}

/**
 * Why CodeDeploy would not deploy the application as it was resolved: its deployment group deploys another service since, or
 * between other target groups or at another listener. Null for the other controllers, and while it fits.
 */
export function findGroupMisfit(
  {
    controller,
    cluster,
    slots,
    listener,
    testListener,
  }: Pick<Application, "controller" | "cluster" | "slots" | "listener" | "testListener">,
  group: GroupReading,
): Sentence | null {
  if (controller !== "code-deploy") return null;
  const own = [slots.blue.targetGroupName, slots.green.targetGroupName];
  const isSame =
    group.service?.cluster === shortName(cluster) &&
    group.service.name === slots.blue.service &&
    group.targetGroups.length === own.length &&
    own.every((name) => group.targetGroups.includes(name)) &&
    group.productionListener === listenerArnOf(listener) &&
    group.testListener === (testListener ? listenerArnOf(testListener) : null);
  if (isSame) return null;
  return say("fit.otherGroup", {
    group: `${group.application}/${group.group}`,
    service: group.service?.name ?? say("fit.noService"),
    groups: group.targetGroups.length > 0 ? listSaid(group.targetGroups, "and") : say("fit.noGroup"),
    listener: group.productionListener ?? say("fit.noListener"),
  });
}

/** As the service names it. */
function nameOf({ arn, defaultRuleArn }: ListenerRef): string {
  return defaultRuleArn ?? arn;
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
  throw doesNotFit(say("fit.containers", { name, containers: listSaid([first, ...others], "and") }));
}

/**
 * Why ECS would not run a task definition in this service's or its task sets' place, in words; null when it would: the load
 * balancer entry's container and port have to be in it, and launch type and kind of target have to suit.
 */
export function findDefinitionMisfit(
  { name, ports, networkMode, compatibilities }: DefinitionFit & { name: string },
  service: Pick<ServiceReading, "name" | "balanced" | "launchType">,
  group: { targetGroupArn: string; targetType: string; otherGroupArn?: string },
): Sentence | null {
  const groupName = targetGroupName(group.targetGroupArn);
  const entryOf = (arn: string | undefined) => service.balanced.find(({ targetGroupArn }) => targetGroupArn === arn);
  // A side without a task set has no entry yet: its next one gets that of the other side.
  const entry = entryOf(group.targetGroupArn) ?? entryOf(group.otherGroupArn);
  const known = entry && ports.get(entry.container);
  if (entry && !known)
    return say("fit.noContainer", { name, container: entry.container, service: service.name, group: groupName });
  if (entry && entry.port !== null && !known?.includes(entry.port))
    return say("fit.noPort", {
      name,
      container: entry.container,
      port: String(entry.port),
      service: service.name,
      group: groupName,
    });
  const { launchType } = service;
  if (launchType && compatibilities.length > 0 && !compatibilities.includes(launchType))
    return say("fit.launchType", {
      name,
      types: listSaid(compatibilities, "and"),
      service: service.name,
      launchType,
    });
  const needed = networkMode === "awsvpc" ? "ip" : "instance";
  if (group.targetType !== needed)
    return say("fit.networkMode", { name, mode: networkMode, needed, group: groupName, has: group.targetType });
  return null;
}

/** @throws AwsFailure "ServiceDoesNotFit" for a type that no task of ECS can be a target of */
export function refuseTargetType(targetGroup: string, targetType: string): void {
  if (targetType === "ip" || targetType === "instance") return;
  throw doesNotFit(say("fit.targetType", { group: targetGroup, type: targetType }));
}

/** @throws AwsFailure "ServiceDoesNotFit" */
export function refuseMisfit(bounds: FitBounds, color: SlotColor, service: ServiceReading): void {
  const misfit = findMisfit(bounds, color, service);
  if (misfit !== null) throw doesNotFit(misfit);
}

/** @throws AwsFailure "ServiceDoesNotFit" */
export function refuseDrivenMisfit(application: Parameters<typeof findDrivenMisfit>[0], service: ServiceReading): void {
  const misfit = findDrivenMisfit(application, service);
  if (misfit !== null) throw doesNotFit(misfit);
}

/** @throws AwsFailure "ServiceDoesNotFit" */
export function refuseGroupMisfit(application: Parameters<typeof findGroupMisfit>[0], group: GroupReading): void {
  const misfit = findGroupMisfit(application, group);
  if (misfit !== null) throw doesNotFit(misfit);
}

function doesNotFit(message: Sentence): AwsFailure {
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
