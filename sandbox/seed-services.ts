import type * as CodeDeploy from "@aws-sdk/client-codedeploy";
import type * as Ecs from "@aws-sdk/client-ecs";
import { createCaller } from "./seed-caller.ts";
import { SEED_SECURITY_GROUPS, SEED_SUBNETS } from "./seed-network.ts";
import type { Workload } from "./seed-task-definition.ts";
import type { SandboxBase, SimulatedService } from "./service.ts";

/** A service with one of ECS's own strategies. */
interface SeedNativeService {
  name: string;
  taskDefinition: string;
  groups: { blue: string; green: string };
  productionRule: string;
  testRule?: string;
  configuration: Ecs.DeploymentConfiguration;
}

/** A service of the CODE_DEPLOY controller, with the deployment group that is called after it. */
interface SeedCodeDeployService {
  name: string;
  taskDefinition: string;
  targetGroupArn: string;
  group: Omit<CodeDeploy.CreateDeploymentGroupInput, "applicationName" | "deploymentGroupName" | "serviceRoleArn">;
}

/** One side of an external service, at full scale. */
interface SeedTaskSet {
  slot: "blue" | "green";
  taskDefinition: string;
  targetGroupArn: string;
  isPrimary: boolean;
}

/** ECS services in each of the four ways of deploying, made as a client would. */
export interface SeedServices {
  /** Its tasks behind the target group, replaced by rolling updates. */
  rollingService(workload: Workload, name: string, taskDefinition: string, targetGroupArn: string): Promise<void>;
  /** Traffic moved by ECS itself between the two groups. */
  nativeService(workload: Workload, service: SeedNativeService): Promise<void>;
  /** Task sets and traffic moved by CodeDeploy. */
  codeDeployService(workload: Workload, service: SeedCodeDeployService): Promise<void>;
  /** Tasks wanted, to be run by task sets. */
  externalService(workload: Workload, name: string): Promise<void>;
  taskSet(workload: Workload, service: string, set: SeedTaskSet): Promise<void>;
}

const GRACE_SECONDS = 30;

/** Makes them by ECS and CodeDeploy. */
export function seedServices(
  { place }: SandboxBase,
  ports: { ecs: SimulatedService; codedeploy: SimulatedService },
): SeedServices {
  const call = createCaller();
  const network = { awsvpcConfiguration: { subnets: SEED_SUBNETS, securityGroups: [SEED_SECURITY_GROUPS.tasks] } };
  return {
    async rollingService(workload, name, taskDefinition, targetGroupArn) {
      const input: Ecs.CreateServiceRequest = {
        cluster: workload.cluster,
        serviceName: name,
        taskDefinition,
        desiredCount: workload.tasks,
        launchType: workload.onInstances ? "EC2" : "FARGATE",
        healthCheckGracePeriodSeconds: GRACE_SECONDS,
        deploymentConfiguration: {
          maximumPercent: 200,
          minimumHealthyPercent: 100,
          deploymentCircuitBreaker: { enable: true, rollback: false },
        },
        ...(workload.onInstances ? {} : { networkConfiguration: network }),
        loadBalancers: balancers(workload, targetGroupArn),
      };
      await call(ports.ecs, "CreateService", input);
    },

    async nativeService(workload, { name, taskDefinition, groups, productionRule, testRule, configuration }) {
      const advancedConfiguration = {
        alternateTargetGroupArn: groups.green,
        productionListenerRule: productionRule,
        testListenerRule: testRule,
        roleArn: `arn:aws:iam::${place.accountId}:role/ecs-infrastructure`,
      };
      const loadBalancers = balancers(workload, groups.blue).map((one) => ({ ...one, advancedConfiguration }));
      const { cluster } = workload;
      // A create runs the stages as well: pauses and bakes come with an update, which starts no deployment.
      const atOnce = { strategy: "BLUE_GREEN", bakeTimeInMinutes: 0 } as const;
      const input: Ecs.CreateServiceRequest = {
        cluster,
        serviceName: name,
        taskDefinition,
        desiredCount: workload.tasks,
        launchType: "FARGATE",
        healthCheckGracePeriodSeconds: GRACE_SECONDS,
        deploymentConfiguration: atOnce,
        networkConfiguration: network,
        loadBalancers,
      };
      await call(ports.ecs, "CreateService", input);
      await call(ports.ecs, "UpdateService", { cluster, service: name, deploymentConfiguration: configuration });
    },

    async codeDeployService(workload, { name, taskDefinition, targetGroupArn, group }) {
      const { cluster } = workload;
      const input: Ecs.CreateServiceRequest = {
        cluster,
        serviceName: name,
        taskDefinition,
        desiredCount: workload.tasks,
        launchType: "FARGATE",
        healthCheckGracePeriodSeconds: GRACE_SECONDS,
        deploymentController: { type: "CODE_DEPLOY" },
        networkConfiguration: network,
        loadBalancers: balancers(workload, targetGroupArn),
      };
      await call(ports.ecs, "CreateService", input);
      const applicationName = workload.name;
      await call(ports.codedeploy, "CreateApplication", { applicationName, computePlatform: "ECS" });
      await call(ports.codedeploy, "CreateDeploymentGroup", {
        ...group,
        applicationName,
        deploymentGroupName: `${workload.name}-group`,
        serviceRoleArn: `arn:aws:iam::${place.accountId}:role/codedeploy`,
        deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
        ecsServices: [{ clusterName: cluster, serviceName: name }],
      });
    },

    async externalService({ cluster, tasks }, name) {
      const input: Ecs.CreateServiceRequest = {
        cluster,
        serviceName: name,
        desiredCount: tasks,
        healthCheckGracePeriodSeconds: GRACE_SECONDS,
        deploymentController: { type: "EXTERNAL" },
      };
      await call(ports.ecs, "CreateService", input);
    },

    async taskSet(workload, service, { slot, taskDefinition, targetGroupArn, isPrimary }) {
      const here = { cluster: workload.cluster, service };
      const input: Ecs.CreateTaskSetRequest = {
        ...here,
        taskDefinition,
        externalId: `switchyard:${slot}`,
        launchType: "FARGATE",
        networkConfiguration: network,
        loadBalancers: balancers(workload, targetGroupArn),
        scale: { value: 100, unit: "PERCENT" },
      };
      const { taskSet } = await call<Ecs.CreateTaskSetResponse>(ports.ecs, "CreateTaskSet", input);
      if (isPrimary) await call(ports.ecs, "UpdateServicePrimaryTaskSet", { ...here, primaryTaskSet: taskSet?.id });
    },
  };
}

function balancers(workload: Workload, targetGroupArn: string): Ecs.LoadBalancer[] {
  return [{ targetGroupArn, containerName: workload.name, containerPort: workload.port }];
}
