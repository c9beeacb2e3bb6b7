import { type Sentence, say } from "../domain/sentence/sentence.ts";

/** Which kind of policy refused a call. */
type DenyingPolicy =
  | "identity"
  | "boundary"
  | "service control"
  | "resource control"
  | "session"
  | "resource"
  | "endpoint"
  | "key"
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

/** How services word it that they may not use the key that something is encrypted with: no permission of the caller helps. */
const KEY_REFUSED = /KMS key .*(does not exist|not allowed to be used|disabled|pending deletion)/is;

/** Reads a refusal's text; what it does not say stays null or "unknown". */
export function parseDenial(message: string): Denial {
  const action = /not authorized to perform:? ([\w-]+:\w+)/i.exec(message)?.[1] ?? null;
  // An ARN ends at a space; log streams and task definitions have colons, and some texts quote it or end the sentence.
  const resource = /on (?:the )?resource:? ["']?(arn:[^\s"',;]+?)["']?\.?(?=[\s,;]|$)/i.exec(message)?.[1] ?? null;
  const reason = /(?:with an explicit deny|because no .* allows).*/is.exec(message)?.[0] ?? "";
  const ofKey = action === null && KEY_REFUSED.test(message) ? "key" : "unknown";
  const policy = POLICIES.find(([pattern]) => pattern.test(reason))?.[1] ?? ofKey;
  return { action, resource, policy, isExplicit: /with an explicit deny/i.test(message) };
}

/** One sentence on what to change, for whoever runs the program. */
export function denialFix({ action, resource, policy, isExplicit }: Denial, call: string): Sentence {
  const what = resource ? say("awsError.deny.what", { action: action ?? call, resource }) : (action ?? call);
  if (policy === "key") return say("awsError.deny.key");
  const where = say(`awsError.where.${WHERE[policy]}`);
  if (isExplicit) return say("awsError.deny.remove", { what, where });
  return policy === "identity" || policy === "unknown"
    ? say("awsError.deny.allow", { what })
    : say("awsError.deny.allowIn", { what, where });
}

/** The policy's name among the sentences. */
const WHERE = {
  identity: "identity",
  boundary: "boundary",
  "service control": "serviceControl",
  "resource control": "resourceControl",
  session: "session",
  resource: "resource",
  endpoint: "endpoint",
  key: "unknown",
  unknown: "unknown",
} as const satisfies Record<DenyingPolicy, string>;
