import { type Sentence, say } from "../domain/sentence/sentence.ts";
import type { Told } from "../domain/sentence/told.ts";
import type { CodeDeployParts } from "./code-deploy-parts.ts";

/** CodeDeploy's error codes that are explained to somebody who has to act on them. */
const EXPLAINED = [
  "ALARM_ACTIVE",
  "ECS_UPDATE_ERROR",
  "ELASTIC_LOAD_BALANCING_INVALID",
  "HOOK_EXECUTION_FAILURE",
  "IAM_ROLE_PERMISSIONS",
  "INVALID_ECS_SERVICE",
  "RESOURCE_LIMIT_EXCEEDED",
  "THROTTLED",
  "TIMEOUT",
] as const;

/**
 * Why it is where it is: what CodeDeploy waits for, which function it asked, or why it ended; null where there is nothing to say.
 * CodeDeploy's own text is untrusted and part of it.
 */
export function codeDeploySaid({ reading, target, rollback }: CodeDeployParts): Sentence | null {
  const { status, error } = reading;
  if (status === "Failed" || status === "Stopped") {
    const why = error ? errorSaid(error) : null;
    const back = rollback?.reading;
    if (back?.status !== "Failed" && back?.status !== "Stopped") return why;
    const stuck = say("codeDeploy.rollbackEnded", { id: back.id, status: back.status });
    const whole = back.error ? because(stuck, errorSaid(back.error) ?? back.error.message) : stuck;
    return why ? say("told.next", { first: why, second: whole }) : whole;
  }
  const failed = target?.events.find((event) => event.status === "Failed");
  if (failed) return because(say("codeDeploy.failedEvent", { name: failed.name }), failed.message || null);
  const isInstalling = target?.events.some(({ name, status: is }) => name === "Install" && is === "InProgress");
  const green = target?.taskSets.find(({ label }) => label === "Green");
  if (isInstalling && green) return say("codeDeploy.waits", { count: green.desired, running: green.running });
  return null;
}

function because(what: Sentence, why: Told | null): Sentence {
  return why === null ? what : say("told.why", { what, why });
}

/** A person's stop says nothing of its own: whoever stopped it here gave a reason. */
function errorSaid({ code, message }: { code: string; message: string }): Sentence | null {
  if (code === "MANUAL_STOP") return null;
  if (/must be behind listener/.test(message)) return say("codeDeploy.behindListener", { code, message });
  const explained = EXPLAINED.find((each) => each === code);
  if (!explained) return say("codeDeploy.told", { code, message });
  return say("codeDeploy.explained", { what: say(`codeDeploy.error.${explained}`), code, message });
}
