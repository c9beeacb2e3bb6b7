import { type EndedContainer, failedContainerWords, findFailedContainer } from "./failed-container.ts";
import type { TargetHealthState } from "./slot.ts";

const TARGET_REASONS: Readonly<Record<string, string>> = {
  "Elb.RegistrationInProgress": "The load balancer is still registering it",
  "Elb.InitialHealthChecking": "Waiting for its first health checks",
  "Elb.InternalError": "The load balancer itself has a fault",
  "Target.ResponseCodeMismatch": "Its health check answers with an unexpected status code",
  "Target.Timeout": "Its health check does not answer in time",
  "Target.FailedHealthChecks": "Its health check fails: no connection, or no valid answer",
  "Target.NotRegistered": "Not registered in this target group",
  "Target.NotInUse": "No listener or rule forwards to this target group, so it is never checked",
  "Target.InvalidState": "The task or instance is stopped or going away",
  "Target.IpUnusable": "Its address cannot be used: a load balancer has it",
  "Target.DeregistrationInProgress": "Draining: it finishes its open requests and gets no new ones",
  "Target.HealthCheckDisabled": "Health checks are switched off for this target group",
};

const TARGET_STATES: Readonly<Record<TargetHealthState, string>> = {
  initial: "Starting",
  healthy: "Healthy",
  unhealthy: "Unhealthy",
  "unhealthy.draining": "Unhealthy, draining",
  unused: "Not in use",
  draining: "Draining",
  unavailable: "Health unknown",
};

const STOP_CODES: Readonly<Record<string, string>> = {
  TaskFailedToStart: "The task could not start",
  EssentialContainerExited: "An essential container exited",
  UserInitiated: "Stopped by a person or a tool",
  ServiceSchedulerInitiated: "Stopped by its ECS service",
  SpotInterruption: "AWS took its Spot capacity back",
  TerminationNotice: "Its host was about to be shut down",
  InfrastructureHealth: "Its host failed",
};

const TASK_STATES: Readonly<Record<string, string>> = {
  PROVISIONING: "Getting its network",
  PENDING: "Waiting for its host to start it",
  ACTIVATING: "Registering with the load balancer",
  RUNNING: "Running",
  DEACTIVATING: "Leaving the load balancer",
  STOPPING: "Stopping",
  DEPROVISIONING: "Giving its network back",
  STOPPED: "Stopped",
  DELETED: "Gone",
};

/** AWS's reasons are free text; these beginnings are the documented ones, longest match first. */
const STOPPED_REASONS: readonly (readonly [RegExp, string])[] = [
  [/^Essential container in task exited/, "An essential container exited"],
  [/^Task failed ELB health checks/, "It failed the load balancer's health checks"],
  [/^Task failed container health checks/, "It failed its container health check"],
  [/^Scaling activity initiated by/, "Its service scaled in or replaced it"],
  [/^Host EC2 .*(stopped|terminated)/, "Its EC2 host was stopped or terminated"],
  [/^Container instance deregistration forced by user/, "Its host was taken out of the cluster by a person"],
  [/CannotPull(Image)?ManifestError/, "Its image's manifest could not be pulled"],
  [/CannotPull\w*Error/, "Its image could not be pulled: does the tag or digest exist, and may the task pull it?"],
  [/ResourceInitializationError/, "Its secrets, logs or storage could not be set up"],
  [/OutOfMemory/, "It ran out of memory"],
  [/CannotStartContainerError/, "Its container could not be started"],
  [/CannotCreateContainerError/, "Its container could not be created"],
  [/ContainerRuntimeTimeoutError/, "Its container did not start or stop in time"],
  [/^Your Spot Task was interrupted/, "AWS took its Spot capacity back"],
  [/^Capacity is unavailable at this time/, "AWS has no capacity for it at this time"],
  [/^RESOURCE:(CPU|MEMORY|PORTS?|ENI|GPU)/, "No instance of the cluster has room for it"],
  [/^Timeout waiting for network interface/, "Its network interface was not ready in time"],
  [/^Task stopped by user|^Task was stopped by a user/, "Stopped by a person"],
];

/** What ELB's reason code means for an operator; an unknown code passes through, a missing one falls back to the state's words. */
export function explainTarget(state: TargetHealthState, reason?: string): string {
  if (!reason) return TARGET_STATES[state];
  return lookUp(TARGET_REASONS, reason);
}

/** The state of a target in words. */
export function targetStateWords(state: TargetHealthState): string {
  return TARGET_STATES[state];
}

/** The state of a task in words; an unknown one passes through. */
export function taskStateWords(lastStatus: string): string {
  return lookUp(TASK_STATES, lastStatus);
}

/** ECS's stop code in words; an unknown one passes through. */
export function explainStopCode(stopCode: string): string {
  return lookUp(STOP_CODES, stopCode);
}

/** ECS's stop reason in words; an unknown one passes through. */
export function explainStoppedReason(stoppedReason: string): string {
  return STOPPED_REASONS.find(([pattern]) => pattern.test(stoppedReason))?.[1] ?? stoppedReason;
}

/** What a container's exit code says; codes above 128 are signals. */
export function explainExitCode(exitCode: number): string {
  if (exitCode === 0) return "ended by itself without an error (0)";
  if (exitCode === 125) return "the container could not be run (125)";
  if (exitCode === 126) return "its command cannot be executed (126)";
  if (exitCode === 127) return "its command was not found (127)";
  if (exitCode === 137) return "killed (137, SIGKILL): out of memory, or it did not stop in time";
  if (exitCode === 139) return "crashed (139, SIGSEGV)";
  if (exitCode === 143) return "stopped on request (143, SIGTERM)";
  if (exitCode > 128 && exitCode < 160) return `ended by signal ${exitCode - 128} (${exitCode})`;
  return `exited with code ${exitCode}`;
}

/** Why a task stopped, in one sentence: what ECS says of it, the container that failed, and the other exit codes that are not 0. */
export function explainStoppedTask(task: {
  stopCode?: string;
  stoppedReason?: string;
  containers: readonly EndedContainer[];
}): string {
  const reason = task.stoppedReason ? explainStoppedReason(task.stoppedReason) : "";
  const code = task.stopCode ? explainStopCode(task.stopCode) : "";
  const failed = findFailedContainer(task.containers);
  const words = failed && !isSaid(reason || code, failed) ? wordsOf(failed) : "";
  const others = task.containers
    .filter((container) => container.exitCode !== undefined && container.exitCode !== 0)
    .filter((container) => container !== failed || words === "")
    .map((container) => `${container.name} ${explainExitCode(container.exitCode ?? 0)}`);
  const cause = [reason || code || "Stopped", words].filter(Boolean).join(": ");
  return [cause, ...others].join("; ");
}

/** A code that says something by itself is told in words. */
function wordsOf(failed: EndedContainer): string {
  const { name, exitCode } = failed;
  const isTelling = exitCode !== undefined && exitCode >= 125 && exitCode < 160;
  return isTelling ? `${name} ${explainExitCode(exitCode)}` : failedContainerWords([failed]);
}

/** A scheduler's or a person's stop is no container's failure, unless one failed by itself. */
function isSaid(words: string, failed: EndedContainer | null): boolean {
  if (words === "An essential container exited" || words === "") return false;
  return failed?.exitCode === undefined || [0, 137, 143].includes(failed.exitCode);
}

function lookUp(words: Readonly<Record<string, string>>, key: string): string {
  return Object.hasOwn(words, key) ? (words[key] ?? key) : key;
}
