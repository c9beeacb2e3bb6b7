/** Why a deployment of CodeDeploy's is where it is. */
export const codeDeploy = {
  "error.ALARM_ACTIVE": "An alarm of the deployment group went off",
  "error.ECS_UPDATE_ERROR": "ECS refused what CodeDeploy asked of the service",
  "error.ELASTIC_LOAD_BALANCING_INVALID": "CodeDeploy could not change the listener",
  "error.HOOK_EXECUTION_FAILURE": "A hook's Lambda function failed",
  "error.IAM_ROLE_PERMISSIONS": "The deployment group's service role lacks a permission",
  "error.INVALID_ECS_SERVICE": "The service is not as the deployment group needs it",
  "error.RESOURCE_LIMIT_EXCEEDED": "A limit of the account was reached",
  "error.THROTTLED": "AWS throttled CodeDeploy",
  "error.TIMEOUT": "It took longer than CodeDeploy waits",
  behindListener:
    "The listener does not send everything to the target group of the primary task set: somebody changed it, or two of its rules disagree. Put it back, then deploy again. CodeDeploy: {message} ({code})",
  explained: "{what}: {message} ({code})",
  told: "{message} ({code})",
  rollbackEnded: "Its rollback {id} ended as {status}",
  failedEvent: "{name} failed",
  waits: "CodeDeploy waits until all {count} new tasks are healthy, for up to 60 minutes; {running} run now",
} as const;
