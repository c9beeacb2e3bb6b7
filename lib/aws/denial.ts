/** Which kind of policy refused a call. */
type DenyingPolicy =
  | "identity"
  | "boundary"
  | "service control"
  | "resource control"
  | "session"
  | "resource"
  | "endpoint"
  | "unknown";

/** What AWS says of a call that policies do not allow. */
export interface Denial {
  /** "iam:PassRole": what is missing, which need not be the call's own action; null where AWS does not say. */
  action: string | null;
  /** ARN of what the action was to be done to; null where AWS does not say, or means no single one. */
  resource: string | null;
  /** The policy that denies, or that would have to allow. */
  policy: DenyingPolicy;
  /** True when a statement denies it: allowing it elsewhere does not help. */
  isExplicit: boolean;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const POLICIES: readonly (readonly [RegExp, DenyingPolicy])[] = [
  [/identity[- ]based policy/i, "identity"],
  [/permissions? boundary/i, "boundary"],
  [/service control policy/i, "service control"],
  [/resource control policy/i, "resource control"],
  [/session policy/i, "session"],
  [/resource[- ]based policy/i, "resource"],
  [/VPC endpoint policy/i, "endpoint"],
];

/** Reads a refusal's text; what it does not say stays null or "unknown". */
export function parseDenial(message: string): Denial {
  const action = /not authorized to perform:? ([\w-]+:\w+)/i.exec(message)?.[1] ?? null;
  // An ARN ends at a space; log streams and task definitions have colons, and some texts quote it or end the sentence.
  const resource = /on (?:the )?resource:? ["']?(arn:[^\s"',;]+?)["']?\.?(?=[\s,;]|$)/i.exec(message)?.[1] ?? null;
  const reason = /(?:with an explicit deny|because no .* allows).*/is.exec(message)?.[0] ?? "";
  const policy = POLICIES.find(([pattern]) => pattern.test(reason))?.[1] ?? "unknown";
  return { action, resource, policy, isExplicit: /with an explicit deny/i.test(message) };
}

/** One sentence on what to change, for whoever runs the program. */
export function denialFix({ action, resource, policy, isExplicit }: Denial, call: string): string {
  const what = `${action ?? call}${resource ? ` on ${resource}` : ""}`;
  const where = WHERE[policy];
  if (isExplicit) return `Remove the deny of ${what} from ${where}: allowing it elsewhere does not help`;
  return policy === "identity" || policy === "unknown"
    ? `Allow ${what} for Switchyard's role`
    : `Allow ${what} in ${where}; a permission of Switchyard's role alone does not help`;
}

/** The policy in words. */
const WHERE: Readonly<Record<DenyingPolicy, string>> = {
  identity: "the policies of Switchyard's role",
  boundary: "the permissions boundary of Switchyard's role",
  "service control": "the organization's service control policies (SCP)",
  "resource control": "the organization's resource control policies (RCP)",
  session: "the session policy with which the role was assumed",
  resource: "the resource's own policy",
  endpoint: "the policy of the VPC endpoint that the call goes through",
  unknown: "the policy that has it",
};
