import { setTimeout as delay } from "node:timers/promises";
import { DeregisterTaskDefinitionCommand, DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { SlotColor } from "../lib/domain/observation/slot.ts";
import type { Chance } from "./chance.ts";
import type { Trouble } from "./evidence.ts";
import { COLORS } from "./history.ts";
import type { SandboxProcess } from "./world.ts";

const LOAD_BALANCER = "library-alb";
/** Of the listener that moves together with the one on port 80. */
export const SECOND_PORT = 8443;
const CLUSTER = "library-management-cluster";
const CLIENT = { region: "ap-northeast-2", credentials: { accessKeyId: "torture", secretAccessKey: "torture" } };

/** What somebody with the console does to the ways in, and to what could be started again. */
export interface Entrances {
  /** The listener that moves with the one on port 80; null where the run has none. */
  togetherArn: string | null;
  /** AWS's ids of the calls made here, which are not Switchyard's. */
  requestIds: Set<string>;
  /** Adds and removes a rule with a host condition, and deregisters what runs, until told to stop. */
  makeTrouble(troubles: Trouble[], signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Half of the runs get a second listener that moves with the first. */
export async function openEntrances(sandbox: SandboxProcess, chance: Chance): Promise<Entrances> {
  const elb = new ElasticLoadBalancingV2Client({ ...CLIENT, endpoint: sandbox.url });
  const ecs = new ECSClient({ ...CLIENT, endpoint: sandbox.url });
  const requestIds = new Set<string>();
  const told = <T extends { $metadata: { requestId?: string } }>(answer: T): T => {
    if (answer.$metadata.requestId) requestIds.add(answer.$metadata.requestId);
    return answer;
  };
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({ Names: [LOAD_BALANCER] }));
  const LoadBalancerArn = LoadBalancers[0]?.LoadBalancerArn;
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const ListenerArn = Listeners.find(({ Port }) => Port === 80)?.ListenerArn;
  const groupOf = async (color: SlotColor) => {
    const found = await elb.send(new DescribeTargetGroupsCommand({ Names: [`library-${color}-tg`] }));
    return found.TargetGroups?.[0]?.TargetGroupArn;
  };

  async function addSecond(): Promise<string | null> {
    const TargetGroups = [
      { TargetGroupArn: await groupOf("blue"), Weight: 100 },
      { TargetGroupArn: await groupOf("green"), Weight: 0 },
    ];
    const created = told(
      await elb.send(
        new CreateListenerCommand({
          ...{ LoadBalancerArn, Protocol: "HTTP", Port: SECOND_PORT },
          DefaultActions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
        }),
      ),
    );
    return created.Listeners?.[0]?.ListenerArn ?? null;
  }

  /** In force between the answer to its creation and the request that deletes it. */
  async function ruleForAWhile(troubles: Trouble[], signal: AbortSignal): Promise<void> {
    const side = chance.pick<SlotColor>(["blue", "green"]);
    const lastsMs = chance.whole(3_000, 7_000);
    const created = told(
      await elb.send(
        new CreateRuleCommand({
          ...{ ListenerArn, Priority: 5 },
          Conditions: [{ Field: "host-header", HostHeaderConfig: { Values: ["partner.example.com"] } }],
          Actions: [{ Type: "forward", TargetGroupArn: await groupOf(side) }],
        }),
      ),
    );
    const trouble = { at: Date.now(), kind: "rule" as const, side, until: Number.POSITIVE_INFINITY };
    troubles.push(trouble);
    await delay(lastsMs, undefined, { signal }).catch(() => undefined);
    trouble.until = Date.now();
    told(await elb.send(new DeleteRuleCommand({ RuleArn: created.Rules?.[0]?.RuleArn })));
  }

  async function deregister(troubles: Trouble[]): Promise<void> {
    const names = sandbox.kind === "paired" ? COLORS.map((color) => `library-${color}-service`) : ["library-service"];
    const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services: names }));
    const running = services.flatMap(({ taskDefinition, taskSets = [] }) =>
      taskSets.length > 0 ? taskSets.map((set) => set.taskDefinition) : [taskDefinition],
    );
    const taskDefinition = running[chance.whole(0, Math.max(0, running.length - 1))];
    if (!taskDefinition) return;
    told(await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition })));
    troubles.push({ at: Date.now(), kind: "deregister", taskDefinition });
  }

  const togetherArn = chance.isHit(0.5) ? await addSecond() : null;
  return {
    togetherArn,
    requestIds,
    async makeTrouble(troubles, signal) {
      // Most runs have neither: a rule to a side keeps it from being replaced, so little would be left to go wrong.
      const [hasRules, hasDeregistration] = [chance.isHit(0.4), chance.isHit(0.5)];
      if (hasDeregistration) {
        await delay(chance.whole(500, 5_000), undefined, { signal }).catch(() => undefined);
        if (!signal.aborted) await deregister(troubles).catch(() => undefined);
      }
      while (hasRules && !signal.aborted) {
        await delay(chance.whole(1_000, 4_000), undefined, { signal }).catch(() => undefined);
        // A fault of everything hits these calls as well.
        if (!signal.aborted) await ruleForAWhile(troubles, signal).catch(() => undefined);
      }
    },
    close() {
      elb.destroy();
      ecs.destroy();
    },
  };
}
