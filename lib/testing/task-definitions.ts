import type { ContainerDefinition, RegisterTaskDefinitionRequest } from "@aws-sdk/client-ecs";

/*
 * Task definitions in the shapes that people have, each with what is particular to it. Containers are called `app` where they get
 * a new image.
 */

const ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
const ROLE = "arn:aws:iam::123456789012:role/";
const SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:";

const awslogs = (group: string, prefix = "ecs"): ContainerDefinition["logConfiguration"] => ({
  logDriver: "awslogs",
  options: { "awslogs-group": group, "awslogs-region": "eu-central-1", "awslogs-stream-prefix": prefix },
});

const app = (parts: Partial<ContainerDefinition> = {}): ContainerDefinition => ({
  name: "app",
  image: `${ECR}/app:1`,
  portMappings: [{ containerPort: 8080, protocol: "tcp" }],
  logConfiguration: awslogs("/ecs/app"),
  ...parts,
});

type Parts = Omit<Partial<RegisterTaskDefinitionRequest>, "containerDefinitions">;

const onFargate = (containers: ContainerDefinition[], parts: Parts = {}): Parts & Definition => ({
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: "512",
  memory: "1024",
  executionRoleArn: `${ROLE}execution`,
  containerDefinitions: containers,
  ...parts,
});

const onInstances = (containers: ContainerDefinition[], parts: Parts = {}): Parts & Definition => ({
  requiresCompatibilities: ["EC2"],
  networkMode: "bridge",
  containerDefinitions: containers.map((one) => ({ memory: 256, ...one })),
  ...parts,
});

type Definition = Pick<RegisterTaskDefinitionRequest, "containerDefinitions">;

/** By what they are for. */
export const TASK_DEFINITIONS: Readonly<Record<string, Parts & Definition>> = {
  "a web service": onFargate([app()], { taskRoleArn: `${ROLE}task` }),
  "health check and time to stop": onFargate([
    app({
      healthCheck: {
        command: ["CMD-SHELL", "curl -f http://localhost/ || exit 1"],
        interval: 10,
        retries: 5,
        timeout: 4,
        startPeriod: 60,
      },
      startTimeout: 90,
      stopTimeout: 110,
    }),
  ]),
  "secrets of both stores": onFargate([
    app({
      secrets: [
        { name: "DB", valueFrom: `${SECRET}db-AbCdEf:password:AWSCURRENT:` },
        { name: "KEY", valueFrom: "/app/key" },
      ],
      environment: [{ name: "MODE", value: "" }],
      environmentFiles: [{ type: "s3", value: "arn:aws:s3:::settings/app.env" }],
    }),
  ]),
  "FireLens to several places": onFargate([
    app({
      logConfiguration: {
        logDriver: "awsfirelens",
        options: { Name: "datadog", Host: "http-intake.logs.example", TLS: "on" },
        secretOptions: [{ name: "apikey", valueFrom: `${SECRET}dd` }],
      },
      dependsOn: [{ containerName: "log_router", condition: "START" }],
    }),
    {
      name: "log_router",
      image: "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable",
      user: "0",
      memoryReservation: 50,
      firelensConfiguration: {
        type: "fluentbit",
        options: { "enable-ecs-log-metadata": "true", "config-file-type": "file", "config-file-value": "/fluent.conf" },
      },
    },
  ]),
  "a collector beside it": onFargate([
    app(),
    {
      name: "collector",
      image: "public.ecr.aws/aws-observability/aws-otel-collector:v0.40.0",
      essential: false,
      command: ["--config=/etc/ecs/ecs-default-config.yaml"],
      secrets: [{ name: "AOT_CONFIG_CONTENT", valueFrom: "otel-config" }],
    },
  ]),
  "App Mesh": onFargate(
    [
      app({ dependsOn: [{ containerName: "envoy", condition: "HEALTHY" }] }),
      {
        name: "envoy",
        image: "public.ecr.aws/appmesh/aws-appmesh-envoy:v1.29.0.0-prod",
        user: "1337",
        ulimits: [{ name: "nofile", softLimit: 15_000, hardLimit: 15_000 }],
        healthCheck: { command: ["CMD-SHELL", "curl -s http://localhost:9901/server_info"] },
      },
    ],
    {
      proxyConfiguration: {
        type: "APPMESH",
        containerName: "envoy",
        properties: [
          { name: "IgnoredUID", value: "1337" },
          { name: "AppPorts", value: "8080" },
        ],
      },
    },
  ),
  "Service Connect ports": onFargate([
    app({
      portMappings: [
        { name: "api", containerPort: 8080, appProtocol: "http2" },
        { name: "grpc", containerPort: 9090, appProtocol: "grpc" },
      ],
    }),
  ]),
  "a file system with an access point": onFargate(
    [app({ mountPoints: [{ sourceVolume: "data", containerPath: "/data", readOnly: false }] })],
    {
      volumes: [
        {
          name: "data",
          efsVolumeConfiguration: {
            fileSystemId: "fs-0123456789abcdef0",
            transitEncryption: "ENABLED",
            transitEncryptionPort: 2999,
            authorizationConfig: { accessPointId: "fsap-0123456789abcdef0", iam: "ENABLED" },
          },
        },
      ],
    },
  ),
  "a volume made at the start": onFargate([app({ mountPoints: [{ sourceVolume: "work", containerPath: "/work" }] })], {
    volumes: [{ name: "work", configuredAtLaunch: true }],
    ephemeralStorage: { sizeInGiB: 60 },
  }),
  "a hardened container": onFargate(
    [
      app({
        user: "1000:1000",
        readonlyRootFilesystem: true,
        linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
        mountPoints: [{ sourceVolume: "tmp", containerPath: "/tmp" }],
      }),
    ],
    { volumes: [{ name: "tmp" }] },
  ),
  ARM: onFargate([app()], { runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" } }),
  Windows: onFargate([app({ entryPoint: ["powershell", "-Command"], command: ["Start-Service W3SVC"] })], {
    cpu: "1024",
    memory: "2048",
    runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "WINDOWS_SERVER_2022_CORE" },
  }),
  "init and worker of one image": onFargate([
    app({ dependsOn: [{ containerName: "migrate", condition: "SUCCESS" }] }),
    { name: "migrate", image: `${ECR}/app:1`, essential: false, command: ["bin/migrate"], workingDirectory: "/srv" },
    { name: "worker", image: `${ECR}/app:1`, entryPoint: ["bundle", "exec"], command: ["sidekiq", "-c", "5"] },
  ]),
  "a private registry elsewhere": onFargate([
    app({
      image: "registry.example.com/team/app:1",
      repositoryCredentials: { credentialsParameter: `${SECRET}registry` },
    }),
  ]),
  "restarts within the task": onFargate([
    app({
      restartPolicy: { enabled: true, ignoredExitCodes: [0, 143], restartAttemptPeriod: 120 },
      versionConsistency: "disabled",
    }),
  ]),
  "faults and a shared process space": onFargate([app(), { name: "debugger", image: "busybox:1", essential: false }], {
    enableFaultInjection: true,
    pidMode: "task",
  }),
  "kernel settings": onFargate([
    app({
      systemControls: [{ namespace: "net.core.somaxconn", value: "4096" }],
      ulimits: [{ name: "core", softLimit: 0, hardLimit: 0 }],
    }),
  ]),
  large: onFargate([app({ cpu: 4096, memory: 8192, memoryReservation: 4096 })], { cpu: "4 vCPU", memory: "30 GB" }),
  "bridge with dynamic ports": onInstances([
    app({ portMappings: [{ containerPort: 8080, hostPort: 0, protocol: "tcp" }] }),
  ]),
  "bridge with a range of ports": onInstances([
    app({ portMappings: [{ containerPortRange: "9000-9010", protocol: "udp" }] }),
  ]),
  "the host's network": onInstances(
    [
      app({
        privileged: true,
        mountPoints: [
          { sourceVolume: "docker", containerPath: "/var/run/docker.sock", readOnly: true },
          { sourceVolume: "proc", containerPath: "/host/proc", readOnly: true },
        ],
      }),
    ],
    {
      networkMode: "host",
      pidMode: "host",
      volumes: [
        { name: "docker", host: { sourcePath: "/var/run/docker.sock" } },
        { name: "proc", host: { sourcePath: "/proc" } },
      ],
    },
  ),
  "linked containers": onInstances([
    app({ links: ["cache:redis"], hostname: "web", extraHosts: [{ hostname: "db", ipAddress: "10.0.0.5" }] }),
    { name: "cache", image: "redis:7", memoryReservation: 64 },
  ]),
  "names and search domains": onInstances([
    app({ dnsServers: ["10.0.0.2"], dnsSearchDomains: ["internal"], disableNetworking: false }),
  ]),
  "a graphics processor": onInstances([app({ resourceRequirements: [{ type: "GPU", value: "1" }] })], {
    placementConstraints: [{ type: "memberOf", expression: "attribute:ecs.instance-type =~ g5.*" }],
  }),
  "devices and shared memory": onInstances(
    [
      app({
        linuxParameters: {
          sharedMemorySize: 512,
          maxSwap: 1024,
          swappiness: 60,
          devices: [{ hostPath: "/dev/fuse", containerPath: "/dev/fuse", permissions: ["read", "write"] }],
          tmpfs: [{ containerPath: "/run", size: 64, mountOptions: ["noexec"] }],
          capabilities: { add: ["SYS_ADMIN"] },
        },
      }),
    ],
    { ipcMode: "task" },
  ),
  "Docker volumes": onInstances([app({ mountPoints: [{ sourceVolume: "shared", containerPath: "/shared" }] })], {
    volumes: [
      {
        name: "shared",
        dockerVolumeConfiguration: {
          scope: "shared",
          autoprovision: true,
          driver: "local",
          driverOpts: { type: "nfs", device: ":/" },
          labels: { team: "books" },
        },
      },
    ],
  }),
  "volumes of another container": onInstances([
    app({ volumesFrom: [{ sourceContainer: "assets", readOnly: true }] }),
    { name: "assets", image: `${ECR}/assets:9`, essential: false },
  ]),
  "labels for a router": onInstances([
    app({ dockerLabels: { "traefik.enable": "true", "traefik.http.routers.app.rule": "Host(`app.example`)" } }),
  ]),
  "logs to Splunk, and a terminal": onInstances([
    app({
      interactive: true,
      pseudoTerminal: true,
      dockerSecurityOptions: ["no-new-privileges"],
      logConfiguration: {
        logDriver: "splunk",
        options: { "splunk-url": "https://splunk.example:8088" },
        secretOptions: [{ name: "splunk-token", valueFrom: `${SECRET}splunk` }],
      },
    }),
  ]),
  "Windows on instances": onInstances([app({ credentialSpecs: ["credentialspec:arn:aws:s3:::specs/app.json"] })], {
    networkMode: undefined,
    runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2019_FULL" },
    volumes: [
      {
        name: "share",
        fsxWindowsFileServerVolumeConfiguration: {
          fileSystemId: "fs-0123456789abcdef0",
          rootDirectory: "\\data",
          authorizationConfig: { credentialsParameter: `${SECRET}fsx`, domain: "example.com" },
        },
      },
    ],
  }),
};
