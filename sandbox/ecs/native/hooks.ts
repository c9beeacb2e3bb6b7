import type { DeploymentLifecycleHook, DeploymentLifecycleHookStage } from "@aws-sdk/client-ecs";
import type { LambdaHooks, LambdaInvocation } from "../../lambda-hooks.ts";
import { DeploymentFailed, type Script } from "../../script.ts";
import { randomText, randomUuid } from "../arns.ts";
import { BASE64_URL } from "../deployments.ts";
import type { EcsWorld, Service, ServiceDeployment } from "../world.ts";
import type { HookRun, TrafficShares } from "./progress.ts";

const MINUTE_MS = 60_000;
const DEFAULT_TIMEOUT_MINUTES = 1440;
/** Stages whose Lambda payload tells how much traffic each revision has. */
const SHIFTS: ReadonlySet<string> = new Set([
  "TEST_TRAFFIC_SHIFT",
  "PRE_PRODUCTION_TRAFFIC_SHIFT",
  "PRODUCTION_TRAFFIC_SHIFT",
]);

/** What runs the hooks of one service deployment. */
export interface HookRunner {
  /**
   * Starts all hooks of the stage at once and ends when each of them lets the deployment go on.
   * @throws DeploymentFailed at the first one that does not.
   */
  run(stage: DeploymentLifecycleHookStage): Script;
  /** Whether the stage waits for a person, and may therefore take longer than a day. */
  hasPause(stage: DeploymentLifecycleHookStage): boolean;
}

/** A runner; `poke` is called whenever a hook was decided. */
export function createHookRunner(
  world: EcsWorld,
  lambda: LambdaHooks,
  { service, open }: { service: Service; open: ServiceDeployment },
  poke: () => void,
): HookRunner {
  const { clock, random } = world.base;
  const hooksOf = (stage: DeploymentLifecycleHookStage) =>
    (open.configuration.lifecycleHooks ?? []).filter((hook) => hook.lifecycleStages?.includes(stage));
  const isOver = () => open.finishedAt !== undefined || open.stoppedAt !== undefined;

  const decide = (run: HookRun, status: HookRun["status"], failure?: string) => {
    if (run.status !== "AWAITING_ACTION" && run.status !== "IN_PROGRESS") return;
    run.status = status;
    run.failure = failure;
    open.updatedAt = clock.now();
    tellHook(world, service, open, run);
    poke();
  };

  const invoke = (run: HookRun, hook: DeploymentLifecycleHook) => {
    if (isOver() || run.status !== "IN_PROGRESS") return;
    const { outcome, ms, callBackDelaySeconds } = lambda.invoke(invocation(world, service, open, run, hook));
    world.agenda.after(ms, () => {
      if (outcome === "SUCCEEDED") decide(run, "SUCCEEDED");
      else if (outcome === "IN_PROGRESS") world.agenda.after(callBackDelaySeconds * 1000, () => invoke(run, hook));
      else decide(run, "FAILED", failureText(run, outcome, hook));
    });
  };

  const start = (hook: DeploymentLifecycleHook, stage: DeploymentLifecycleHookStage): HookRun => {
    const type = hook.targetType ?? "AWS_LAMBDA";
    const { timeoutInMinutes = DEFAULT_TIMEOUT_MINUTES, action = "ROLLBACK" } = hook.timeoutConfiguration ?? {};
    const run: HookRun = {
      // Assumption: AWS gives the format ecs-{hookType}-{id} and shows ids of PAUSE hooks only.
      id: `ecs-${type === "PAUSE" ? "pause" : "lambda"}-${randomText(random, 43, BASE64_URL)}`,
      type,
      targetArn: type === "PAUSE" ? undefined : hook.hookTargetArn,
      stage,
      status: type === "PAUSE" ? "AWAITING_ACTION" : "IN_PROGRESS",
      expiresAt: clock.now() + timeoutInMinutes * MINUTE_MS,
      timeoutAction: action,
    };
    open.native?.hooks.push(run);
    open.updatedAt = clock.now();
    tellHook(world, service, open, run);
    world.agenda.after(timeoutInMinutes * MINUTE_MS, () => {
      if (isOver()) return;
      // Assumption: the text of a Lambda hook is that of a pause hook but for the name.
      const kind = type === "PAUSE" ? "pause hook" : "lifecycle hook(s)";
      const failure = `Service deployment rolled back because ${stage} ${kind} timed out.`;
      decide(run, "TIMED_OUT", action === "ROLLBACK" ? failure : undefined);
    });
    if (type !== "PAUSE") invoke(run, hook);
    return run;
  };

  return {
    hasPause: (stage) => hooksOf(stage).some((hook) => hook.targetType === "PAUSE"),
    *run(stage) {
      const runs = hooksOf(stage).map((hook) => start(hook, stage));
      if (runs.length === 0) return;
      const failed = () => runs.find((run) => run.failure !== undefined);
      yield () =>
        failed() !== undefined || runs.every(({ status }) => status !== "AWAITING_ACTION" && status !== "IN_PROGRESS");
      const failure = failed()?.failure;
      if (failure !== undefined) throw new DeploymentFailed(failure);
    },
  };
}

/** Tells EventBridge of a hook; the event is filtered by clusterArn. */
export function tellHook(world: EcsWorld, service: Service, open: ServiceDeployment, run: HookRun): void {
  world.ports.tell?.({
    type: "ECS Hook State Change",
    resources: [open.arn],
    detail: {
      eventType: run.status === "FAILED" || run.status === "TIMED_OUT" ? "ERROR" : "INFO",
      eventName: `HOOK_${run.status}`,
      ...{ hookId: run.id, hookType: run.type, expiresAt: new Date(run.expiresAt).toISOString() },
      ...{ lifecycleStage: run.stage, clusterArn: service.cluster.arn, serviceArn: service.arn },
      ...{ serviceDeploymentArn: open.arn, updatedAt: new Date(world.base.clock.now()).toISOString() },
    },
  });
}

function failureText(run: HookRun, outcome: string, hook: DeploymentLifecycleHook): string {
  const target = run.targetArn;
  const texts: Record<string, string> = {
    FAILED: `Lifecycle hook target ${target} returned FAILED status.`,
    ERROR: `ECS was unable to parse the response from ${target} due to HookStatus must not be null`,
    // Assumption: how these two go on behind the part that people have posted.
    ROLE_REFUSED: `ECS was unable to assume role ${hook.roleArn}`,
    NOT_INVOKED: `ECS was unable to invoke hook target ${target}`,
  };
  return `Service deployment rolled back because ${run.stage} lifecycle hook(s) failed. ${texts[outcome]}`;
}

function invocation(
  world: EcsWorld,
  service: Service,
  open: ServiceDeployment,
  run: HookRun,
  hook: DeploymentLifecycleHook,
): LambdaInvocation {
  const byRevision = (shares: TrafficShares | undefined) =>
    Object.fromEntries(
      [open.target.revision, ...open.sources].map((revision) => {
        const number = revision.arn.slice(revision.arn.lastIndexOf("/") + 1);
        return [revision.arn, shares?.get(`ecs-svc/${number}`) ?? 0];
      }),
    );
  const isShift = SHIFTS.has(run.stage);
  return {
    at: world.base.clock.now(),
    targetArn: run.targetArn ?? "",
    payload: {
      executionId: randomUuid(world.base.random),
      lifecycleStage: run.stage,
      resourceArn: open.arn,
      executionDetails: {
        serviceArn: service.arn,
        targetServiceRevisionArn: open.target.revision.arn,
        testTrafficWeights: isShift ? byRevision(open.native?.requested.test) : {},
        productionTrafficWeights: isShift ? byRevision(open.native?.requested.production) : {},
      },
      hookDetails: hook.hookDetails,
    },
  };
}
