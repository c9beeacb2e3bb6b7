import type {
  ContainerDefinition,
  LogConfiguration,
  RegisterTaskDefinitionRequest,
  Tag,
  Volume,
} from "@aws-sdk/client-ecs";
import { clientError, invalidParameter } from "./arns.ts";
import { checkContainers } from "./container-checks.ts";
import { cpuUnits, isFargateSize, memoryMib } from "./fargate-sizes.ts";

const FARGATE_LOG_DRIVERS = ["awslogs", "splunk", "awsfirelens"];
const FARGATE_STOP_SECONDS = 120;
const FARGATE_STORAGE_GIB = [21, 200] as const;
const ECR_IMAGE = /^\d{12}\.dkr[.-]ecr/;
const ROLE = /^arn:[\w-]+:iam::\d{12}:role\/.+$/;
const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;
/** Options of the awslogs driver, by the developer guide. */
const AWSLOGS_OPTIONS = [
  "awslogs-group",
  "awslogs-region",
  "awslogs-stream-prefix",
  "awslogs-create-group",
  "awslogs-datetime-format",
  "awslogs-multiline-pattern",
  "awslogs-endpoint",
  "awslogs-credentials-endpoint",
  "mode",
  "max-buffer-size",
];

/** Refuses a task definition that AWS refuses to register. @throws AwsError ClientException, InvalidParameterException */
export function checkTaskDefinition(input: RegisterTaskDefinitionRequest): void {
  if (!/^[\w-]{1,255}$/.test(input.family ?? "")) throw clientError("Invalid family name.");
  checkContainers(input);
  checkSizes(input);
  for (const { logConfiguration } of input.containerDefinitions ?? []) checkLogs(logConfiguration);
  checkVolumes(input);
  checkRole(input.taskRoleArn);
  checkRole(input.executionRoleArn);
  if (input.requiresCompatibilities?.includes("FARGATE")) checkFargate(input);
  checkTags(input.tags);
}

/** Refuses tags that AWS refuses. @throws AwsError InvalidParameterException */
export function checkTags(tags: readonly Tag[] = []): void {
  const keys = tags.map(({ key = "" }) => key);
  if (keys.some((key) => key === "")) throw invalidParameter("Tag key cannot be empty.");
  if (keys.some((key) => /^aws:/i.test(key)))
    throw invalidParameter("Tag keys starting with 'aws:' are reserved for system use.");
  // Assumption: the words.
  if (new Set(keys).size < keys.length) throw invalidParameter("Duplicate tag keys found.");
}

/** A number, as ECS takes task sizes: units or vCPU, MiB or GB. */
function checkSizes({ cpu, memory, containerDefinitions = [] }: RegisterTaskDefinitionRequest): void {
  const [taskCpu, taskMemory] = [cpu && cpuUnits(cpu), memory && memoryMib(memory)];
  const wanted = (one: ContainerDefinition) => one.memory ?? one.memoryReservation ?? 0;
  if (typeof taskCpu === "number" && containerDefinitions.reduce((sum, one) => sum + (one.cpu ?? 0), 0) > taskCpu)
    throw clientError("The sum of all container 'cpu' values cannot be greater than the task-level 'cpu' value.");
  if (typeof taskMemory !== "number") return;
  const large = containerDefinitions.find((one) => wanted(one) > taskMemory);
  if (large) throw clientError(`The 'memory' setting for container '${large.name}' is greater than for the task.`);
}

function checkLogs(logs: LogConfiguration | undefined): void {
  if (logs?.logDriver !== "awslogs") return;
  const { options = {} } = logs;
  const absent = ["awslogs-region", "awslogs-group"].filter((name) => !(name in options));
  if (absent.length > 0) throw clientError(`Log driver awslogs requires options: ${absent.join(", ")}`);
  for (const [name, value] of Object.entries(options)) {
    if (!AWSLOGS_OPTIONS.includes(name)) throw clientError(`Log driver awslogs disallows options: ${name}`);
    if (!value) throw clientError(`Log driver awslogs option '${name}' should not be null or empty.`);
  }
  if ((options["awslogs-create-group"] ?? "true") !== "true")
    throw clientError(
      "Log driver awslogs option 'awslogs-create-group' should only be set to 'true', else omit option.",
    );
}

function checkVolumes({ volumes = [], containerDefinitions = [] }: RegisterTaskDefinitionRequest): void {
  const names = volumes.map(({ name = "" }) => name);
  // Assumption: the words for a name that is missing or there twice.
  if (names.some((name) => name === "")) throw clientError("Volume name should not be null or empty.");
  if (new Set(names).size < names.length) throw clientError("Volume names must be unique.");
  const mounted = containerDefinitions.flatMap(({ mountPoints = [] }) =>
    mountPoints.map((one) => one.sourceVolume ?? ""),
  );
  for (const name of mounted) if (!names.includes(name)) throw clientError(`Unknown volume '${name}'.`);
  for (const { name = "", configuredAtLaunch } of volumes)
    if (configuredAtLaunch && !mounted.includes(name))
      throw clientError(`Volumes [${name}] are not referenced by any of the containers`);
  for (const volume of volumes) checkFileSystem(volume);
}

function checkFileSystem({ efsVolumeConfiguration: efs }: Volume): void {
  if (!efs) return;
  const isEncrypted = efs.transitEncryption === "ENABLED";
  if (efs.authorizationConfig?.iam === "ENABLED" && !isEncrypted)
    throw clientError("EFS IAM authorization requires TransitEncryption to be enabled");
  if (efs.authorizationConfig?.accessPointId && !["/", undefined].includes(efs.rootDirectory))
    throw clientError('When using an EFS access point, the root directory must either be set to "/" or be omitted');
  // Assumption: the words.
  if (efs.transitEncryptionPort !== undefined && !isEncrypted)
    throw clientError("A transit encryption port requires TransitEncryption to be enabled");
}

/** AWS takes a role's ARN or its name. Assumption: the words. */
function checkRole(role: string | undefined): void {
  if (role && !ROLE.test(role) && !ROLE_NAME.test(role)) throw clientError(`Role is not valid: ${role}`);
}

function checkFargate(input: RegisterTaskDefinitionRequest): void {
  if (input.networkMode !== "awsvpc") throw clientError("Fargate only supports network mode 'awsvpc'.");
  checkFargateSize(input);
  const { executionRoleArn, containerDefinitions = [], volumes = [], ephemeralStorage } = input;
  const refuse = (member: string) => clientError(`Fargate compatible task definitions do not support ${member}`);
  // AWS documents that Fargate knows "task" alone; the words of its refusal are an assumption.
  if (input.pidMode === "host") throw refuse("pidMode 'host'.");
  if (input.ipcMode) throw refuse("ipcMode");
  if (input.placementConstraints?.length) throw refuse("placementConstraints");
  if (volumes.some(({ host }) => host?.sourcePath)) throw refuse("sourcePath");
  if (volumes.some(({ dockerVolumeConfiguration }) => dockerVolumeConfiguration))
    throw refuse("dockerVolumeConfiguration");
  const [least, most] = FARGATE_STORAGE_GIB;
  const { sizeInGiB = least } = ephemeralStorage ?? {};
  // Assumption: the words.
  if (sizeInGiB < least || sizeInGiB > most)
    throw clientError(`Ephemeral storage size must be between ${least} and ${most} GiB.`);
  for (const one of containerDefinitions) {
    const needsRole = (what: string) =>
      clientError(`Fargate requires task definition to have execution role ARN to support ${what}.`);
    if (!executionRoleArn && ECR_IMAGE.test(one.image ?? "")) throw needsRole("ECR images");
    if (!executionRoleArn && one.logConfiguration?.logDriver === "awslogs") throw needsRole("log driver awslogs");
    checkFargateContainer(one);
  }
}

function checkFargateSize(input: RegisterTaskDefinitionRequest): void {
  if (!input.cpu || !input.memory)
    throw clientError("Fargate requires that 'cpu' and 'memory' be defined at the task level.");
  const [cpu, memory] = [cpuUnits(input.cpu), memoryMib(input.memory)];
  if (cpu === null) throw clientError(`Invalid 'cpu' setting for task.`);
  if (memory === null) throw clientError(`Invalid 'memory' setting for task.`);
  if (!isFargateSize(cpu, memory)) throw clientError("No Fargate configuration exists for given values.");
}

function checkFargateContainer(one: ContainerDefinition): void {
  const refuse = (member: string) => clientError(`Fargate compatible task definitions do not support ${member}`);
  if (one.privileged) throw clientError("Fargate requires that the 'privileged' setting be 'false'.");
  if (one.dockerSecurityOptions?.length) throw refuse("dockerSecurityOptions");
  if (one.disableNetworking) throw refuse("disableNetworking");
  if (one.resourceRequirements?.some(({ type }) => type === "GPU")) throw refuse("GPU");
  const { devices, sharedMemorySize, tmpfs, maxSwap, swappiness, capabilities } = one.linuxParameters ?? {};
  for (const [member, value] of Object.entries({ devices, sharedMemorySize, tmpfs, maxSwap, swappiness }))
    if (Array.isArray(value) ? value.length > 0 : value !== undefined) throw refuse(member);
  const capability = capabilities?.add?.find((name) => name !== "SYS_PTRACE");
  if (capability) throw clientError(`${capability} is not allowed on Fargate.`);
  const { logDriver } = one.logConfiguration ?? {};
  if (logDriver && !FARGATE_LOG_DRIVERS.includes(logDriver))
    throw clientError(`${logDriver} is not a valid log driver. Must be one of [${FARGATE_LOG_DRIVERS.join(", ")}]`);
  const logs = one.logConfiguration?.options ?? {};
  if (logDriver === "awslogs" && !logs["awslogs-stream-prefix"])
    throw clientError(
      "Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.",
    );
  if ((one.stopTimeout ?? 0) > FARGATE_STOP_SECONDS)
    throw clientError(
      "Tasks using the Fargate launch type must have a container stop timeout of less than 120 seconds.",
    );
}
