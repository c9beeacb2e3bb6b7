import type { Aws } from "../aws/aws.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { ServiceReading } from "../aws/service-reading.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import type { Application, SlotRef } from "../domain/application/application.ts";
import { targetGroupName } from "../domain/observation/traffic.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { shortName } from "../domain/text/short-name.ts";

/** What names are looked up with: nobody waits for it. */
export const PRIORITY = "fleet";

/** Where traffic is decided, and between what. */
export type ResolvedTraffic = Pick<
  Application,
  "listener" | "together" | "testListener" | "testRequest" | "slots" | "codeDeploy"
> & {
  services: ServiceReading[];
};

export async function readService(aws: Aws, config: ApplicationConfig): Promise<ServiceReading> {
  const name = config.service ?? "";
  const reading = (await aws.ecs.describeServices(shortName(config.cluster), [name], PRIORITY)).get(name);
  if (!reading || reading instanceof AwsFailure)
    throw reading ?? invalid(say("resolve.notAnswered", { service: name }));
  return reading;
}

/** A side of a service that both share. */
export function sharedSlot(targetGroupArn: string, service: string): SlotRef {
  return { targetGroupArn, targetGroupName: targetGroupName(targetGroupArn), service };
}

/** With every service by its name, which is what ECS answers with. @throws AwsFailure for an ARN of another cluster */
export function withServiceNames(config: ApplicationConfig): ApplicationConfig {
  const named = <T extends { service: string | null }>(part: T): T => ({
    ...part,
    service: part.service === null ? null : serviceName(part.service, config.cluster),
  });
  const { blue, green } = config;
  return { ...named(config), blue: blue && named(blue), green: green && named(green) };
}

/** Older ARNs of services do not say which cluster they are in. */
function serviceName(nameOrArn: string, cluster: string): string {
  const arn = /^arn:[\w-]+:ecs:[\w-]+:\d{12}:service\/(?:([^/]+)\/)?([^/]+)$/.exec(nameOrArn);
  if (!arn?.[2]) return nameOrArn;
  if (arn[1] !== undefined && arn[1] !== shortName(cluster))
    throw invalid(say("resolve.otherCluster", { service: nameOrArn, cluster: arn[1], own: shortName(cluster) }));
  return arn[2];
}

/** The refusal of settings that AWS does not bear out. */
export function invalid(message: Sentence): AwsFailure {
  return new AwsFailure({
    code: "InvalidConfiguration",
    message,
    kind: "invalid",
    retryable: false,
    requestId: null,
    service: "sts",
    operation: "GetCallerIdentity",
    isOutcomeUnknown: false,
  });
}
