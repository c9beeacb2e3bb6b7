import { findOpenGate } from "../observation/aws-deployment.ts";
import { isCodeDeploy } from "../rules/driven-rules.ts";
import { findRollbackTarget } from "../rules/rollback-rules.ts";
import type { RuleFacts } from "../rules/rule-facts.ts";
import { say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
import type { Verb } from "../verb/verb.ts";
import type { ManualMoves, MoveRequest } from "./move.ts";

const nothing = (note: Told): ManualMoves => ({ moves: [], note });

function inFlightNote(facts: RuleFacts): Told {
  return isCodeDeploy(facts.application) ? say("manual.codeDeployBusy") : say("manual.superseded");
}

/** What does the same as the action where AWS drives: start, answer or roll back its deployment. */
export function findDrivenMoves(verb: Verb, facts: RuleFacts, { revision }: MoveRequest): ManualMoves {
  const [newest] = facts.observation.awsDeployments ?? [];
  const gate = findOpenGate(newest);
  const answer = (action: "CONTINUE" | "ROLLBACK"): ManualMoves =>
    newest && gate
      ? { moves: [{ type: "answerGate", deployment: newest.id, gate: gate.id, action }], note: null }
      : nothing(say("manual.noGate"));
  switch (verb) {
    case "deploy":
      return revision
        ? { moves: [{ type: "startAws", revision }], note: inFlightNote(facts) }
        : nothing(say("manual.sayWhat"));
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
      if (!target?.revision) return nothing(say("manual.noDeployment"));
      const { taskDefinition } = target.revision;
      return {
        moves: [{ type: "startAws", revision: { taskDefinition }, isRollback: true }],
        note: isCodeDeploy(facts.application) ? say("manual.codeDeployAnew") : say("manual.awsAnew"),
      };
    }
    case "extend":
      return nothing(isCodeDeploy(facts.application) ? say("manual.terminationWaitStays") : say("manual.bakeStays"));
  }
}
