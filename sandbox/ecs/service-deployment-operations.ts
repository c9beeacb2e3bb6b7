import type {
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
import { takePage } from "./paging.ts";
import { describeServiceDeployment, describeServiceRevision, summarizeServiceDeployment } from "./service-view.ts";
import { type EcsWorld, findService, getCluster, type Service, type ServiceDeployment } from "./world.ts";

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

/** Operations on service deployments and service revisions. */
export function serviceDeploymentOperations(world: EcsWorld): Record<string, Handler> {
  const findDeployment = (arn: string): { service: Service; deployment: ServiceDeployment } | null => {
    const service = findServiceOfArn(world, arn, "service-deployment");
    const deployment = service?.serviceDeployments.find((one) => one.arn === arn);
    return service && deployment ? { service, deployment } : null;
  };

  return {
    ListServiceDeployments(input: ListServiceDeploymentsRequest): ListServiceDeploymentsResponse {
      const service = findService(getCluster(world, input.cluster), input.service ?? "");
      if (!service) throw new AwsError("ServiceNotFoundException", "Service not found.");
      const { before, after } = input.createdAt ?? {};
      const matching = service.serviceDeployments.filter(
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
      const { service, deployment } = found;
      if (deployment.status === "ROLLBACK_IN_PROGRESS") return { serviceDeploymentArn: arn };
      if (deployment.finishedAt !== undefined || deployment.stoppedAt !== undefined)
        throw new AwsError("ConflictException", "The service deployment is not in progress.");
      const now = world.base.clock.now();
      const reason = "Service deployment rolled back because of a user request to stop the service deployment.";
      const rolloutReason = "ECS deployment rolling back to deploymentId {id}.";
      deployment.target.isWatched = false;
      deployment.target.rolloutState = "FAILED";
      deployment.target.rolloutStateReason = `ECS deployment ${deployment.target.id} was stopped by the user.`;
      if (input.stopType !== "ABORT" && rollBack(world, service, reason, rolloutReason))
        return { serviceDeploymentArn: arn };
      Object.assign(deployment, {
        status: "STOPPED",
        statusReason: "Service deployment stopped because of a user request.",
        stoppedAt: now,
        updatedAt: now,
      });
      world.unsettled.add(service);
      return { serviceDeploymentArn: arn };
    },
  };
}
