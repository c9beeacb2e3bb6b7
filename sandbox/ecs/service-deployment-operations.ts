import type {
  ContinueServiceDeploymentRequest,
  ContinueServiceDeploymentResponse,
  DescribeServiceDeploymentsRequest,
  DescribeServiceDeploymentsResponse,
  DescribeServiceRevisionsRequest,
  DescribeServiceRevisionsResponse,
  ListServiceDeploymentsRequest,
  ListServiceDeploymentsResponse,
  StopServiceDeploymentRequest,
  StopServiceDeploymentResponse,
} from "@aws-sdk/client-ecs";
import { AwsError, type Handler } from "../service.ts";
import { invalidParameter, parseEcsArn } from "./arns.ts";
import { rollBack } from "./deployments.ts";
import { findService, getCluster } from "./look-ups.ts";
import type { NativeDeployments } from "./native/native-deployments.ts";
import { takePage } from "./paging.ts";
import {
  describeServiceDeployment,
  describeServiceRevision,
  listedServiceDeployments,
  summarizeServiceDeployment,
} from "./service-view.ts";
import type { EcsWorld, Service, ServiceDeployment } from "./world.ts";

const findServiceOfArn = (world: EcsWorld, arn: string, type: string): Service | null => {
  const parsed = parseEcsArn(arn);
  if (parsed?.type !== type || parsed.path.length !== 3) throw invalidParameter(`Invalid identifier: ${arn}`);
  const [clusterName = "", serviceName = ""] = parsed.path;
  return world.clusters.get(clusterName)?.services.get(serviceName) ?? null;
};

const checkArns = (arns: readonly string[] | undefined, name: string): readonly string[] => {
  if (!arns?.length) throw invalidParameter(`${name} cannot be empty.`);
  if (arns.length > 20) throw invalidParameter(`${name} cannot have more than 20 elements.`);
  return arns;
};

/** Stopping one of these again changes nothing. */
const GOES_ON: ReadonlySet<string> = new Set(["STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"]);

/** Operations on service deployments and service revisions. */
export function serviceDeploymentOperations(world: EcsWorld, native: NativeDeployments): Record<string, Handler> {
  const findDeployment = (arn: string): { service: Service; deployment: ServiceDeployment } | null => {
    const service = findServiceOfArn(world, arn, "service-deployment");
    const deployment = service?.serviceDeployments.find((one) => one.arn === arn);
    return service && deployment ? { service, deployment } : null;
  };

  const stopRolling = (service: Service, deployment: ServiceDeployment) => {
    const now = world.base.clock.now();
    const reason = "Service deployment rolled back because of a user request to stop the service deployment.";
    deployment.target.isWatched = false;
    deployment.target.rolloutState = "FAILED";
    deployment.target.rolloutStateReason = `ECS deployment ${deployment.target.id} was stopped by the user.`;
    if (rollBack(world, service, reason, "ECS deployment rolling back to deploymentId {id}.")) return;
    Object.assign(deployment, {
      status: "STOPPED",
      statusReason: "Service deployment stopped because of a user request.",
      stoppedAt: now,
      updatedAt: now,
    });
    world.unsettled.add(service);
  };

  return {
    ListServiceDeployments(input: ListServiceDeploymentsRequest): ListServiceDeploymentsResponse {
      const service = findService(getCluster(world, input.cluster), input.service ?? "");
      if (!service) throw new AwsError("ServiceNotFoundException", "Service not found.");
      const { before, after } = input.createdAt ?? {};
      const matching = listedServiceDeployments(world, service).filter(
        (one) =>
          (!input.status?.length || input.status.includes(one.status)) &&
          (!before || one.createdAt < before.getTime()) &&
          (!after || one.createdAt > after.getTime()),
      );
      const { page, nextToken } = takePage(matching.reverse(), input, { pageSize: 20, isDescending: true });
      return { serviceDeployments: page.map((one) => summarizeServiceDeployment(service, one)), nextToken };
    },

    DescribeServiceDeployments(input: DescribeServiceDeploymentsRequest): DescribeServiceDeploymentsResponse {
      const serviceDeployments = [];
      const failures = [];
      for (const arn of checkArns(input.serviceDeploymentArns, "serviceDeploymentArns")) {
        const found = findDeployment(arn);
        if (found) serviceDeployments.push(describeServiceDeployment(found.service, found.deployment));
        else failures.push({ arn, reason: "MISSING" });
      }
      return { serviceDeployments, failures };
    },

    DescribeServiceRevisions(input: DescribeServiceRevisionsRequest): DescribeServiceRevisionsResponse {
      const serviceRevisions = [];
      const failures = [];
      for (const arn of checkArns(input.serviceRevisionArns, "serviceRevisionArns")) {
        const service = findServiceOfArn(world, arn, "service-revision");
        const revision = service?.revisions.find((one) => one.arn === arn);
        if (service && revision) serviceRevisions.push(describeServiceRevision(service, revision));
        else failures.push({ arn, reason: "MISSING" });
      }
      return { serviceRevisions, failures };
    },

    StopServiceDeployment(input: StopServiceDeploymentRequest): StopServiceDeploymentResponse {
      const arn = input.serviceDeploymentArn ?? "";
      const found = findDeployment(arn);
      if (!found) throw new AwsError("ServiceDeploymentNotFoundException", "The service deployment was not found.");
      if (input.stopType === "ABORT")
        throw new AwsError(
          "UnsupportedFeatureException",
          "ECS StopServiceDeployment API with ABORT stopType is not supported.",
        );
      const { service, deployment } = found;
      // Assumption: how AWS refuses to stop what has ended could not be found out.
      if (deployment.finishedAt !== undefined || deployment.stoppedAt !== undefined)
        throw new AwsError("ConflictException", "The service deployment is not in progress.");
      if (GOES_ON.has(deployment.status)) return { serviceDeploymentArn: arn };
      if (deployment.native) native.stop(deployment);
      else stopRolling(service, deployment);
      return { serviceDeploymentArn: arn };
    },

    ContinueServiceDeployment(input: ContinueServiceDeploymentRequest): ContinueServiceDeploymentResponse {
      const arn = input.serviceDeploymentArn ?? "";
      if (!/^ecs-[a-z_]+-[\w-]+$/.test(input.hookId ?? ""))
        throw invalidParameter("Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}");
      const found = findDeployment(arn);
      if (!found) throw new AwsError("ServiceDeploymentNotFoundException", "The service deployment does not exist.");
      const { deployment } = found;
      // Assumption: the code of this refusal; its text is AWS's.
      if (deployment.finishedAt !== undefined || deployment.stoppedAt !== undefined)
        throw invalidParameter(
          "Continuing a service deployment is not allowed for service deployment in terminal states.",
        );
      const hook = deployment.native?.hooks.find((one) => one.id === input.hookId);
      if (hook?.status !== "AWAITING_ACTION" || deployment.status !== "IN_PROGRESS")
        throw invalidParameter(
          "Provided hookId is either completed, unavailable, or not associated with the given Resource ARN",
        );
      native.answer(deployment, hook, input.action ?? "CONTINUE");
      return { serviceDeploymentArn: arn };
    },
  };
}
