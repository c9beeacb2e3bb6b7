import type { StateShape } from "@/components/ui/state-icon.tsx";
import type { Delivery } from "@/lib/domain/notification/notification.ts";
import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";

/** How a delivery stands: on its way, tried again later, arrived, or given up. */
export function deliveryState(delivery: Delivery): { word: Sentence; shape: StateShape; isTrying: boolean } {
  const isTrying = delivery.state === "pending" && delivery.lastError !== null;
  if (isTrying) return { word: say("deliveries.word.trying"), shape: "warning", isTrying };
  const shape = delivery.state === "delivered" ? "done" : delivery.state === "failed" ? "fault" : "starting";
  return { word: say(`deliveries.word.${delivery.state}`), shape, isTrying };
}

/** Why it cannot be tried now; null when it can. */
export function findRetryBlock(delivery: Delivery, isConfigured: boolean): Sentence | null {
  if (delivery.state === "delivered") return say("deliveries.hasArrived");
  return isConfigured ? null : say("deliveries.endpointGone");
}
