import type { Deployment } from "@/lib/domain/deployment/deployment.ts";

/** The moments at which a deployment moved traffic, with words for the log. */
export function switchMarkers(deployment: Deployment): { id: string; at: number; text: string }[] {
  const markers: { id: string; at: number; text: string }[] = [];
  const shift = deployment.stages.find((record) => record.stage === "PRODUCTION_TRAFFIC_SHIFT");
  if (shift?.startedAt && shift.status === "SUCCEEDED")
    markers.push({
      id: `${deployment.id}:shift`,
      at: shift.finishedAt ?? shift.startedAt,
      text: `switched to ${deployment.to}`,
    });
  if (deployment.status === "ROLLBACK_SUCCESSFUL" && deployment.finishedAt)
    markers.push({ id: `${deployment.id}:back`, at: deployment.finishedAt, text: `rolled back to ${deployment.from}` });
  return markers;
}
