import { AwsFailure } from "../aws/errors.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Blocker } from "../domain/verb/blocker.ts";

/** The refusal of a start that people could not approve in time, as the failure of the call that is not made. */
export function notApprovable(service: "ecs" | "codedeploy", operation: string, blocker: Blocker): AwsFailure {
  const what = blocker.said ?? blocker.message;
  return new AwsFailure({
    code: "ReleaseNotApprovable",
    message: blocker.fix ? say("told.next", { first: what, second: blocker.fixSaid ?? blocker.fix }) : what,
    kind: "invalid",
    retryable: false,
    requestId: null,
    service,
    operation,
    isOutcomeUnknown: false,
  });
}
