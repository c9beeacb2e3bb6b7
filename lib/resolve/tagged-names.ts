import type { Aws } from "../aws/aws.ts";
import type { Priority } from "../aws/budget.ts";
import { AwsFailure, missingFailure } from "../aws/errors.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import { tagsOf, tagWords } from "../config/tag-name.ts";
import { say } from "../domain/sentence/sentence.ts";
import { shortName } from "../domain/text/short-name.ts";

/** What can be named by its tags. */
export type TaggedKind = "service" | "target group" | "load balancer";

const KINDS: Readonly<Record<TaggedKind, string>> = {
  service: "service",
  "target group": "group",
  "load balancer": "balancer",
};

/**
 * The name as it is, or that of the only one which has the tags that it stands for: a service's name, else an ARN. @throws AwsFailure
 * where none has them, or several
 */
export async function findNamed(
  aws: Pick<Aws, "inventory">,
  kind: TaggedKind,
  name: string,
  cluster: string,
  priority: Priority,
): Promise<string> {
  const tags = tagsOf(name);
  if (tags === null) return name;
  const { inventory } = aws;
  const found =
    kind === "service"
      ? await inventory.ecs.findTagged(cluster, tags, priority)
      : kind === "target group"
        ? await inventory.elb.findTagged(
            (await inventory.elb.listTargetGroups(priority)).map(({ arn }) => arn),
            tags,
            priority,
          )
        : await inventory.elb.findTagged(
            (await inventory.elb.listLoadBalancers(priority)).map(({ arn }) => arn),
            tags,
            priority,
          );
  const [only, ...others] = found;
  const told = { kind: KINDS[kind], cluster, tags: tagWords(tags) };
  if (only === undefined)
    throw missingFailure(
      kind === "service" ? "ecs" : "elasticloadbalancing",
      kind === "service" ? "DescribeServices" : "DescribeTags",
      "NothingTagged",
      say("resolve.noneTagged", told),
    );
  if (others.length > 0) throw several({ ...told, count: found.length }, found);
  return only;
}

/** The configuration with every tag replaced by what has it. @throws AwsFailure */
export async function withTaggedNames(aws: Aws, config: ApplicationConfig): Promise<ApplicationConfig> {
  const cluster = shortName(config.cluster);
  const find = (kind: TaggedKind, name: string) => findNamed(aws, kind, name, cluster, "action");
  const addressed = async <T>(part: T): Promise<T> =>
    typeof part === "object" && part !== null && "loadBalancer" in part && typeof part.loadBalancer === "string"
      ? { ...part, loadBalancer: await find("load balancer", part.loadBalancer) }
      : part;
  const sided = async (side: ApplicationConfig["blue"]) =>
    side && {
      service: side.service && (await find("service", side.service)),
      targetGroup: await find("target group", side.targetGroup),
    };
  const [service, listener, testListener, testRule, blue, green, listeners, rules] = await Promise.all([
    config.service && find("service", config.service),
    addressed(config.listener),
    addressed(config.testListener),
    addressed(config.testRule),
    sided(config.blue),
    sided(config.green),
    Promise.all(config.listeners.map(addressed)),
    Promise.all(config.rules.map(addressed)),
  ]);
  return { ...config, service, listener, testListener, testRule, blue, green, listeners, rules };
}

function several(
  told: { kind: string; cluster: string; tags: string; count: number },
  found: readonly string[],
): AwsFailure {
  const names = found.map((each) => (each.includes("/") ? (each.split("/").at(-2) ?? each) : each));
  return new AwsFailure({
    code: "InvalidConfiguration",
    message: say("resolve.severalTagged", { ...told, names: names.toSorted().join(", ") }),
    kind: "invalid",
    retryable: false,
    requestId: null,
    service: "elasticloadbalancing",
    operation: "DescribeTags",
    isOutcomeUnknown: false,
  });
}
