import { type Sentence, say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
import { type EndedContainer, failedContainerSaid, findFailedContainer } from "./failed-container.ts";
import type { TargetHealthState } from "./slot.ts";

/** By ELB's reason code. */
export const TARGET_REASONS = {
  "Elb.RegistrationInProgress": "registering",
  "Elb.InitialHealthChecking": "firstChecks",
  "Elb.InternalError": "elbFault",
  "Target.ResponseCodeMismatch": "codeMismatch",
  "Target.Timeout": "checkTimeout",
  "Target.FailedHealthChecks": "checkFails",
  "Target.NotRegistered": "notRegistered",
  "Target.NotInUse": "notInUse",
  "Target.InvalidState": "goingAway",
  "Target.IpUnusable": "ipUnusable",
  "Target.DeregistrationInProgress": "draining",
  "Target.HealthCheckDisabled": "checkOff",
} as const;

/** The stop codes that ECS documents. */
export const STOP_CODES = new Set([
  "TaskFailedToStart",
  "EssentialContainerExited",
  "UserInitiated",
  "ServiceSchedulerInitiated",
  "SpotInterruption",
  "TerminationNotice",
  "InfrastructureHealth",
] as const);

/** The states of a task's life, in order. */
export const TASK_STATES = new Set([
  "PROVISIONING",
  "PENDING",
  "ACTIVATING",
  "RUNNING",
  "DEACTIVATING",
  "STOPPING",
  "DEPROVISIONING",
  "STOPPED",
  "DELETED",
] as const);

/** AWS's reasons are free text; these beginnings are the documented ones, longest match first. */
const STOPPED_REASONS = [
  [/^Essential container in task exited/, "exited"],
  [/^Task failed ELB health checks/, "elbChecks"],
  [/^Task failed container health checks/, "containerCheck"],
  [/^Scaling activity initiated by/, "scaledIn"],
  [/^Host EC2 .*(stopped|terminated)/, "hostStopped"],
  [/^Container instance deregistration forced by user/, "hostForced"],
  [/CannotPull(Image)?ManifestError/, "noManifest"],
  [/CannotPull\w*Error/, "noImage"],
  [/ResourceInitializationError/, "noInit"],
  [/OutOfMemory/, "outOfMemory"],
  [/CannotStartContainerError/, "noStart"],
  [/CannotCreateContainerError/, "noCreate"],
  [/(ContainerRuntime|Docker)TimeoutError/, "runtimeTimeout"],
  [/^Your Spot Task was interrupted/, "spot"],
  [/^Capacity is unavailable at this time/, "noCapacity"],
  [/^RESOURCE:(CPU|MEMORY|PORTS?|ENI|GPU)/, "noRoom"],
  [/^Timeout waiting for network interface/, "noInterface"],
  [/^Task failed to start\.?$/, "noTask"],
  [/^Task stopped by user|^Task was stopped by a user/, "person"],
] as const satisfies readonly (readonly [RegExp, string])[];

/** What ELB's reason code means for an operator; an unknown code passes through, a missing one falls back to the state's words. */
export function explainTarget(state: TargetHealthState, reason?: string): Told {
  if (!reason) return explainTargetState(state);
  return isOneOf(TARGET_REASONS, reason) ? say(`plain.reason.${TARGET_REASONS[reason]}`) : reason;
}

/** The state of a target in words. */
export function explainTargetState(state: TargetHealthState): Sentence {
  return say(state === "unhealthy.draining" ? "plain.target.unhealthyDraining" : `plain.target.${state}`);
}

/** The state of a task in words; an unknown one passes through. */
export function explainTaskState(lastStatus: string): Told {
  const known = [...TASK_STATES].find((state) => state === lastStatus);
  return known ? say(`plain.task.${known}`) : lastStatus;
}

/** ECS's stop code in words; an unknown one passes through. */
export function explainStopCode(stopCode: string): Told {
  const known = [...STOP_CODES].find((code) => code === stopCode);
  return known ? say(`plain.stop.${known}`) : stopCode;
}

/** ECS's stop reason in words; an unknown one passes through. */
export function explainStoppedReason(stoppedReason: string): Told {
  const found = STOPPED_REASONS.find(([pattern]) => pattern.test(stoppedReason));
  return found ? say(`plain.stopped.${found[1]}`) : stoppedReason;
}

const TELLING_EXITS = [0, 125, 126, 127, 137, 139, 143] as const;

/** What a container's exit code says; codes above 128 are signals. */
export function explainExitCode(exitCode: number): Sentence {
  const telling = TELLING_EXITS.find((code) => code === exitCode);
  if (telling !== undefined) return say(`plain.exit.e${telling}`);
  return exitCode > 128 && exitCode < 160
    ? say("plain.exit.signal", { signal: exitCode - 128, code: exitCode })
    : say("plain.exit.code", { code: exitCode });
}

/** Why a task stopped, in one sentence: what ECS says of it, the container that failed, and the other exit codes that are not 0. */
export function explainStoppedTask(task: {
  stopCode?: string;
  stoppedReason?: string;
  containers: readonly EndedContainer[];
}): Told {
  const reason = task.stoppedReason ? explainStoppedReason(task.stoppedReason) : null;
  const why = reason ?? (task.stopCode ? explainStopCode(task.stopCode) : null);
  const failed = findFailedContainer(task.containers);
  const isAlone = task.containers.length === 1;
  const words = failed && !isSaid(why, failed, isAlone) ? endSaid(failed, why) : null;
  const others = task.containers
    .filter((container) => container.exitCode !== undefined && container.exitCode !== 0)
    .filter((container) => container !== failed || words === null)
    .map((container) => say("plain.container", { name: container.name, how: howEnded(container) }));
  const what = why ?? say("plain.task.STOPPED");
  // Whose image, command or secret it was stands first, where the task's own reason says the rest.
  const isNamed = words !== null && words === failed?.name;
  const cause = words === null ? what : say("told.why", isNamed ? { what: words, why: what } : { what, why: words });
  return others.reduce<Told>((first, second) => say("told.also", { first, second }), cause);
}

/** A code that says something by itself is told in words, and so is a reason that the task's own does not tell. */
function endSaid(failed: EndedContainer, why: Told | null): Told | null {
  const { name, exitCode, reason = "" } = failed;
  if (exitCode === undefined) {
    const own = explainStoppedReason(reason);
    return reason === "" || isSame(own, why) ? name : say("told.why", { what: name, why: own });
  }
  const isTelling = isOutOfMemory(failed) || (exitCode >= 125 && exitCode < 160);
  return isTelling ? say("plain.container", { name, how: howEnded(failed) }) : failedContainerSaid([failed]);
}

function howEnded(container: EndedContainer): Sentence {
  const code = container.exitCode ?? 0;
  return isOutOfMemory(container) ? say("plain.exit.memory", { code }) : explainExitCode(code);
}

const isOutOfMemory = ({ reason = "" }: EndedContainer) => /OutOfMemory/i.test(reason);

/** A scheduler's or a person's stop is no container's failure, unless one failed by itself; of several, the one that the reason is about is named. */
function isSaid(why: Told | null, failed: EndedContainer, isAlone: boolean): boolean {
  if (why === null || isOneOfCodes(why, EXITED)) return false;
  if (failed.exitCode === undefined)
    return !isOneOfCodes(why, NOT_STARTED) && (isAlone || !isSame(explainStoppedReason(failed.reason ?? ""), why));
  return [0, 137, 143].includes(failed.exitCode);
}

const EXITED: ReadonlySet<string> = new Set(["plain.stop.EssentialContainerExited", "plain.stopped.exited"]);
const NOT_STARTED: ReadonlySet<string> = new Set(["plain.stop.TaskFailedToStart", "plain.stopped.noTask"]);

function isOneOfCodes(told: Told, codes: ReadonlySet<string>): boolean {
  return typeof told === "object" && codes.has(told.code);
}

function isSame(one: Told, other: Told | null): boolean {
  return typeof one === "object" && typeof other === "object" ? one.code === other?.code : one === other;
}

function isOneOf<Known extends object>(known: Known, key: string): key is keyof Known & string {
  return Object.hasOwn(known, key);
}
