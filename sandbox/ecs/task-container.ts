import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import type { ImageBehaviour, ImageRegistry } from "../service.ts";
import { derivedUuid } from "./arns.ts";
import { servedLoadBalancers } from "./look-ups.ts";
import type { Task } from "./world.ts";

/** The container the sandbox really runs: the one behind the load balancer, else the first with a port, else the first. */
export function mainContainer(task: Task): ContainerDefinition {
  const containers = task.definition.definition.containerDefinitions ?? [];
  const balanced = task.deployment?.revision.loadBalancers[0]?.containerName;
  const found = balanced && containers.find((one) => one.name === balanced);
  if (found) return found;
  return containers.find((one) => one.portMappings?.length) ?? containers[0] ?? {};
}

/** The port its target groups expect, else the first it maps, else the library's own. */
export function containerPortOf(task: Task): number {
  return (
    task.deployment?.revision.loadBalancers[0]?.containerPort ??
    mainContainer(task).portMappings?.[0]?.containerPort ??
    8081
  );
}

/** A container's id of its runtime: Fargate's is made of the task's, an instance's is Docker's own. */
export function runtimeIdOf(task: Task, container: string): string {
  const uuid = derivedUuid(`${task.id}-${container}`).replaceAll("-", "");
  return task.launchType === "EC2"
    ? `${uuid}${derivedUuid(uuid).replaceAll("-", "")}`
    : `${task.id}-${Number.parseInt(uuid.slice(0, 8), 16)}`;
}

/** Where a container's lines go; in the task's own Region where the driver names none. */
interface LogDestination {
  group: string;
  stream: string;
  region: string | undefined;
}

/**
 * The log group and stream of the main container, as its driver names them: awslogs by prefix, container and task, or by the
 * runtime's id where there is no prefix; FireLens's CloudWatch outputs by prefix and tag. Null for other drivers.
 */
export function logDestination(task: Task): LogDestination | null {
  const { name = "", logConfiguration } = mainContainer(task);
  const options = logConfiguration?.options ?? {};
  if (logConfiguration?.logDriver === "awsfirelens") return fireLensDestination(task, name, options);
  const group = options["awslogs-group"];
  if (logConfiguration?.logDriver !== "awslogs" || !group) return null;
  const prefix = options["awslogs-stream-prefix"];
  const stream = prefix ? `${prefix}/${name}/${task.id}` : runtimeIdOf(task, name);
  return { group, stream, region: options["awslogs-region"] };
}

function fireLensDestination(
  task: Task,
  container: string,
  options: Readonly<Record<string, string>>,
): LogDestination | null {
  const group = options.log_group_name;
  if (!/^cloudwatch(?:_logs)?$/.test(options.Name ?? "") || !group) return null;
  const { log_stream_prefix: prefix, log_stream_name: fixed, region } = options;
  if (prefix === undefined && fixed === undefined) return null;
  return { group, stream: prefix === undefined ? (fixed ?? "") : `${prefix}${container}-firelens-${task.id}`, region };
}

/** The main container's environment with the task's overrides applied. */
export function environmentOf(task: Task): Record<string, string> {
  const container = mainContainer(task);
  const override = task.overrides?.containerOverrides?.find((one) => one.name === container.name);
  const environment: Record<string, string> = {};
  const side = sideOf(task);
  // Task sets of one service may share a task definition, which then cannot say which side it is for.
  if (side) environment.SLOT = side;
  for (const { name, value } of [...(container.environment ?? []), ...(override?.environment ?? [])])
    if (name) environment[name] = value ?? "";
  return environment;
}

/** The colour in the name of the target group that the task serves, if there is one. */
function sideOf(task: Task): string | undefined {
  const arn = (task.deployment && servedLoadBalancers(task.deployment.revision)[0]?.targetGroupArn) ?? "";
  return /:targetgroup\/[^/]*\b(blue|green)\b/.exec(arn)?.[1];
}

/**
 * Finds every container's image, by the digest that its revision pinned where it did, and notes the digests; `problem` is of the
 * first image that the registry does not have, or not for the task's platform. Without containers there is no behaviour either.
 */
export function pullImages(task: Task, images: ImageRegistry): { problem?: string; behaviour?: ImageBehaviour } {
  const digests = task.deployment?.revision.digests ?? new Map<string, string>();
  const main = mainContainer(task);
  let behaviour: ImageBehaviour | undefined;
  for (const container of task.definition.definition.containerDefinitions ?? []) {
    const { name = "", image = "" } = container;
    const pinned = digests.get(name);
    const found =
      (pinned && !image.includes("@") && images.findImage(`${withoutTag(image)}@${pinned}`)) || images.findImage(image);
    if (!found) return { problem: `failed to resolve ref ${image}: ${image}: not found` };
    const platform = platformOf(task);
    // As measured on Fargate: a single image for another platform is refused in the same words as a list without it.
    if (!found.platforms.includes(platform))
      return { problem: `image Manifest does not contain descriptor matching platform '${platform}'` };
    digests.set(name, found.digest);
    if (container === main) behaviour = found;
  }
  task.digests = digests;
  return behaviour ? { behaviour } : {};
}

/** As image manifests name it. Assumed: on instances the task's own platform decides as it does on Fargate. */
function platformOf({ definition }: Task): string {
  const { cpuArchitecture, operatingSystemFamily = "LINUX" } = definition.definition.runtimePlatform ?? {};
  const os = operatingSystemFamily.startsWith("WINDOWS") ? "windows" : "linux";
  return `${os}/${cpuArchitecture === "ARM64" ? "arm64" : "amd64"}`;
}

/** `registry/repository` of an image reference. */
function withoutTag(image: string): string {
  return image.replace(/@.*$/, "").replace(/:[^:/]*$/, "");
}
