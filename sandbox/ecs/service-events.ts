import type { ServiceEvent } from "@aws-sdk/client-ecs";
import { randomUuid } from "./arns.ts";

const KEPT_EVENTS = 100;
const SUPPRESSION_MS = 6 * 3_600_000;

/** The last 100 events of a service, newest first, in AWS's words. */
export interface ServiceEventLog {
  list(): ServiceEvent[];
  add(message: string): void;
  /** Says a standing problem once; again only after `resolve` or six hours. */
  addOnce(message: string): void;
  resolve(message: string): void;
}

/** An empty log; `now` is sandbox time. */
export function createEventLog(now: () => number, random: () => number): ServiceEventLog {
  const events: ServiceEvent[] = [];
  const saidAt = new Map<string, number>();
  const add = (message: string) => {
    events.unshift({ id: randomUuid(random), createdAt: new Date(now()), message });
    if (events.length > KEPT_EVENTS) events.length = KEPT_EVENTS;
  };
  return {
    list: () => events.slice(),
    add,
    addOnce(message) {
      const said = saidAt.get(message);
      if (said !== undefined && now() - said < SUPPRESSION_MS) return;
      saidAt.set(message, now());
      add(message);
    },
    resolve: (message) => void saidAt.delete(message),
  };
}

const taskList = (ids: readonly string[]) => ids.map((id) => `(task ${id})`).join(" ");

/** AWS's event texts, captured from real services. */
export const eventText = {
  started: (service: string, ids: readonly string[]) =>
    `(service ${service}) has started ${ids.length} tasks: ${taskList(ids)}.`,
  stoppedRunning: (service: string, ids: readonly string[]) =>
    `(service ${service}) has stopped ${ids.length} running tasks: ${taskList(ids)}.`,
  stoppedPending: (service: string, count: number) => `(service ${service}) stopped ${count} pending tasks.`,
  registered: (service: string, count: number, targetGroupArn: string) =>
    `(service ${service}) registered ${count} targets in (target-group ${targetGroupArn})`,
  deregistered: (service: string, count: number, targetGroupArn: string) =>
    `(service ${service}) deregistered ${count} targets in (target-group ${targetGroupArn})`,
  draining: (service: string, deploymentId: string, count: number) =>
    `(service ${service}, taskSet ${deploymentId}) has begun draining connections on ${count} tasks.`,
  unhealthyTarget: (service: string, id: string, port: number, targetGroupArn: string, reason: string) =>
    `(service ${service}) (task ${id}) (port ${port}) is unhealthy in (target-group ${targetGroupArn}) due to (reason ${reason})`,
  unhealthyContainer: (service: string, id: string) =>
    `(service ${service}) (task ${id}) failed container health checks.`,
  completed: (service: string, deploymentId: string) =>
    `(service ${service}) (deployment ${deploymentId}) deployment completed.`,
  failedToLaunch: (service: string, problem: string) =>
    `(service ${service}) failed to launch a task with (error ${problem}).`,
  failed: (service: string, deploymentId: string) =>
    `(service ${service}) (deployment ${deploymentId}) deployment failed: tasks failed to start.`,
  failedBecause: (service: string, deploymentId: string, reason: string) =>
    `(service ${service}) (deployment ${deploymentId}) deployment failed: ${reason.replace(/\.$/, "")}.`,
  rollingBack: (service: string, deploymentId: string) =>
    `(service ${service}) rolling back to deployment ${deploymentId}.`,
  steady: (service: string) => `(service ${service}) has reached a steady state.`,
  startImpaired: (service: string) =>
    `(service ${service}) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`,
} as const;
