import { setTimeout as delay } from "node:timers/promises";
import {
  ContinueDeploymentCommand,
  CreateDeploymentCommand,
  GetDeploymentCommand,
  ListDeploymentsCommand,
  StopDeploymentCommand,
} from "@aws-sdk/client-codedeploy";
import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  ListServiceDeploymentsCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  type ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyRuleCommand,
  type TargetGroupTuple,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CLUSTER, type Clients, type DrivenName, GROUP } from "../bench/driven-world.ts";
import type { Chance } from "./chance.ts";
import type { AwsEnd, HandAct } from "./driven-evidence.ts";

const OVER = /^(SUCCESSFUL|STOPPED|ROLLBACK_SUCCESSFUL|ROLLBACK_FAILED|Succeeded|Failed|Stopped)$/;

/** What somebody with the console does to what AWS drives, until told to stop; a rule that was rewritten is put back. */
export async function actByHand(clients: Clients, chance: Chance, acts: HandAct[], signal: AbortSignal): Promise<void> {
  const hands = { orders: ordersHands(clients, chance), members: membersHands(clients, chance) };
  while (!signal.aborted) {
    await delay(chance.whole(3_000, 15_000), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const application = chance.pick<DrivenName>(["orders", "members"]);
    const kind = chance.weighted(HANDS);
    const at = Date.now();
    // A fault of everything hits these calls as well, and often there is nothing to be done.
    const what = await hands[application][kind](signal).catch(() => null);
    if (what !== null) acts.push({ at, until: Date.now(), application, what });
  }
}

const HANDS = { continue: 3, back: 2, start: 2, rewrite: 2 } as const;
type Hand = Record<keyof typeof HANDS, (signal: AbortSignal) => Promise<string | null>>;

function ordersHands({ ecs, elb }: Clients, chance: Chance): Hand {
  const service = "orders-service";
  const newest = async () => {
    const { serviceDeployments = [] } = await ecs.send(
      new ListServiceDeploymentsCommand({ cluster: CLUSTER, service }),
    );
    const serviceDeploymentArns = [serviceDeployments[0]?.serviceDeploymentArn ?? ""];
    const answer = await ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }));
    return answer.serviceDeployments?.[0];
  };
  const answer = async (action: "CONTINUE" | "ROLLBACK") => {
    const found = await newest();
    const hook = found?.lifecycleHookDetails?.find(({ status }) => status === "AWAITING_ACTION");
    if (!hook) return null;
    const { serviceDeploymentArn } = found ?? {};
    await ecs.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId: hook.hookId, action }));
    return `${action} ${hook.hookId}`;
  };
  return {
    continue: () => answer("CONTINUE"),
    async back() {
      if (chance.isHit(0.5)) return answer("ROLLBACK");
      const found = await newest();
      if (!found || OVER.test(found.status ?? "")) return null;
      const { serviceDeploymentArn } = found;
      await ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" }));
      return `stop ${serviceDeploymentArn}`;
    },
    async start() {
      await ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service, forceNewDeployment: true }));
      return "UpdateService";
    },
    async rewrite(signal) {
      const ListenerArn = await listenerOf(elb, "orders-alb");
      const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn }));
      const rule = Rules.find(({ IsDefault }) => !IsDefault);
      const write = (TargetGroups: TargetGroupTuple[]) =>
        elb.send(
          new ModifyRuleCommand({
            RuleArn: rule?.RuleArn,
            Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
          }),
        );
      const read = async () => {
        const answer = await elb.send(new DescribeRulesCommand({ RuleArns: [rule?.RuleArn ?? ""] }));
        return answer.Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
      };
      return rewriteForAWhile({ read, write }, chance, signal);
    },
  };
}

function membersHands({ codedeploy, elb }: Clients, chance: Chance): Hand {
  const newest = async () => {
    const { deployments = [] } = await codedeploy.send(new ListDeploymentsCommand(GROUP));
    const answer = await codedeploy.send(new GetDeploymentCommand({ deploymentId: deployments[0] }));
    return answer.deploymentInfo;
  };
  return {
    async continue() {
      const found = await newest();
      const deploymentWaitType = found?.status === "Ready" ? "READY_WAIT" : "TERMINATION_WAIT";
      await codedeploy.send(new ContinueDeploymentCommand({ deploymentId: found?.deploymentId, deploymentWaitType }));
      return `CONTINUE ${found?.deploymentId}:${deploymentWaitType}`;
    },
    async back() {
      const deploymentId = (await newest())?.deploymentId;
      await codedeploy.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true }));
      return `stop ${deploymentId}`;
    },
    async start() {
      const revision = (await newest())?.revision;
      if (!revision) return null;
      await codedeploy.send(new CreateDeploymentCommand({ ...GROUP, revision, description: "by hand" }));
      return "CreateDeployment";
    },
    async rewrite(signal) {
      const ListenerArn = await listenerOf(elb, "members-alb");
      const write = (TargetGroups: TargetGroupTuple[]) => {
        const DefaultActions = [{ Type: "forward" as const, ForwardConfig: { TargetGroups } }];
        return elb.send(new ModifyListenerCommand({ ListenerArn, DefaultActions }));
      };
      const read = async () => {
        const answer = await elb.send(new DescribeListenersCommand({ ListenerArns: [ListenerArn ?? ""] }));
        return answer.Listeners?.[0]?.DefaultActions?.[0]?.ForwardConfig?.TargetGroups ?? [];
      };
      return rewriteForAWhile({ read, write }, chance, signal);
    },
  };
}

interface Forward {
  read(): Promise<TargetGroupTuple[]>;
  write(groups: TargetGroupTuple[]): Promise<unknown>;
}

/** Both sides or the other one, for some seconds; what AWS wrote over it is left alone. */
async function rewriteForAWhile({ read, write }: Forward, chance: Chance, signal: AbortSignal): Promise<string | null> {
  const before = await read();
  if (before.length !== 2) return null;
  const [one, other] = before;
  const weights = chance.isHit(0.5) ? [50, 50] : [other?.Weight ?? 0, one?.Weight ?? 0];
  const wrong = before.map(({ TargetGroupArn }, i) => ({ TargetGroupArn, Weight: weights[i] }));
  await write(wrong);
  await delay(chance.whole(2_000, 8_000), undefined, { signal }).catch(() => undefined);
  const isOurs = async () => (await read()).every(({ Weight }, i) => Weight === wrong[i]?.Weight);
  for (let tries = 0; tries < 20; tries += 1)
    try {
      if (await isOurs()) await write(before);
      return `rewrite ${weights.join("/")}`;
    } catch {
      await delay(500);
    }
  return `rewrite ${weights.join("/")}, not put back`;
}

async function listenerOf(elb: ElasticLoadBalancingV2Client, name: string): Promise<string | undefined> {
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({ Names: [name] }));
  const LoadBalancerArn = LoadBalancers[0]?.LoadBalancerArn;
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  return Listeners.find(({ Port }) => Port === 80)?.ListenerArn;
}

/** Every deployment of AWS's with what came of it and of its gates, by AWS's own word. */
export async function readEnds({ ecs, codedeploy }: Clients): Promise<AwsEnd[]> {
  const service = "orders-service";
  const listed = await ecs.send(new ListServiceDeploymentsCommand({ cluster: CLUSTER, service, maxResults: 100 }));
  const ends: AwsEnd[] = [];
  const arns = (listed.serviceDeployments ?? []).flatMap((one) => one.serviceDeploymentArn ?? []);
  for (let i = 0; i < arns.length; i += 20) {
    const serviceDeploymentArns = arns.slice(i, i + 20);
    const { serviceDeployments = [] } = await ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }),
    );
    for (const one of serviceDeployments)
      ends.push({
        application: "orders",
        id: one.serviceDeploymentArn ?? "",
        status: one.status ?? "",
        isOver: OVER.test(one.status ?? ""),
        finishedAt: (one.finishedAt ?? one.stoppedAt)?.getTime() ?? null,
        undoes: null,
        gates: (one.lifecycleHookDetails ?? []).map(({ hookId = "", status = "", expiresAt }) => ({
          id: hookId,
          status,
          expiresAt: expiresAt?.getTime() ?? null,
        })),
      });
  }
  const { deployments = [] } = await codedeploy.send(new ListDeploymentsCommand(GROUP));
  for (const deploymentId of deployments) {
    const { deploymentInfo } = await codedeploy.send(new GetDeploymentCommand({ deploymentId }));
    ends.push({
      application: "members",
      id: deploymentId,
      status: deploymentInfo?.status ?? "",
      isOver: OVER.test(deploymentInfo?.status ?? ""),
      finishedAt: deploymentInfo?.completeTime?.getTime() ?? null,
      undoes: deploymentInfo?.rollbackInfo?.rollbackTriggeringDeploymentId ?? null,
      gates: [],
    });
  }
  return ends;
}

/** Whether ECS is done with the deployment that made the service. */
export async function isBegun({ ecs }: Clients): Promise<boolean> {
  const input = { cluster: CLUSTER, services: ["orders-service"] };
  const { services = [] } = await ecs.send(new DescribeServicesCommand(input));
  return services[0]?.deployments?.every(({ rolloutState }) => rolloutState === "COMPLETED") ?? false;
}
