import type { Application } from "../application/application.ts";
import { isInFlight } from "../deployment/deployment.ts";
import { SLOT_COLORS, type SlotColor } from "../observation/slot.ts";
import { share } from "../observation/traffic.ts";
import { findOpenWindow } from "./rollback-rules.ts";
import type { RuleFacts } from "./rule-facts.ts";

/** A side's scale-in that Switchyard suspended, from before it was written to AWS until it was given back. */
export interface ScalingHold {
  application: string;
  side: SlotColor;
  /** Of Application Auto Scaling: "service/cluster/name". */
  resourceId: string;
  /** For which it was suspended; null where none is known any more. */
  deploymentId: string | null;
  /** Epoch ms at which it was decided. */
  askedAt: number;
  /** Epoch ms at which AWS had taken it; null until that is known. */
  heldAt: number | null;
}

/**
 * Sides whose policies must take no tasks away now: those that have not all of the traffic, while a deployment is in flight or
 * the old side is kept for a rollback. Such a side has no load that would keep its tasks.
 */
export function sidesToHold({ suspendScaleIn }: Pick<Application, "suspendScaleIn">, facts: RuleFacts): SlotColor[] {
  const { deployment, observation } = facts;
  if (suspendScaleIn !== true) return [];
  const isKept = (deployment !== null && isInFlight(deployment)) || findOpenWindow(facts) !== null;
  return isKept ? SLOT_COLORS.filter((color) => share(observation.traffic.weights, color) < 100) : [];
}
