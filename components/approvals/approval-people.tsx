import { useSaid, useTranslations } from "#translations";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import { nameSaid } from "@/lib/domain/access/person-name.ts";
import type { Approval } from "@/lib/domain/deployment/approval.ts";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";

/** Who said what: approvals that count, those that lapsed and why, and a no. */
export function ApprovalPeople({ deployment }: { deployment: Deployment }) {
  const t = useTranslations("approvals");
  const said = useSaid();
  const { approval, approvals } = deployment;
  const missing = approval?.state === "waiting" ? Math.max(0, approval.approvers - approval.given) : 0;
  return (
    <ul className="flex flex-col gap-1" aria-label={t("whoApproved")}>
      {approvals.map((each) => (
        <li key={`${each.actor}${each.at}`} className="flex items-start gap-2">
          <span className="mt-[3px]">
            <StateIcon shape={shapeOf(each)} />
          </span>
          <div className="min-w-0 break-words">
            <p className={each.lapsed ? "text-second line-through" : "font-medium"}>
              {t.rich(each.decision === "rejected" ? "rejected" : "approved", {
                name: said(nameSaid(each.name ?? each.actor)),
                time: () => <ClockTime at={each.at} precision="minute" />,
              })}
            </p>
            {each.comment ? <p className="text-xs text-second">{each.comment}</p> : null}
            {each.lapsed ? (
              <p className="text-xs text-warning">
                <Lapsed lapsed={each.lapsed} />
              </p>
            ) : null}
          </div>
        </li>
      ))}
      {missing > 0 ? (
        <li className="flex items-center gap-2 text-second">
          <StateIcon shape="waiting" />
          {t("missing", { count: missing })}
        </li>
      ) : null}
    </ul>
  );
}

/** When an approval lapsed and why. */
export function Lapsed({ lapsed: { at, why, said: whySaid } }: { lapsed: NonNullable<Approval["lapsed"]> }) {
  const t = useTranslations("approvals");
  const said = useSaid();
  return t.rich("lapsed", { time: () => <ClockTime at={at} precision="minute" />, why: said(whySaid, why) });
}

function shapeOf(approval: Approval): "done" | "warning" | "fault" {
  if (approval.lapsed) return "warning";
  return approval.decision === "approved" ? "done" : "fault";
}
