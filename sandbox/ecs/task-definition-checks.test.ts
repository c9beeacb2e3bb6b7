import type { ContainerDefinition, RegisterTaskDefinitionRequest, Volume } from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { checkTaskDefinition } from "./task-definition-checks.ts";

const ROLE = "arn:aws:iam::123456789012:role/library-execution";
const FARGATE = {
  family: "library",
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  cpu: "256",
  memory: "512",
  executionRoleArn: ROLE,
};
const EC2 = { family: "library", networkMode: "bridge", memory: "512" } as const;
const AWSLOGS = { "awslogs-group": "/ecs/library", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "library" };

const container = (more: Partial<ContainerDefinition> = {}): ContainerDefinition => ({
  name: "app",
  image: "nginx:1.27",
  portMappings: [{ containerPort: 80 }],
  ...more,
});
const logs = (options: Record<string, string>) => ({ logConfiguration: { logDriver: "awslogs" as const, options } });
const efs = (more: object): Volume => ({ name: "v", efsVolumeConfiguration: { fileSystemId: "fs-1", ...more } });
const sidecar = (more: Partial<ContainerDefinition> = {}) => container({ name: "init", portMappings: [], ...more });

function refusal(input: object): string | null {
  try {
    checkTaskDefinition(input as RegisterTaskDefinitionRequest);
    return null;
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}

type Row = [what: string, container: Partial<ContainerDefinition>, more: object, refusal: string];

/** What AWS refuses of a container or a definition, on Fargate unless said otherwise; its own words where reports quote them. */
const REFUSED: readonly Row[] = [
  ["a name with a space", { name: "a b" }, {}, "Container.name contains invalid characters."],
  ["links", { links: ["db"] }, {}, "Links are not supported on container when networkMode=awsvpc"],
  ["a host name", { hostname: "x" }, {}, "hostname is not supported on container when networkMode=awsvpc"],
  [
    "name servers",
    { dnsServers: ["1.1.1.1"] },
    {},
    "DNS servers are not supported on container when networkMode=awsvpc",
  ],
  [
    "further hosts",
    { extraHosts: [{ hostname: "x", ipAddress: "10.0.0.1" }] },
    {},
    "Extra hosts are not supported on container when networkMode=awsvpc",
  ],
  ["an unknown volume", { mountPoints: [{ sourceVolume: "v", containerPath: "/v" }] }, {}, "Unknown volume 'v'."],
  [
    "an unknown dependency",
    { dependsOn: [{ containerName: "db", condition: "START" }] },
    {},
    "Cannot depend on container + 'db' because it does not exist",
  ],
  [
    "a dependency on itself",
    { dependsOn: [{ containerName: "app", condition: "START" }] },
    {},
    "Container dependencies should not have a cycle",
  ],
  [
    "secrets without a role",
    { secrets: [{ name: "A", valueFrom: "x" }] },
    { executionRoleArn: undefined },
    "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
  ],
  [
    "ECR without a role",
    { image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/library:1" },
    { executionRoleArn: undefined },
    "Fargate requires task definition to have execution role ARN to support ECR images.",
  ],
  [
    "awslogs without a role",
    logs(AWSLOGS),
    { executionRoleArn: undefined },
    "Fargate requires task definition to have execution role ARN to support log driver awslogs.",
  ],
  ["awslogs without options", logs({}), {}, "Log driver awslogs requires options: awslogs-region, awslogs-group"],
  [
    "awslogs with an empty group",
    logs({ ...AWSLOGS, "awslogs-group": "" }),
    {},
    "Log driver awslogs option 'awslogs-group' should not be null or empty.",
  ],
  [
    "awslogs with another's option",
    logs({ ...AWSLOGS, log_key: "log" }),
    {},
    "Log driver awslogs disallows options: log_key",
  ],
  [
    "awslogs that is not to create",
    logs({ ...AWSLOGS, "awslogs-create-group": "false" }),
    {},
    "Log driver awslogs option 'awslogs-create-group' should only be set to 'true', else omit option.",
  ],
  [
    "awslogs without a prefix",
    logs({ "awslogs-group": "g", "awslogs-region": "r" }),
    {},
    "Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.",
  ],
  [
    "another log driver",
    { logConfiguration: { logDriver: "json-file" } },
    {},
    "json-file is not a valid log driver. Must be one of [awslogs, splunk, awsfirelens]",
  ],
  [
    "FireLens without a router",
    { logConfiguration: { logDriver: "awsfirelens" } },
    {},
    "When awsfirelens log driver is specified in log configuration, a firelens configuration object must be specified",
  ],
  [
    "a processor for graphics",
    { resourceRequirements: [{ type: "GPU", value: "1" }] },
    {},
    "Fargate compatible task definitions do not support GPU",
  ],
  [
    "no network",
    { disableNetworking: true },
    {},
    "Fargate compatible task definitions do not support disableNetworking",
  ],
  ["privileged", { privileged: true }, {}, "Fargate requires that the 'privileged' setting be 'false'."],
  [
    "a capability",
    { linuxParameters: { capabilities: { add: ["NET_ADMIN"] } } },
    {},
    "NET_ADMIN is not allowed on Fargate.",
  ],
  [
    "shared memory",
    { linuxParameters: { sharedMemorySize: 64 } },
    {},
    "Fargate compatible task definitions do not support sharedMemorySize",
  ],
  [
    "a long stop",
    { stopTimeout: 300 },
    {},
    "Tasks using the Fargate launch type must have a container stop timeout of less than 120 seconds.",
  ],
  ["a short stop", { stopTimeout: 1 }, {}, "Granular stop timeout on container 'app' must be at least 2 seconds."],
  [
    "a health check too often",
    { healthCheck: { command: ["CMD", "x"], interval: 1 } },
    {},
    "Health check interval must be between 5 and 300.",
  ],
  [
    "a health check without CMD",
    { healthCheck: { command: ["curl"] } },
    {},
    "Health check command must start with CMD or CMD-SHELL.",
  ],
  [
    "more memory than the task",
    { memory: 1024 },
    {},
    "The 'memory' setting for container 'app' is greater than for the task.",
  ],
  [
    "more reserved than allowed",
    { memory: 128, memoryReservation: 256 },
    {},
    "Invalid setting for container 'app'. 'memory' must be greater than or equal to 'memoryReservation'.",
  ],
  [
    "more processor than the task",
    { cpu: 512 },
    {},
    "The sum of all container 'cpu' values cannot be greater than the task-level 'cpu' value.",
  ],
  [
    "a limit above the limit",
    { ulimits: [{ name: "nofile", softLimit: 10, hardLimit: 5 }] },
    {},
    "Soft limit exceeds hard limit for ulimit nofile",
  ],
  [
    "an environment file by URL",
    { environmentFiles: [{ type: "s3", value: "s3://b/k.env" }] },
    {},
    "Invalid arn syntax.",
  ],
  [
    "a port twice",
    { portMappings: [{ containerPort: 80 }, { containerPort: 80 }] },
    {},
    "container port is used multiple times in task",
  ],
  [
    "a port and a range",
    { portMappings: [{ containerPort: 80, containerPortRange: "80-90" }] },
    {},
    "cannot specify both single port and port range",
  ],
  [
    "no port of this world",
    { portMappings: [{ containerPort: 70_000 }] },
    {},
    "Container port must be between 1 and 65535.",
  ],
  [
    "another host port",
    { portMappings: [{ containerPort: 80, hostPort: 81 }] },
    {},
    "When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
  ],
  ["another mode", {}, { networkMode: "bridge" }, "Fargate only supports network mode 'awsvpc'."],
  [
    "the host's processes",
    {},
    { pidMode: "host" },
    "Fargate compatible task definitions do not support pidMode 'host'.",
  ],
  ["a mode of sharing memory", {}, { ipcMode: "task" }, "Fargate compatible task definitions do not support ipcMode"],
  [
    "a folder of the host",
    {},
    { volumes: [{ name: "v", host: { sourcePath: "/v" } }] },
    "Fargate compatible task definitions do not support sourcePath",
  ],
  [
    "a volume of Docker",
    {},
    { volumes: [{ name: "v", dockerVolumeConfiguration: { scope: "task" } }] },
    "Fargate compatible task definitions do not support dockerVolumeConfiguration",
  ],
  [
    "EFS with a role and open",
    {},
    { volumes: [efs({ authorizationConfig: { iam: "ENABLED" } })] },
    "EFS IAM authorization requires TransitEncryption to be enabled",
  ],
  [
    "EFS with two roots",
    {},
    { volumes: [efs({ rootDirectory: "/x", authorizationConfig: { accessPointId: "fsap-1" } })] },
    'When using an EFS access point, the root directory must either be set to "/" or be omitted',
  ],
  [
    "a volume for nobody",
    {},
    { volumes: [{ name: "v", configuredAtLaunch: true }] },
    "Volumes [v] are not referenced by any of the containers",
  ],
  [
    "too small a disk",
    {},
    { ephemeralStorage: { sizeInGiB: 10 } },
    "Ephemeral storage size must be between 21 and 200 GiB.",
  ],
  ["a size that there is not", {}, { cpu: "256", memory: "4096" }, "No Fargate configuration exists for given values."],
  ["no size", {}, { cpu: undefined }, "Fargate requires that 'cpu' and 'memory' be defined at the task level."],
  [
    "AWS's own tags",
    {},
    { tags: [{ key: "aws:x", value: "1" }] },
    "Tag keys starting with 'aws:' are reserved for system use.",
  ],
  [
    "no memory anywhere, on EC2",
    {},
    { ...EC2, memory: undefined, requiresCompatibilities: ["EC2"] },
    "Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.",
  ],
  [
    "a host port twice, on EC2",
    {
      portMappings: [
        { containerPort: 80, hostPort: 80 },
        { containerPort: 81, hostPort: 80 },
      ],
    },
    { ...EC2, requiresCompatibilities: ["EC2"] },
    "Host port 80 is used multiple times in task",
  ],
];

test.each(REFUSED)("refuses %s", (_, one, more, words) => {
  expect(refusal({ ...FARGATE, containerDefinitions: [container(one)], ...more })).toBe(words);
});

test("a container that ends may be waited for unless the task ends with it, and a healthy one only with a check", () => {
  const after = (condition: "SUCCESS" | "HEALTHY", init: ContainerDefinition) => {
    const app = container({ dependsOn: [{ containerName: "init", condition }] });
    return refusal({ ...FARGATE, containerDefinitions: [app, init] });
  };
  expect(after("SUCCESS", sidecar())).toBe(
    "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container",
  );
  expect(after("SUCCESS", sidecar({ essential: false }))).toBeNull();
  expect(after("HEALTHY", sidecar())).toBe(
    "A dependency container with HEALTHY condition must have health check configured",
  );
  expect(after("HEALTHY", sidecar({ healthCheck: { command: ["CMD-SHELL", "true"] } }))).toBeNull();
  const back = sidecar({ essential: false, dependsOn: [{ containerName: "app", condition: "START" }] });
  expect(after("SUCCESS", back)).toBe("Container dependencies should not have a cycle");
});

test("takes what AWS takes", () => {
  const definitions: object[] = [
    { ...FARGATE, containerDefinitions: [container(logs(AWSLOGS))] },
    { ...FARGATE, pidMode: "task", containerDefinitions: [container({ healthCheck: { command: ["NONE"] } })] },
    { ...EC2, containerDefinitions: [container({ links: ["init"], hostname: "x" }), sidecar()] },
    { ...EC2, containerDefinitions: [container(logs({ "awslogs-group": "g", "awslogs-region": "r" }))] },
    {
      ...EC2,
      containerDefinitions: [
        container({ portMappings: [{ containerPort: 80 }, { containerPort: 80, protocol: "udp" }] }),
      ],
    },
    {
      ...FARGATE,
      volumes: [
        efs({ transitEncryption: "ENABLED", authorizationConfig: { iam: "ENABLED", accessPointId: "fsap-1" } }),
      ],
      containerDefinitions: [container({ mountPoints: [{ sourceVolume: "v", containerPath: "/v" }] })],
    },
    {
      ...FARGATE,
      containerDefinitions: [
        container({ logConfiguration: { logDriver: "awsfirelens" } }),
        sidecar({ firelensConfiguration: { type: "fluentbit" } }),
      ],
    },
  ];
  expect(definitions.map(refusal)).toEqual(definitions.map(() => null));
});
