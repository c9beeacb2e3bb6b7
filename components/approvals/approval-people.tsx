import { StateIcon } from "@/components/ui/state-icon.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import type { Approval } from "@/lib/domain/deployment/approval.ts";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";

/** Who said what: approvals that count, those that lapsed and why, and a no. */
export function ApprovalPeople({ deployment }: { deployment: Deployment }) {
  const { approval, approvals } = deployment;
  const missing = approval?.state === "waiting" ? Math.max(0, approval.approvers - approval.given) : 0;
  return (
    <ul className="flex flex-col gap-1" aria-label="Who approved">
      {approvals.map((each) => (
        <li key={`${each.actor}${each.at}`} className="flex items-start gap-2">
          <span className="mt-[3px]">
            <StateIcon shape={shapeOf(each)} />
          </span>
          <div className="min-w-0 break-words">
            <p className={each.lapsed ? "text-second line-through" : "font-medium"}>
              {each.name ?? each.actor} {each.decision} at <ClockTime at={each.at} precision="minute" />
            </p>
            {each.comment ? <p className="text-xs text-second">{each.comment}</p> : null}
            {each.lapsed ? (
              <p className="text-xs text-warning">
                Lapsed at <ClockTime at={each.lapsed.at} precision="minute" />: {each.lapsed.why}
              </p>
            ) : null}
          </div>
        </li>
      ))}
      {missing > 0 ? (
        <li className="flex items-center gap-2 text-second">
          <StateIcon shape="waiting" />
          {missing === 1 ? "One more person" : `${missing} more people`}
        </li>
      ) : null}
    </ul>
  );
}

function shapeOf(approval: Approval): "done" | "warning" | "fault" {
  if (approval.lapsed) return "warning";
  return approval.decision === "approved" ? "done" : "fault";
}
