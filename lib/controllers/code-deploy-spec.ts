import { newAppSpec, withTaskDefinition } from "../aws/app-spec.ts";
import type { Aws } from "../aws/aws.ts";
import type { GroupReading } from "../aws/code-deploy-readings.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { ServiceReading } from "../aws/service-reading.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";

const PRIORITY = "action";
/** What was live before comes back at once, as in CodeDeploy's own rollbacks. */
export const AT_ONCE = "CodeDeployDefault.ECSAllAtOnce";
/** Without it, a deployment that a person stops in its shift may be left with traffic on both sides. */
const ON_REQUEST = "DEPLOYMENT_STOP_ON_REQUEST";

/** When CodeDeploy is to roll back: as the group says, and when a person stops the deployment. */
export function eventsOf({ autoRollback }: Pick<GroupReading, "autoRollback">): string[] {
  return [...new Set([...(autoRollback.enabled ? autoRollback.events : []), ON_REQUEST])];
}

/**
 * The AppSpec that deploys this task definition: that of the group's newest success with nothing else changed, so that hooks and
 * network stay; without any, one for the container that is registered with the load balancer now.
 * @throws AwsFailure where CodeDeploy does not tell the AppSpec, because its hooks would be lost
 */
export async function nextAppSpec(
  aws: Pick<Aws, "codeDeploy">,
  group: GroupReading,
  service: ServiceReading,
  taskDefinition: string,
): Promise<string> {
  const { revision } = group;
  if (!revision) {
    const container = registeredContainer(service);
    if (container) return newAppSpec(taskDefinition, container);
    throw refusal(say("awsError.appSpecNone", { service: service.name }));
  }
  const content = await aws.codeDeploy.readRevision(group.application, revision, PRIORITY);
  const spec = content === null ? null : withTaskDefinition(content, taskDefinition);
  if (spec !== null) return spec;
  throw refusal(say("awsError.appSpecUnread", { group: group.group, type: revision.type }));
}

/** The task set on which CodeDeploy rests; null where the service has none. */
export function primaryTaskSet({ taskSets }: ServiceReading) {
  return taskSets.find(({ status }) => status === "PRIMARY") ?? taskSets[0] ?? null;
}

function registeredContainer(service: ServiceReading): { name: string; port: number } | null {
  const [balancer] = primaryTaskSet(service)?.settings.loadBalancers ?? [];
  const { containerName, containerPort } = balancer ?? {};
  return containerName && containerPort !== undefined ? { name: containerName, port: containerPort } : null;
}

function refusal(message: Sentence): AwsFailure {
  return new AwsFailure({
    code: "AppSpecUnknown",
    message,
    kind: "invalid",
    retryable: false,
    requestId: null,
    service: "codedeploy",
    operation: "CreateDeployment",
    isOutcomeUnknown: false,
  });
}
