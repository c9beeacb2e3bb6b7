import type { Aws } from "../aws/aws.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import { logSettingsOf } from "../config/logs-config.ts";
import { maintenanceWindowOf } from "../config/maintenance-windows.ts";
import type { Application, SlotRef } from "../domain/application/application.ts";
import type { ControllerName } from "../domain/application/controller-name.ts";
import { SLOT_COLORS, type SlotColor } from "../domain/observation/slot.ts";
import { say } from "../domain/sentence/sentence.ts";
import { shortName } from "../domain/text/short-name.ts";
import { resolveCodeDeploy } from "./resolve-code-deploy.ts";
import { resolveNative } from "./resolve-native.ts";
import { resolvePair } from "./resolve-pair.ts";
import { invalid, PRIORITY, type ResolvedTraffic, withServiceNames } from "./resolved-traffic.ts";
import { balancedContainer, refuseTargetType } from "./service-fit.ts";
import { withTaggedNames } from "./tagged-names.ts";

/** Where each controller's application has its traffic from. */
const TRAFFIC: Readonly<Record<ControllerName, (aws: Aws, config: ApplicationConfig) => Promise<ResolvedTraffic>>> = {
  "paired-services": resolvePair,
  "task-set": resolvePair,
  "ecs-native": resolveNative,
  "code-deploy": resolveCodeDeploy,
};

/**
 * Finds the ARN behind every name and checks that the services exist. @throws AwsFailure that names what is missing.
 */
export async function resolveApplication(aws: Aws, written: ApplicationConfig): Promise<Application> {
  const config = withServiceNames(await withTaggedNames(aws, written));
  if (config.region !== null && config.region !== aws.region)
    throw invalid(say("resolve.otherRegion", { name: config.name, region: config.region, here: aws.region }));
  const [accountId, { together = [], services, ...resolved }] = await Promise.all([
    aws.sts.getAccountId(PRIORITY),
    TRAFFIC[config.controller](aws, config),
  ]);
  await refuseTargetTypes(aws, resolved.slots);
  const maintenanceWindow = maintenanceWindowOf(config);
  const logs = logSettingsOf(config.logs);
  return {
    name: config.name,
    region: aws.region,
    accountId,
    ...(config.team === null ? {} : { team: config.team }),
    cluster: shortName(config.cluster),
    controller: config.controller,
    ...resolved,
    ...(together.length > 0 ? { together } : {}),
    container: config.container ?? balancedContainer({ ...config, slots: resolved.slots }, services),
    ...(config.containers.length > 0 ? { containers: config.containers } : {}),
    repository: config.repository,
    imageRepositories: config.imageRepositories,
    taskDefinitionFamilies: config.taskDefinitionFamilies,
    logGroup: config.logGroup,
    ...(logs ? { logs } : {}),
    minimumHealthy: config.minimumHealthy,
    stableChecks: config.stableChecks,
    bakeMinutes: config.bakeMinutes,
    windowMinutes: config.windowMinutes,
    afterWindow: config.afterWindow,
    ...(config.suspendScaleIn ? { suspendScaleIn: true } : {}),
    rollout: config.rollout,
    smoke: config.smoke,
    timeouts: config.timeouts,
    requestLine: config.requestLine,
    ...(config.healthCheckPaths.length > 0 ? { healthCheckPaths: config.healthCheckPaths } : {}),
    alarms: config.alarms,
    checks: config.checks,
    metricPeriodSeconds: config.metricPeriodSeconds,
    ...(config.approvals.release || config.approvals.switch ? { approvals: config.approvals } : {}),
    ...(maintenanceWindow ? { maintenanceWindow } : {}),
  };
}

/** ECS registers tasks by address or by instance; a group that is missing has its own refusal. */
async function refuseTargetTypes(aws: Aws, slots: Record<SlotColor, SlotRef>): Promise<void> {
  const refs = SLOT_COLORS.map((color) => slots[color]);
  const arns = refs.map(({ targetGroupArn }) => targetGroupArn);
  const groups = await aws.elb.describeGroups(arns, PRIORITY);
  for (const { targetGroupArn, targetGroupName: name } of refs) {
    const group = groups.get(targetGroupArn);
    if (group instanceof AwsFailure || !group) continue;
    refuseTargetType(name, group.targetType);
  }
}
