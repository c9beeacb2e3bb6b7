import {
  BatchGetDeploymentsCommand,
  type CodeDeployClient,
  ContinueDeploymentCommand,
  CreateDeploymentCommand,
  GetApplicationRevisionCommand,
  GetDeploymentGroupCommand,
  GetDeploymentTargetCommand,
  ListApplicationsCommand,
  ListDeploymentGroupsCommand,
  ListDeploymentsCommand,
  StopDeploymentCommand,
} from "@aws-sdk/client-codedeploy";
import { cutText } from "../domain/text/cut-text.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { chunks } from "./chunks.ts";
import {
  ACTIVE_STATUSES,
  type CodeDeployReading,
  type CodeDeployTarget,
  type GroupNames,
  type GroupReading,
  type RevisionReading,
  toDeployment,
  toGroup,
  toTarget,
} from "./code-deploy-readings.ts";
import { AwsFailure } from "./errors.ts";

/** A new deployment. */
interface NewCodeDeployment extends GroupNames {
  /** The AppSpec's text. */
  appSpec: string;
  /** For people who read it in AWS; cut to what AWS takes. */
  description: string;
  /** Instead of the group's own; left out where that is meant. */
  config?: string;
  /** When CodeDeploy rolls it back; instead of what the group says. */
  autoRollback: { events: readonly string[] };
}

type WaitType = "READY_WAIT" | "TERMINATION_WAIT";
interface Sent {
  requestId: string | null;
}

/** What CodeDeploy can be asked and told about deployments to ECS. Failures are AwsFailure. */
export interface CodeDeploy {
  getGroup(names: GroupNames, priority: Priority): Promise<GroupReading>;
  /** The group that deploys the service; null where none does. CodeDeploy lets a service be in one group only. */
  findGroupOf(cluster: string, service: string, priority: Priority): Promise<GroupReading | null>;
  /** Ids of the newest deployments and of those that are not over. */
  list(names: GroupNames, priority: Priority): Promise<string[]>;
  /** 25 a call; those that CodeDeploy no longer knows are left out. */
  describe(ids: readonly string[], priority: Priority): Promise<CodeDeployReading[]>;
  /** Null for a moment after a deployment was created, while it has no target. */
  describeTarget(id: string, targetId: string, priority: Priority): Promise<CodeDeployTarget | null>;
  /** The text of an AppSpec that CodeDeploy told without it; null where it does not tell it. */
  readRevision(application: string, revision: RevisionReading, priority: Priority): Promise<string | null>;
  /** Starts a deployment. CodeDeploy takes one of a group at a time, so a repeat is refused while the first goes on. */
  start(request: NewCodeDeployment, priority: Priority): Promise<Sent & { deployment: string }>;
  /** Ends a wait: traffic is rerouted, or the old task set is removed. CodeDeploy refuses a deployment that does not wait. */
  proceed(id: string, wait: WaitType, priority: Priority): Promise<Sent>;
  /** Stops it and has CodeDeploy reroute to what served before, by a deployment of CodeDeploy's own. */
  rollBack(id: string, priority: Priority): Promise<Sent>;
}

/** Assumption: AWS has a limit, and its number could not be found out. */
const MOST_DESCRIPTION = 256;
const DEPLOYMENTS_A_CALL = 25;
const NEWEST = 5;
/** Accounts with more applications than this name theirs in switchyard.yaml. */
const MOST_APPLICATIONS = 100;

/** CodeDeploy through the SDK's client. */
export function createCodeDeploy(client: CodeDeployClient, call: Caller): CodeDeploy {
  const read = <T>(operation: string, priority: Priority, send: (signal: AbortSignal) => Promise<T>) =>
    call({ service: "codedeploy", operation, family: "codedeploy-read", priority, effect: "read" }, send);
  const write = <T>(operation: string, priority: Priority, send: (signal: AbortSignal) => Promise<T>) =>
    call({ service: "codedeploy", operation, family: "codedeploy-modify", priority, effect: "write" }, send);

  async function getGroup({ application, group }: GroupNames, priority: Priority): Promise<GroupReading> {
    const input = { applicationName: application, deploymentGroupName: group };
    const output = await read("GetDeploymentGroup", priority, (abortSignal) =>
      client.send(new GetDeploymentGroupCommand(input), { abortSignal }),
    );
    return toGroup({ ...output.deploymentGroupInfo, ...input });
  }

  async function findGroup(names: GroupNames, priority: Priority): Promise<GroupReading | null> {
    try {
      return await getGroup(names, priority);
    } catch (error) {
      if (error instanceof AwsFailure && error.kind === "missing") return null;
      throw error;
    }
  }

  /** Asked first for the name that ECS's console gave to groups that it made. */
  async function* groupsFor(cluster: string, service: string, priority: Priority): AsyncGenerator<GroupReading> {
    const byConsole = { application: `AppECS-${cluster}-${service}`, group: `DgpECS-${cluster}-${service}` };
    const first = await findGroup(byConsole, priority);
    if (first) yield first;
    const { applications = [] } = await read("ListApplications", priority, (abortSignal) =>
      client.send(new ListApplicationsCommand({}), { abortSignal }),
    );
    for (const application of applications.slice(0, MOST_APPLICATIONS)) {
      const { deploymentGroups = [] } = await read("ListDeploymentGroups", priority, (abortSignal) =>
        client.send(new ListDeploymentGroupsCommand({ applicationName: application }), { abortSignal }),
      );
      for (const group of deploymentGroups) {
        const found = await findGroup({ application, group }, priority);
        if (found) yield found;
      }
    }
  }

  return {
    getGroup,
    async findGroupOf(cluster, service, priority) {
      for await (const found of groupsFor(cluster, service, priority))
        if (found.service?.cluster === cluster && found.service.name === service) return found;
      return null;
    },
    async list({ application, group }, priority) {
      const input = { applicationName: application, deploymentGroupName: group };
      const [active, all] = await Promise.all(
        [ACTIVE_STATUSES, undefined].map((includeOnlyStatuses) =>
          read("ListDeployments", priority, (abortSignal) =>
            client.send(new ListDeploymentsCommand({ ...input, includeOnlyStatuses }), { abortSignal }),
          ),
        ),
      );
      // Assumption: the list is newest first, as everybody's tools take it to be; what is not over is asked for by itself.
      return [...new Set([...(active?.deployments ?? []), ...(all?.deployments ?? []).slice(0, NEWEST)])];
    },
    async describe(ids, priority) {
      const outputs = await Promise.all(
        chunks(ids, DEPLOYMENTS_A_CALL).map((deploymentIds) =>
          read("BatchGetDeployments", priority, (abortSignal) =>
            client.send(new BatchGetDeploymentsCommand({ deploymentIds }), { abortSignal }),
          ),
        ),
      );
      return outputs.flatMap((output) => (output.deploymentsInfo ?? []).map(toDeployment));
    },
    async describeTarget(deploymentId, targetId, priority) {
      try {
        const output = await read("GetDeploymentTarget", priority, (abortSignal) =>
          client.send(new GetDeploymentTargetCommand({ deploymentId, targetId }), { abortSignal }),
        );
        return toTarget(output.deploymentTarget?.ecsTarget ?? {});
      } catch (error) {
        if (error instanceof AwsFailure && error.code === "DeploymentNotStartedException") return null;
        throw error;
      }
    },
    async readRevision(applicationName, { type, content, sha256 }, priority) {
      if (type !== "AppSpecContent") return null;
      if (content !== null || sha256 === null) return content;
      const revision = { revisionType: "AppSpecContent", appSpecContent: { sha256 } } as const;
      const output = await read("GetApplicationRevision", priority, (abortSignal) =>
        client.send(new GetApplicationRevisionCommand({ applicationName, revision }), { abortSignal }),
      );
      return output.revision?.appSpecContent?.content ?? null;
    },
    async start({ application, group, appSpec, description, config, autoRollback }, priority) {
      const input = {
        applicationName: application,
        deploymentGroupName: group,
        description: cutText(description, MOST_DESCRIPTION),
        revision: { revisionType: "AppSpecContent" as const, appSpecContent: { content: appSpec } },
        autoRollbackConfiguration: { enabled: true, events: [...autoRollback.events] as never[] },
        ...(config ? { deploymentConfigName: config } : {}),
      };
      const output = await write("CreateDeployment", priority, (abortSignal) =>
        client.send(new CreateDeploymentCommand(input), { abortSignal }),
      );
      return { requestId: output.$metadata.requestId ?? null, deployment: output.deploymentId ?? "" };
    },
    async proceed(deploymentId, deploymentWaitType, priority) {
      const output = await write("ContinueDeployment", priority, (abortSignal) =>
        client.send(new ContinueDeploymentCommand({ deploymentId, deploymentWaitType }), { abortSignal }),
      );
      return { requestId: output.$metadata.requestId ?? null };
    },
    async rollBack(deploymentId, priority) {
      const output = await write("StopDeployment", priority, (abortSignal) =>
        client.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true }), { abortSignal }),
      );
      return { requestId: output.$metadata.requestId ?? null };
    },
  };
}
