import type { ErrorInformation, RollbackInfo } from "@aws-sdk/client-codedeploy";
import { startScript } from "../script.ts";
import { type CodedeployState, type DeploymentRecord, isOver } from "./codedeploy-state.ts";
import { deploy, READY_TIMEOUT, reroute } from "./deploy-script.ts";
import { CodedeployFailure } from "./failure.ts";
import { lifecycleEvents, skipPending } from "./lifecycle.ts";

/** What CreateDeployment or a rollback settles about a deployment. */
type DeploymentOrder = Pick<
  DeploymentRecord,
  | "group"
  | "configName"
  | "description"
  | "creator"
  | "revision"
  | "previousRevision"
  | "spec"
  | "autoRollback"
  | "alarmNames"
>;

/** Starts, ends and undoes deployments. */
export interface Deployments {
  start(order: DeploymentOrder): DeploymentRecord;
  /** Ends it where it is; with a rollback a new deployment reroutes to what served before. */
  stop(deployment: DeploymentRecord, withRollback: boolean): void;
  /** Looks at alarms and conditions of everything on its way. */
  tick(): void;
}

const ID_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** The deployments of one world. */
export function createDeployments(state: CodedeployState): Deployments {
  const { clock, random } = state.base;

  const newId = () => {
    let id = "d-";
    while (id.length < 11) id += ID_CHARACTERS[Math.floor(random() * ID_CHARACTERS.length)];
    return id;
  };

  const create = (order: DeploymentOrder, rollbackInfo?: RollbackInfo): DeploymentRecord => {
    const pair = order.group.settings.loadBalancerInfo?.targetGroupPairInfoList?.[0];
    const now = clock.now();
    const deployment: DeploymentRecord = {
      ...order,
      id: newId(),
      order: state.nextOrder(),
      createdAt: now,
      updatedAt: now,
      status: "Created",
      rollbackInfo,
      events: lifecycleEvents(pair?.testTrafficRoute !== undefined),
      blue: null,
      green: null,
      greenPercent: 0,
      waitsFor: null,
      isContinued: false,
      hasBegunTermination: false,
      hookAnswers: new Map(),
      run: null,
    };
    state.deployments.set(deployment.id, deployment);
    return deployment;
  };

  const run = (deployment: DeploymentRecord, script: ReturnType<typeof deploy>) => {
    deployment.run = startScript(clock, script, (failure) => {
      const code = failure instanceof CodedeployFailure ? failure.code : "INTERNAL_ERROR";
      // Nobody rerouted in time: that is a stop, which no rollback follows.
      if (failure.message === READY_TIMEOUT) return end(deployment, "Stopped", { code, message: failure.message });
      end(deployment, "Failed", { code, message: failure.message });
      if (wants(deployment, "DEPLOYMENT_FAILURE")) rollBack(deployment);
    });
    deployment.run.advance();
  };

  const end = (deployment: DeploymentRecord, status: "Failed" | "Stopped", error: ErrorInformation) => {
    deployment.run?.cancel();
    skipPending(deployment);
    const now = clock.now();
    Object.assign(deployment, { error, completedAt: now, updatedAt: now, waitsFor: null });
    state.setStatus(deployment, status);
  };

  const wants = ({ autoRollback }: DeploymentRecord, event: string) =>
    autoRollback.enabled === true && (autoRollback.events ?? []).some((one) => one === event);

  const rollBack = (undone: DeploymentRecord) => {
    // A rollback that fails is not rolled back.
    if (undone.creator === "codeDeployRollback") return;
    const { blue, revision, previousRevision } = undone;
    const spec = { ...undone.spec, taskDefinition: blue?.taskDefinition ?? undone.spec.taskDefinition };
    const message = `The deployment ${undone.id} is rolled back to what served before.`;
    const rollback = create(
      {
        ...undone,
        spec,
        creator: "codeDeployRollback",
        description: undefined,
        revision: previousRevision ?? revision,
        previousRevision: revision,
        // Back at once, and nothing judges the way back.
        configName: "CodeDeployDefault.ECSAllAtOnce",
        alarmNames: [],
      },
      { rollbackTriggeringDeploymentId: undone.id, rollbackMessage: message },
    );
    undone.rollbackInfo = { rollbackDeploymentId: rollback.id, rollbackMessage: message };
    run(rollback, reroute(state, rollback, undone));
  };

  return {
    start(order) {
      const deployment = create(order);
      run(deployment, deploy(state, deployment));
      return deployment;
    },

    stop(deployment, withRollback) {
      end(deployment, "Stopped", { code: "MANUAL_STOP", message: "The deployment was stopped by a user." });
      if (withRollback) rollBack(deployment);
    },

    tick() {
      for (const deployment of [...state.deployments.values()]) {
        if (isOver(deployment)) continue;
        const alarm = deployment.alarmNames.find((name) => state.ports.alarms.stateOf(name) === "ALARM");
        if (alarm === undefined) {
          deployment.run?.advance();
          continue;
        }
        end(deployment, "Stopped", {
          code: "ALARM_ACTIVE",
          message: `One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments have been stopped. Activated alarms: <${alarm}>`,
        });
        if (wants(deployment, "DEPLOYMENT_STOP_ON_ALARM")) rollBack(deployment);
      }
    },
  };
}
