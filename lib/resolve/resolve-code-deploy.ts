import type { Aws } from "../aws/aws.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import type { SlotRef } from "../domain/application/application.ts";
import { say } from "../domain/sentence/sentence.ts";
import { shortName } from "../domain/text/short-name.ts";
import { resolveListener } from "./find-listener.ts";
import { invalid, PRIORITY, type ResolvedTraffic, readService, sharedSlot } from "./resolved-traffic.ts";

/** Everything comes from the deployment group: the pair of target groups, and the listeners that CodeDeploy writes. */
export async function resolveCodeDeploy(aws: Aws, config: ApplicationConfig): Promise<ResolvedTraffic> {
  const name = config.service ?? "";
  const cluster = shortName(config.cluster);
  const service = await readService(aws, config);
  const { deploymentController } = service;
  if (deploymentController !== "CODE_DEPLOY")
    throw invalid(say("resolve.notCodeDeploy", { service: name, controller: deploymentController }));
  const group = config.codeDeploy
    ? await aws.codeDeploy.getGroup(config.codeDeploy, PRIORITY)
    : await aws.codeDeploy.findGroupOf(cluster, name, PRIORITY);
  if (!group) throw invalid(say("resolve.noGroup", { service: name, cluster }));
  const called = `${group.application}/${group.group}`;
  if (group.service?.cluster !== cluster || group.service.name !== name)
    throw invalid(
      group.service
        ? say("resolve.groupDeploysOther", {
            ...{ group: called, other: group.service.name, otherCluster: group.service.cluster },
            ...{ service: name, cluster },
          })
        : say("resolve.groupDeploysNothing", { group: called, service: name, cluster }),
    );
  const [blue, green] = group.targetGroups;
  if (!blue || !green || !group.productionListener) throw invalid(say("resolve.groupWithoutPair", { group: called }));
  const [arns, listener, testListener] = await Promise.all([
    aws.elb.findTargetGroups([blue, green], PRIORITY),
    resolveListener(aws, group.productionListener, config.rule, config.url),
    group.testListener === null ? null : resolveListener(aws, group.testListener, null, config.testUrl),
  ]);
  const slot = (groupName: string): SlotRef => {
    const targetGroupArn = arns.get(groupName);
    if (!targetGroupArn) throw invalid(say("resolve.groupNamesMissing", { group: called, targetGroup: groupName }));
    return sharedSlot(targetGroupArn, name);
  };
  return {
    listener,
    testListener,
    slots: { blue: slot(blue), green: slot(green) },
    codeDeploy: { application: group.application, group: group.group },
    services: [service],
  };
}
