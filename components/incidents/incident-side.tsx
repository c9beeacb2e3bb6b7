import { useSaid, useTranslations } from "#translations";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import type { IncidentSide } from "@/lib/domain/incident/incident.ts";
import { containersSaid } from "@/lib/domain/incident/incident-html.ts";
import { revisionName, type SlotColor } from "@/lib/domain/observation/slot.ts";
import { IncidentCard } from "./incident-card.tsx";

/** A side as it was: its version, counts, tasks with every container's exit code, and targets with AWS's reasons. */
export function IncidentSideView({ color, side }: { color: SlotColor; side: IncidentSide }) {
  const t = useTranslations("incident");
  const said = useSaid();
  const { role, revision, counts, tasks, targets, metrics } = side;
  const last = metrics.at(-1);
  return (
    <IncidentCard
      title={
        <>
          <SlotMark color={color} size={16} label={color} />
          {color}, {role}: {revision ? revisionName(revision) : t("noRevision")}
        </>
      }
    >
      <p>{t("sideNote", { ...counts })}</p>
      {last ? <p>{t("requestsNote", { requests: last.requests, errors: last.errors })}</p> : null}
      <h4 className="mt-3 text-xs text-second">{t("tasks")}</h4>
      <ul>
        {tasks.map((task) => (
          <li key={task.id} className="border-t border-line py-1.5 break-words">
            <span className="font-mono text-xs">{task.id.slice(0, 8)}</span> {task.lastStatus}
            {task.stopCode ? `, ${task.stopCode}` : ""}
            {task.stoppedReason ? `: ${task.stoppedReason}` : ""}
            {task.stoppedAt === null ? null : <p className="text-xs text-second">{said(containersSaid(task))}</p>}
          </li>
        ))}
      </ul>
      <h4 className="mt-3 text-xs text-second">{t("targets")}</h4>
      <ul>
        {targets.map(({ id, port, state, reason, description }) => (
          <li key={`${id}:${port}`} className="border-t border-line py-1.5 break-words">
            <span className="font-mono text-xs">
              {id}:{port}
            </span>{" "}
            {state}
            {reason ? `, ${reason}` : ""}
            {description ? `: ${description}` : ""}
          </li>
        ))}
      </ul>
    </IncidentCard>
  );
}
