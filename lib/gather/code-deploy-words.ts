import type { CodeDeployParts } from "./code-deploy-mapping.ts";

/** What CodeDeploy's error codes mean to somebody who has to act on them. */
const ERRORS: Readonly<Record<string, string>> = {
  ALARM_ACTIVE: "An alarm of the deployment group went off",
  ECS_UPDATE_ERROR: "ECS refused what CodeDeploy asked of the service",
  ELASTIC_LOAD_BALANCING_INVALID: "CodeDeploy could not change the listener",
  HOOK_EXECUTION_FAILURE: "A hook's Lambda function failed",
  IAM_ROLE_PERMISSIONS: "The deployment group's service role lacks a permission",
  INVALID_ECS_SERVICE: "The service is not as the deployment group needs it",
  RESOURCE_LIMIT_EXCEEDED: "A limit of the account was reached",
  THROTTLED: "AWS throttled CodeDeploy",
  TIMEOUT: "It took longer than CodeDeploy waits",
};
const BEHIND_LISTENER =
  "The listener does not send everything to the target group of the primary task set: somebody changed it, or two of its rules disagree. Put it back, then deploy again";

/**
 * Why it is where it is: what CodeDeploy waits for, which function it asked, or why it ended; null where there is nothing to say.
 * CodeDeploy's own text is untrusted and part of it.
 */
export function codeDeployWords({ reading, target, rollback }: CodeDeployParts): string | null {
  const { status, error } = reading;
  if (status === "Failed" || status === "Stopped") {
    const why = error ? errorWords(error) : null;
    const back = rollback?.reading;
    const isStuck = back?.status === "Failed" || back?.status === "Stopped";
    if (!isStuck) return why;
    const failure = back.error ? `: ${errorWords(back.error) ?? back.error.message}` : "";
    return `${why ? `${why}. ` : ""}Its rollback ${back.id} ended as ${back.status}${failure}`;
  }
  const failed = target?.events.find((event) => event.status === "Failed");
  if (failed) return `${failed.name} failed${failed.message ? `: ${failed.message}` : ""}`;
  const isInstalling = target?.events.some(({ name, status: is }) => name === "Install" && is === "InProgress");
  const green = target?.taskSets.find(({ label }) => label === "Green");
  if (isInstalling && green)
    return `CodeDeploy waits until all ${green.desired} new tasks are healthy, for up to 60 minutes; ${green.running} run now`;
  return null;
}

/** A person's stop says nothing of its own: whoever stopped it here gave a reason. */
function errorWords({ code, message }: { code: string; message: string }): string | null {
  if (code === "MANUAL_STOP") return null;
  if (/must be behind listener/.test(message)) return `${BEHIND_LISTENER}. CodeDeploy: ${message} (${code})`;
  const words = ERRORS[code];
  return words ? `${words}: ${message} (${code})` : `${message} (${code})`;
}
