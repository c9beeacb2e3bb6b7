import type { Application } from "../domain/application/application.ts";
import type { ControllerName } from "../domain/application/controller-name.ts";
import type { DeploymentPlan } from "../domain/deployment/deployment-plan.ts";
import type { CliCommand } from "../domain/manual/cli-command.ts";
import type { Move } from "../domain/manual/move.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { Revision, SlotColor } from "../domain/observation/slot.ts";
import type { TaskDefinitionChange, TaskDefinitionSummary } from "../domain/observation/task-definition.ts";
import type { Weights } from "../domain/observation/traffic.ts";
import type { WaysIn } from "../domain/observation/way-in.ts";
import type { Told } from "../domain/sentence/told.ts";

/** What a write answers: AWS's request id for the record, and what it made. */
export interface Written<T = null> {
  requestId: string | null;
  value: T;
}

/** One listener or rule that a shift wrote, with AWS's request id; null where its answer was lost. */
export interface ShiftWrite {
  name: string;
  requestId: string | null;
}

/** What is to run: an image as it will be registered, in a copy of what the side runs or of `from`, or a task definition that exists. */
export type RevisionRequest = NonNullable<DeploymentPlan["requested"]>;

/** What every way of deploying has in common. Expected AWS failures are thrown as AwsFailure (lib/aws/errors.ts). */
interface ControllerBase {
  name: ControllerName;
  /** A fresh look straight from AWS, on the budget reserved for actions; not the shared observer's cached one. */
  observe(application: Application): Promise<Observation>;
  /** What the side's current task definition would become with this request, without registering anything. */
  planRevision(
    application: Application,
    slot: SlotColor,
    request: RevisionRequest,
  ): Promise<{ current: TaskDefinitionSummary | null; next: TaskDefinitionSummary; changes: TaskDefinitionChange[] }>;
  /** Registers the revision (found again by a tag carrying `deploymentId`, so that a repeat registers nothing twice). */
  registerRevision(
    application: Application,
    slot: SlotColor,
    request: RevisionRequest,
    deploymentId: string,
  ): Promise<Written<Revision>>;
  /** The AWS CLI's commands that come to the same as these moves, from a fresh look at AWS. Nothing is written. */
  manualCommands(application: Application, moves: readonly Move[]): Promise<CliCommand[]>;
}

/**
 * AWS moves the traffic, within deployments of its own: they are started, followed, answered and rolled back, and no listener or
 * rule is ever written.
 */
export interface DeploymentDriver extends ControllerBase {
  driver: "aws";
  /** Starts a deployment of the revision; answers its id where AWS tells it at once. Not safe to repeat after a lost answer: look first. */
  start(application: Application, revision: Revision, note: DeploymentNote): Promise<Written<string | null>>;
  /** Answers a gate that waits for a person. AWS refuses one that waits no longer. */
  answer(application: Application, deployment: string, gate: string, action: "CONTINUE" | "ROLLBACK"): Promise<Written>;
  /** Has AWS bring back what was live before. A repeat changes nothing; AWS may refuse it as over by then. */
  rollBack(application: Application, deployment: string): Promise<Written>;
}

/** Who starts a deployment and why, for AWS's own record where it has a place for it. */
export interface DeploymentNote {
  id: string;
  /** Whether it only brings back what was live before. */
  isRollback: boolean;
  actor: string;
  reason: string | null;
}

/**
 * Switchyard moves the traffic: it brings sides up and writes the listener's or rule's weights. Reads never write; each write may
 * be repeated safely, because it first looks whether AWS already is as asked.
 */
export interface TrafficDriver extends ControllerBase {
  driver: "switchyard";
  /**
   * Points the side at the revision with `desired` tasks; nothing happens when it already is. Never touches the other side.
   * Where AWS takes a client token, it is made from `deploymentId`: a repeat for the same deployment starts nothing twice.
   */
  startSide(
    application: Application,
    slot: SlotColor,
    revision: Revision,
    desired: number,
    deploymentId?: string,
  ): Promise<Written>;
  /** Scales the side to `desired` tasks. */
  scaleSide(application: Application, slot: SlotColor, desired: number): Promise<Written>;
  /** The weights by a fresh read of the listener or rule, with drift when the action is not as expected. */
  readWeights(application: Application): Promise<{ weights: Weights; drift: Told | null; readAt: number }>;
  /** Every listener and rule that leads to a side, by a fresh read. @throws AwsFailure when one of them cannot be read */
  readWaysIn(application: Application): Promise<WaysIn>;
  /**
   * Writes the whole action list back with only the weights changed, after comparing with `expected` at the moment of the write,
   * then reads back and compares exact integers.
   * @throws WeightsChanged when the listener does not hold `expected` (and not already `weights`).
   */
  shift(
    application: Application,
    expected: Weights,
    weights: Weights,
  ): Promise<
    Written<{
      before: Weights;
      after: Weights;
      alreadyThere: boolean;
      readBackMs: number;
      writes?: readonly ShiftWrite[];
    }>
  >;
  /**
   * Names the side's group at weight 0 wherever a switch moves traffic and it is not named yet; no request moves. Safe to call
   * twice. @throws WeightsChanged when anything but `expected` is held there
   */
  addGroup(application: Application, side: SlotColor, expected: Weights): Promise<readonly ShiftWrite[]>;
  /** `shift` for the test listener, which no production traffic goes through. @throws WeightsChanged */
  shiftTest(
    application: Application,
    expected: Weights,
    weights: Weights,
  ): Promise<Written<{ before: Weights; after: Weights; alreadyThere: boolean; readBackMs: number }>>;
  /**
   * Tells ECS which side is live, where ECS keeps a mark of it. Moves no traffic and nothing rests on it, so its failure
   * fails nothing: it is made good before anything that needs it.
   */
  afterShift?(application: Application, live: SlotColor): Promise<Written>;
  /**
   * Stops a side that holds no weight and clears away what is left of it; where it is missing, scaling to 0 does.
   * @throws AwsFailure "SideHoldsWeight" when a fresh read gives the side weight
   */
  retireSide?(application: Application, slot: SlotColor): Promise<Written>;
}

/** How one kind of application is deployed. */
export type Controller = TrafficDriver | DeploymentDriver;

/** Controllers by the name that switchyard.yaml gives them; what is missing is not built. */
export type ControllerTable = Readonly<
  Partial<
    Record<"paired-services" | "task-set", TrafficDriver> & Record<"ecs-native" | "code-deploy", DeploymentDriver>
  >
>;

/** Whoever writes the application's weights. @throws TypeError where AWS drives, or the controller is not built */
export function trafficDriverOf(
  controllers: ControllerTable,
  { controller }: Pick<Application, "controller">,
): TrafficDriver {
  const found = controllers[controller];
  if (found?.driver !== "switchyard")
    throw new TypeError(`Switchyard moves no traffic for the controller ${controller}`);
  return found;
}
