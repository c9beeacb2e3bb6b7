import type { ContainerDefinition, HealthCheck, PortMapping, RegisterTaskDefinitionRequest } from "@aws-sdk/client-ecs";
import { clientError } from "./arns.ts";

const NAME = /^[\w-]{1,255}$/;
const MAX_CONTAINERS = 10;
const LEAST_MEMORY_MIB = 4;
const MAX_ENVIRONMENT_FILES = 10;
/** Members that a container of network mode awsvpc has none of, as AWS begins the sentence of each. */
const NOT_IN_AWSVPC = {
  links: "Links are",
  hostname: "hostname is",
  dnsServers: "DNS servers are",
  dnsSearchDomains: "DNS search domains are",
  extraHosts: "Extra hosts are",
} as const satisfies Partial<Record<keyof ContainerDefinition, string>>;
/** Of a container's health check: least, most. */
const HEALTH_RANGES = {
  interval: [5, 300],
  timeout: [2, 60],
  retries: [1, 10],
  startPeriod: [0, 300],
} as const satisfies Partial<Record<keyof HealthCheck, readonly [number, number]>>;

/**
 * Refuses containers that AWS refuses, whatever they run on. Words that public reports do not quote are assumptions: those of
 * ranges, of names, of ports, of variables and of what is named and does not exist in `volumesFrom` and the proxy.
 * @throws AwsError ClientException
 */
export function checkContainers(input: RegisterTaskDefinitionRequest): void {
  const containers = input.containerDefinitions ?? [];
  if (containers.length === 0) throw clientError("Container list cannot be empty.");
  if (containers.length > MAX_CONTAINERS)
    throw clientError(`Container list cannot have more than ${MAX_CONTAINERS} elements.`);
  const names = new Set<string>();
  for (const { name, image } of containers) {
    if (!image) throw clientError("Container.image should not be null or empty.");
    if (!name) throw clientError("Container.name should not be null or empty.");
    if (!NAME.test(name)) throw clientError("Container.name contains invalid characters.");
    if (names.has(name)) throw clientError(`Container.name contains duplicate value '${name}'.`);
    names.add(name);
  }
  if (!containers.some((one) => one.essential ?? true))
    throw clientError("The task definition must have at least one essential container.");
  for (const one of containers) checkContainer(one, input);
  checkPorts(containers, input.networkMode);
  checkLogRouters(containers);
  checkDependencies(containers);
  const { containerName = "" } = input.proxyConfiguration ?? {};
  if (input.proxyConfiguration && !names.has(containerName))
    throw clientError(`The proxy container '${containerName}' does not exist in the task definition.`);
}

function checkContainer(one: ContainerDefinition, input: RegisterTaskDefinitionRequest): void {
  const setting = (problem: string) => clientError(`Invalid setting for container '${one.name}'. ${problem}`);
  const { memory, memoryReservation } = one;
  if (input.memory === undefined && memory === undefined && memoryReservation === undefined)
    throw setting("At least one of 'memory' or 'memoryReservation' must be specified.");
  if (memory !== undefined && memoryReservation !== undefined && memory < memoryReservation)
    throw setting("'memory' must be greater than or equal to 'memoryReservation'.");
  if ((memory ?? LEAST_MEMORY_MIB) < LEAST_MEMORY_MIB) throw setting(`'memory' must be at least ${LEAST_MEMORY_MIB}.`);
  if ((one.cpu ?? 0) < 0) throw setting("'cpu' must not be negative.");
  if (input.networkMode === "awsvpc")
    for (const [member, words] of Object.entries(NOT_IN_AWSVPC) as [keyof typeof NOT_IN_AWSVPC, string][])
      if (one[member]?.length) throw clientError(`${words} not supported on container when networkMode=awsvpc`);
  checkVariables(one, input.executionRoleArn);
  checkHealthCheck(one);
  for (const { name, softLimit = 0, hardLimit = 0 } of one.ulimits ?? [])
    if (softLimit > hardLimit) throw clientError(`Soft limit exceeds hard limit for ulimit ${name}`);
  for (const [timeout, seconds] of [
    ["start", one.startTimeout],
    ["stop", one.stopTimeout],
  ] as const)
    if ((seconds ?? 2) < 2)
      throw clientError(`Granular ${timeout} timeout on container '${one.name}' must be at least 2 seconds.`);
}

function checkVariables(one: ContainerDefinition, executionRoleArn: string | undefined): void {
  const { environment = [], secrets = [], environmentFiles = [] } = one;
  if (secrets.length > 0 && !executionRoleArn)
    throw clientError(
      "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    );
  const names = environment.map(({ name }) => name);
  if (names.some((name) => !name)) throw clientError("Environment variable name should not be null or empty.");
  const twice = secrets.find(({ name }) => names.includes(name))?.name;
  if (twice !== undefined)
    throw clientError(
      `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${twice}'.`,
    );
  if (environmentFiles.length > MAX_ENVIRONMENT_FILES)
    throw clientError("The maximum number of environment files was exceeded. Specify ten or less and try again");
  for (const { value = "" } of environmentFiles) {
    if (!value.startsWith("arn:")) throw clientError("Invalid arn syntax.");
    if (!value.endsWith(".env")) throw clientError("The environment file must have the .env file extension.");
  }
}

function checkHealthCheck({ healthCheck }: ContainerDefinition): void {
  if (!healthCheck) return;
  const [kind = "", ...rest] = healthCheck.command ?? [];
  if (kind !== "NONE" && !(["CMD", "CMD-SHELL"].includes(kind) && rest.length > 0))
    throw clientError("Health check command must start with CMD or CMD-SHELL.");
  for (const [member, [least, most]] of Object.entries(HEALTH_RANGES)) {
    const value = healthCheck[member as keyof typeof HEALTH_RANGES];
    if (value !== undefined && (value < least || value > most))
      throw clientError(`Health check ${member} must be between ${least} and ${most}.`);
  }
}

function checkPorts(containers: readonly ContainerDefinition[], networkMode: string | undefined): void {
  const isShared = networkMode === "awsvpc" || networkMode === "host";
  const names = new Set<string>();
  const taken = new Set<string>();
  for (const mapping of containers.flatMap(({ portMappings = [] }) => portMappings)) {
    const { name, containerPort, containerPortRange, hostPort = 0, protocol = "tcp" } = mapping;
    if (containerPortRange !== undefined) {
      if (containerPort !== undefined || hostPort) throw clientError("cannot specify both single port and port range");
      const [low = 0, high = 0] = containerPortRange.split("-").map(Number);
      if (!(low < high) || !arePorts([low, high])) throw clientError("Invalid 'containerPortRange' setting.");
    } else checkSinglePort(mapping, networkMode);
    const port = isShared ? containerPort : hostPort || undefined;
    const key = `${port}/${protocol}`;
    if (port !== undefined && taken.has(key))
      throw clientError(
        isShared ? "container port is used multiple times in task" : `Host port ${port} is used multiple times in task`,
      );
    taken.add(key);
    if (name !== undefined && names.has(name)) throw clientError(`port mapping name is already used: ${name}`);
    if (name !== undefined) names.add(name);
  }
}

function checkSinglePort({ containerPort, hostPort }: PortMapping, networkMode: string | undefined): void {
  if (containerPort === undefined || !arePorts([containerPort]))
    throw clientError("Container port must be between 1 and 65535.");
  if (hostPort && !arePorts([hostPort])) throw clientError("Host port must be between 0 and 65535.");
  if ((networkMode === "host" || networkMode === "awsvpc") && hostPort && hostPort !== containerPort)
    throw clientError(
      `When networkMode=${networkMode}, the host ports and container ports in port mappings must match.`,
    );
}

const arePorts = (ports: readonly number[]) =>
  ports.every((port) => Number.isInteger(port) && port >= 1 && port <= 65_535);

function checkLogRouters(containers: readonly ContainerDefinition[]): void {
  const routers = containers.filter(({ firelensConfiguration }) => firelensConfiguration);
  if (routers.length > 1)
    throw clientError("Only one container can have a firelens configuration in a task definition.");
  if (routers.length === 0 && containers.some(({ logConfiguration }) => logConfiguration?.logDriver === "awsfirelens"))
    throw clientError(
      "When awsfirelens log driver is specified in log configuration, a firelens configuration object must be specified",
    );
}

function checkDependencies(containers: readonly ContainerDefinition[]): void {
  const byName = new Map(containers.map((one) => [one.name ?? "", one]));
  for (const { dependsOn = [], volumesFrom = [] } of containers) {
    for (const { sourceContainer = "" } of volumesFrom)
      if (!byName.has(sourceContainer)) throw clientError(`Unknown source container '${sourceContainer}'.`);
    for (const { containerName = "", condition } of dependsOn) {
      const other = byName.get(containerName);
      if (!other) throw clientError(`Cannot depend on container + '${containerName}' because it does not exist`);
      if ((condition === "SUCCESS" || condition === "COMPLETE") && (other.essential ?? true))
        throw clientError("A dependency container with SUCCESS or COMPLETE condition cannot be an essential container");
      if (condition === "HEALTHY" && !other.healthCheck)
        throw clientError("A dependency container with HEALTHY condition must have health check configured");
    }
  }
  const after = (name: string) => (byName.get(name)?.dependsOn ?? []).map(({ containerName = "" }) => containerName);
  const links = (name: string) => (byName.get(name)?.links ?? []).map((link) => link.split(":")[0] ?? "");
  if (hasCycle([...byName.keys()], after)) throw clientError("Container dependencies should not have a cycle");
  for (const one of byName.keys())
    for (const link of links(one)) if (!byName.has(link)) throw clientError(`Unknown link '${link}'.`);
  if (hasCycle([...byName.keys()], links)) throw clientError("Container links should not have a cycle");
}

function hasCycle(names: readonly string[], next: (name: string) => readonly string[]): boolean {
  const done = new Set<string>();
  const isOnWay = (name: string, way: readonly string[]): boolean => {
    if (way.includes(name)) return true;
    if (done.has(name)) return false;
    const found = next(name).some((other) => isOnWay(other, [...way, name]));
    done.add(name);
    return found;
  };
  return names.some((name) => isOnWay(name, []));
}
