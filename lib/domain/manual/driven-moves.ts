import { findOpenGate } from "../observation/aws-deployment.ts";
import { findRollbackTarget } from "../rules/rollback-rules.ts";
import type { RuleFacts } from "../rules/switch-rules.ts";
import type { Verb } from "../verb/verb.ts";
import type { ByHand, Wish } from "./manual-commands.ts";

const nothing = (note: string): ByHand => ({ moves: [], note });

const isCodeDeploy = ({ application }: RuleFacts) => application.controller === "code-deploy";

function inFlightNote(facts: RuleFacts): string {
  return isCodeDeploy(facts)
    ? "CodeDeploy refuses it while another deployment of the group goes on"
    : "A deployment in flight would be superseded";
}

/** What does the same as the action where AWS drives: start, answer or roll back its deployment. */
export function findDrivenMoves(verb: Verb, facts: RuleFacts, { revision }: Wish): ByHand {
  const [newest] = facts.observation.awsDeployments ?? [];
  const gate = findOpenGate(newest);
  const answer = (action: "CONTINUE" | "ROLLBACK"): ByHand =>
    newest && gate
      ? { moves: [{ type: "answerGate", deployment: newest.id, gate: gate.id, action }], note: null }
      : nothing("No gate waits for a person");
  switch (verb) {
    case "deploy":
      return revision
        ? { moves: [{ type: "startAws", revision }], note: inFlightNote(facts) }
        : nothing("Say what to run: a tag, an image or a task definition");
    case "switch":
    case "approve":
    case "retire":
      return answer("CONTINUE");
    case "reject":
      return answer("ROLLBACK");
    case "abort":
    case "rollback": {
      if (facts.deployment?.aws?.id)
        return { moves: [{ type: "rollBackAws", deployment: facts.deployment.aws.id }], note: null };
      const target = verb === "rollback" ? findRollbackTarget(facts) : null;
      if (!target?.revision) return nothing("No deployment is in flight");
      const { taskDefinition } = target.revision;
      return {
        moves: [{ type: "startAws", revision: { taskDefinition }, isRollback: true }],
        note: isCodeDeploy(facts)
          ? "The old revision is gone: CodeDeploy deploys it anew"
          : "The old revision is gone: AWS deploys it anew, by the service's own strategy",
      };
    }
    case "extend":
      return nothing(
        isCodeDeploy(facts)
          ? "CodeDeploy's termination wait cannot be moved"
          : "AWS's bake time has no end that can be moved",
      );
  }
}
