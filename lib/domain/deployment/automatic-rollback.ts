import type { Revision, SlotColor } from "../observation/slot.ts";
import type { Sentence } from "../sentence/sentence.ts";
import { type Deployment, isInFlight } from "./deployment.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";
import type { FailureEvidence } from "./failure-evidence.ts";

/** What somebody asks to run. */
export type RequestedRevision = NonNullable<DeploymentPlan["requested"]>;

/** A deployment that Switchyard rolled back by itself, until a person has taken note of it. */
export interface AutomaticRollback {
  deploymentId: string;
  /** Epoch ms at which the figure broke its bound. */
  at: number;
  /** Whether traffic is back already. */
  isOver: boolean;
  /** The side that broke it, and what it ran. */
  side: SlotColor;
  revision: Revision | null;
  /** Which figure broke which bound: "green answered 17.1 % of its requests with 5xx (6 of 35), and 5 % is allowed". */
  message: string;
  /** `message` in no language yet. */
  said?: Sentence;
  /** Log lines that show it; untrusted text. Empty where none were read. */
  lines: FailureEvidence["lines"];
}

const LINES_SHOWN = 5;

/** The newest one that nobody has acknowledged; null when there is none. */
export function findAutomaticRollback(deployments: readonly Deployment[]): AutomaticRollback | null {
  const turned = deployments.find(isUnacknowledged);
  if (!turned?.breach) return null;
  return {
    deploymentId: turned.id,
    at: turned.breach.at,
    isOver: !isInFlight(turned),
    side: turned.to,
    revision: turned.revision,
    message: turned.breach.message,
    ...(turned.breach.said ? { said: turned.breach.said } : {}),
    lines: turned.evidence?.lines.slice(-LINES_SHOWN) ?? [],
  };
}

/** Whether Switchyard turned it round by itself and no person has taken note of that. */
export function isUnacknowledged({ breach, acknowledged }: Pick<Deployment, "breach" | "acknowledged">): boolean {
  return breach !== undefined && acknowledged === undefined;
}

/**
 * Whether this is what was rolled back: the same task definition, or the same image by text or digest. `digest` is that of a task
 * definition's image: whoever registers one for every run runs the same version under another name.
 */
export function isSameVersion(
  request: RequestedRevision,
  { revision, plan }: Pick<Deployment, "revision" | "plan">,
  digest: string | null = null,
): boolean {
  if ("taskDefinition" in request)
    return (
      request.taskDefinition === revision?.taskDefinition || (digest !== null && digest === digestRun(revision, plan))
    );
  const requested = plan?.requested;
  if (requested && "image" in requested && requested.image === request.image) return true;
  const asked = DIGEST.exec(request.image)?.[1];
  return revision !== null && (revision.image === request.image || (asked !== undefined && asked === revision.digest));
}

const DIGEST = /@(sha256:[0-9a-f]{64})$/;

/** The digest that a deployment ran or was asked to run; null where neither says one. */
function digestRun(revision: Deployment["revision"], plan: Deployment["plan"]): string | null {
  const requested = plan?.requested;
  const asked = requested && "image" in requested ? DIGEST.exec(requested.image)?.[1] : undefined;
  return revision?.digest ?? asked ?? null;
}
