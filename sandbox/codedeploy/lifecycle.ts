import type { Script } from "../script.ts";
import type { CodedeployState, DeploymentRecord, EventRecord } from "./codedeploy-state.ts";
import { CodedeployFailure } from "./failure.ts";

/** The events of a deployment in their order; those of test traffic only where there is a test listener. */
export function lifecycleEvents(hasTestListener: boolean): EventRecord[] {
  const names = [
    "BeforeInstall",
    "Install",
    "AfterInstall",
    ...(hasTestListener ? ["AllowTestTraffic", "AfterAllowTestTraffic"] : []),
    "BeforeAllowTraffic",
    "AllowTraffic",
    "AfterAllowTraffic",
  ];
  return names.map((lifecycleEventName) => ({ lifecycleEventName, status: "Pending" }));
}

/** One event with what happens in it, then the function that the AppSpec has for it. */
export function* runEvent(
  state: CodedeployState,
  deployment: DeploymentRecord,
  name: string,
  body?: () => Script,
): Script {
  const event = deployment.events.find((one) => one.lifecycleEventName === name);
  if (!event) return;
  const now = () => new Date(state.base.clock.now());
  Object.assign(event, { status: "InProgress", startTime: now() });
  deployment.updatedAt = state.base.clock.now();
  try {
    yield state.timings.eventMs;
    if (body) yield* body();
    const target = deployment.spec.hooks.get(name);
    if (target !== undefined) yield* runHook(state, deployment, name, target);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const diagnostics = { errorCode: "UnknownError" as const, scriptName: "", message, logTail: "" };
    Object.assign(event, { status: "Failed", endTime: now(), diagnostics });
    throw error;
  }
  Object.assign(event, { status: "Succeeded", endTime: now() });
  deployment.updatedAt = state.base.clock.now();
}

/** What was not begun when a deployment ends early. */
export function skipPending(deployment: DeploymentRecord): void {
  for (const event of deployment.events)
    if (event.status === "Pending" || event.status === "InProgress") event.status = "Skipped";
}

/** The function answers by a call of its own, within an hour; a scripted one does so by itself, IN_PROGRESS leaves it to a client. */
function* runHook(state: CodedeployState, deployment: DeploymentRecord, name: string, target: string): Script {
  const executionId = state.newUuid();
  const at = state.base.clock.now();
  const payload = { DeploymentId: deployment.id, LifecycleEventHookExecutionId: executionId };
  const { outcome, ms } = state.ports.lambda.invoke({ at, targetArn: target, payload });
  yield ms;
  if (outcome === "IN_PROGRESS") {
    const isLate = () => state.base.clock.now() - at >= state.timings.hookTimeoutMs;
    yield () => deployment.hookAnswers.has(executionId) || isLate();
  }
  const answer = deployment.hookAnswers.get(executionId) ?? (outcome === "SUCCEEDED" ? "Succeeded" : "Failed");
  if (answer === "Succeeded") return;
  // Assumption: AWS's words; the code is its own.
  throw new CodedeployFailure(
    "HOOK_EXECUTION_FAILURE",
    `The overall deployment failed because one or more of the lifecycle event validation functions failed: ${name} (${target})`,
  );
}
