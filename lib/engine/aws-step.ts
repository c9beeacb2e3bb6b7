import type { DeploymentDriver } from "../controllers/controller.ts";
import type { Application } from "../domain/application/application.ts";
import type { Step } from "../domain/decide/decision.ts";
import type { Deployment, FollowedDeployment } from "../domain/deployment/deployment.ts";
import { waitedAt } from "../domain/deployment/ended-gate.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { shortName } from "../domain/text/short-name.ts";
import type { StepOutcome } from "./step-tools.ts";

/** What AWS's own deployments are asked and told. */
export type AwsStep = Extract<Step, { type: "startAws" | "answerGate" | "rollBackAws" }>;

/** One sentence for the journal. */
export function describeAwsStep(step: AwsStep): Sentence {
  switch (step.type) {
    case "startAws":
      return say("step.awsDeploy", { revision: shortName(step.revision.taskDefinition) });
    case "answerGate":
      return say("step.answerGate", { gate: step.gate, action: step.action });
    case "rollBackAws":
      return say("step.awsRollBack", { id: shortName(step.id) });
  }
}

/** The record just before the call: a start leaves its time, so that one without an answer is looked for before it is sent again. */
export function withAwsIntent(deployment: Deployment, step: AwsStep, now: number): Deployment {
  return step.type === "startAws" ? withAws(deployment, () => ({ sentAt: now })) : deployment;
}

/** Does it. AWS refuses an answer to a gate that waits no longer, which is no failure of the deployment's. */
export async function runAwsStep(
  deployment: Deployment,
  step: AwsStep,
  { controller, application }: { controller: DeploymentDriver; application: Application },
): Promise<StepOutcome> {
  switch (step.type) {
    case "startAws": {
      const isRollback = deployment.kind === "ROLLBACK";
      const note = { id: deployment.id, isRollback, actor: deployment.actor.name, reason: deployment.reason };
      const { requestId, value: id } = await controller.start(application, step.revision, note);
      return {
        change: (d) => withAws(d, (aws) => ({ id: id ?? aws.id })),
        message: id === null ? say("step.awsTook") : say("decision.awsDeploysAs", { id: shortName(id) }),
        requestId,
      };
    }
    case "answerGate": {
      const id = deployment.aws?.id;
      if (!id) throw new TypeError("There is no deployment of AWS's to answer");
      const { requestId } = await controller.answer(application, id, step.gate, step.action);
      return {
        change: (d, now) =>
          withAws(d, (aws) => ({
            answer: null,
            gate: null,
            answered: [
              ...aws.answered,
              {
                gate: step.gate,
                action: step.action,
                at: now,
                ...(aws.answer?.gate === step.gate ? { expiresAt: aws.answer.expiresAt } : {}),
                ...(aws.gate?.id === step.gate ? { waitedMs: waitedAt(d, aws.gate, now) } : {}),
              },
            ],
          })),
        message: say("step.awsTold", { action: step.action }),
        requestId,
      };
    }
    case "rollBackAws": {
      const { requestId } = await controller.rollBack(application, step.id);
      return {
        change: (d, now) => withAws(d, () => ({ rollbackAskedAt: now })),
        message: say("step.awsRollsBack"),
        requestId,
      };
    }
  }
}

function withAws(deployment: Deployment, change: (aws: FollowedDeployment) => Partial<FollowedDeployment>): Deployment {
  return deployment.aws ? { ...deployment, aws: { ...deployment.aws, ...change(deployment.aws) } } : deployment;
}
