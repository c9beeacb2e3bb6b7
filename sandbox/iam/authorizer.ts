import { AwsError, type Place } from "../service.ts";
import { actionPrefix, askedActions } from "./asked-actions.ts";
import { type AskedAction, appliesTo } from "./matching.ts";
import { type PolicyStatement, parsePolicy } from "./policy-document.ts";
import { noteUsedAction } from "./used-actions.ts";

/** Refuses a call that the caller's policies do not allow. @throws AwsError AccessDenied or AccessDeniedException */
export type Authorizer = (service: string, operation: string, input: unknown, accessKeyId: string | null) => void;

/** Calls signed with this access key id are an administrator's, whom no policy binds: whoever else works in the account. */
export const ADMINISTRATOR_KEY = "administrator";

/**
 * Judges every call by one identity policy, as IAM does: a deny that applies wins, then an allow, and what nothing allows is denied.
 * @throws Error when the document is no policy
 */
export function createAuthorizer(document: unknown, place: Place): Authorizer {
  const statements = parsePolicy(document);
  return (service, operation, input, accessKeyId) => {
    if (accessKeyId === ADMINISTRATOR_KEY) return;
    for (const asked of askedActions(service, operation, input as Record<string, unknown>, place)) {
      const verdict = judge(statements, asked);
      if (verdict !== "allowed") throw deniedError(service, asked, place, verdict);
      noteUsedAction(asked.action);
    }
  };
}

/** The error with which a service refuses a call that `verdict` says is not allowed. */
export function deniedError(
  service: string,
  { action, resource }: Pick<AskedAction, "action" | "resource">,
  { accountId }: Place,
  verdict: "implicit" | "explicit" = "implicit",
): AwsError {
  const why =
    verdict === "explicit"
      ? "with an explicit deny in an identity-based policy"
      : `because no identity-based policy allows the ${action} action`;
  const user = `arn:aws:iam::${accountId}:user/sandbox`;
  const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
  // Query services answer 403 where JSON ones answer 400.
  const isQuery = ["elbv2", "cloudwatch", "sts"].includes(service);
  return new AwsError(isQuery ? "AccessDenied" : "AccessDeniedException", message, isQuery ? 403 : 400);
}

/** "ecs:DescribeServices" for the operation itself. */
export function ownAction(service: string, operation: string): string {
  return `${actionPrefix(service)}:${operation}`;
}

function judge(statements: readonly PolicyStatement[], asked: AskedAction): "allowed" | "implicit" | "explicit" {
  const applying = statements.filter((statement) => appliesTo(statement, asked));
  if (applying.some(({ effect }) => effect === "Deny")) return "explicit";
  return applying.length > 0 ? "allowed" : "implicit";
}
