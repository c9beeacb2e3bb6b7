import type { FollowedGate } from "../deployment/deployment.ts";
import type { Rollout, RolloutStep } from "../observation/rollout.ts";
import type { Revision, SlotColor } from "../observation/slot.ts";
import type { Weights } from "../observation/traffic.ts";
import type { WayIn } from "../observation/way-in.ts";
import type { Sentence } from "../sentence/sentence.ts";
import type { Blocker } from "../verb/blocker.ts";
import type { ApplicationSnapshot } from "./snapshot.ts";

/** What the operator saw when deciding; the server refuses the click when it no longer holds. */
export interface ReceiptFacts {
  application: string;
  to: SlotColor;
  listenerOrRuleArn: string;
  weights: Weights;
  revisions: Record<SlotColor, Revision | null>;
  healthy: Record<SlotColor, number>;
  /** Every way in: those of use `production` move, the others stay where they are. Null while they are not known. */
  waysIn: WayIn[] | null;
  /** The gate that the click answers, where AWS drives; left out elsewhere. */
  gate?: FollowedGate & { deployment: string };
}

/** The facts with their hash, the weights that will be written, the warnings and the blockers that stand now. */
export interface Receipt extends ReceiptFacts {
  /** SHA-256 of the canonical facts, in hex. */
  hash: string;
  /** The same without the healthy counts: what an approval is bound to. */
  approvalHash: string;
  /** Epoch ms of the observation behind it. */
  observedAt: number;
  /** What the rule will hold afterwards. */
  weightsAfter: Weights;
  /** How it gets there, and every write on the way. */
  rollout: Rollout;
  steps: RolloutStep[];
  /** Sticky sessions, draining: what will take time or surprise. */
  warnings: string[];
  /** The same in no language yet, one for each. */
  warningsSaid?: Sentence[];
  blockers: Blocker[];
}

/** The facts a switch to `to` rests on. */
export function receiptFacts(snapshot: ApplicationSnapshot, to: SlotColor): ReceiptFacts {
  return {
    application: snapshot.name,
    to,
    listenerOrRuleArn: snapshot.traffic.listenerOrRuleArn,
    weights: { blue: snapshot.traffic.weights.blue, green: snapshot.traffic.weights.green },
    revisions: { blue: snapshot.slots.blue.revision, green: snapshot.slots.green.revision },
    healthy: { blue: snapshot.slots.blue.counts.healthy, green: snapshot.slots.green.counts.healthy },
    waysIn: snapshot.waysIn ?? null,
    ...gateOf(snapshot, to),
  };
}

function gateOf({ deployment }: ApplicationSnapshot, to: SlotColor): Pick<ReceiptFacts, "gate"> {
  const { id, gate } = deployment?.aws ?? {};
  return deployment?.to === to && id && gate ? { gate: { ...gate, deployment: id } } : {};
}

/** One string per set of facts, key order fixed, so that its hash can be compared. */
export function canonicalFacts(facts: ReceiptFacts): string {
  const revision = (r: Revision | null) => (r ? [r.taskDefinition, r.image] : null);
  const { gate } = facts;
  return JSON.stringify([
    "switchyard-receipt-1",
    facts.application,
    facts.to,
    facts.listenerOrRuleArn,
    [facts.weights.blue, facts.weights.green],
    [revision(facts.revisions.blue), revision(facts.revisions.green)],
    [facts.healthy.blue, facts.healthy.green],
    facts.waysIn?.map((way) => [
      way.arn,
      way.use,
      way.takes,
      way.weights.blue,
      way.weights.green,
      way.others,
      way.shadowedBy,
    ]) ?? null,
    ...(gate ? [[gate.deployment, gate.id, gate.expiresAt, gate.onExpiry]] : []),
  ]);
}
