import type { SlotColor } from "../observation/slot.ts";
import type { Deployment } from "./deployment.ts";
import { stageRecord } from "./deployment-stage.ts";

/** Older deployments than these say nothing about the last minutes. */
const LOOKED_THROUGH = 3;

/**
 * Epoch ms at which Switchyard last wrote the listener, or `color`'s service, as far as the record says; null before the
 * first time. What was observed before it says nothing about how things are since.
 */
export function lastWriteAt(
  record: { deployment?: Deployment | null; history?: readonly Deployment[] },
  color: SlotColor,
): number | null {
  const deployments = [...(record.deployment ? [record.deployment] : []), ...(record.history ?? [])];
  const times = deployments.slice(0, LOOKED_THROUGH).flatMap((deployment) => {
    const shift = deployment.plan?.shift;
    const started = stageRecord(deployment, "SCALE_UP");
    return [
      ...(shift?.sentAt != null ? [shift.sentAt + (shift.readBackMs ?? 0)] : []),
      ...(deployment.to === color && started.status === "SUCCEEDED" && started.finishedAt !== null
        ? [started.finishedAt]
        : []),
    ];
  });
  return times.length > 0 ? Math.max(...times) : null;
}
