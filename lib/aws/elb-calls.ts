import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";

type Send<T> = (signal: AbortSignal) => Promise<T>;

/** How the parts of ELBv2 reach it: one client, and one budget for all reads. */
export interface ElbCalls {
  client: ElasticLoadBalancingV2Client;
  read<T>(operation: string, priority: Priority, send: Send<T>): Promise<T>;
  write<T>(operation: string, priority: Priority, send: Send<T>): Promise<T>;
}

/** Calls within ELBv2's budgets. */
export function createElbCalls(client: ElasticLoadBalancingV2Client, call: Caller): ElbCalls {
  const service = "elasticloadbalancing";
  return {
    client,
    read: (operation, priority, send) =>
      call({ service, operation, family: "elb-read", priority, effect: "read" }, send),
    write: (operation, priority, send) =>
      call({ service, operation, family: "elb-modify", priority, effect: "write" }, send),
  };
}
