"use client";
import Link from "next/link";
import { memo } from "react";
import { useSaid, useTranslations } from "#translations";
import { startedOutside } from "@/components/board/driven-facts.ts";
import { IfNobodyAnswers } from "@/components/board/gate-facts.tsx";
import { SideVersion } from "@/components/live/side-version.tsx";
import { endShape, statusSaid, titleSaid } from "@/components/live/stage-words.ts";
import { useNow } from "@/components/ui/clock.tsx";
import { SlotMark, SplitBar } from "@/components/ui/slot-mark.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { Age, Countdown } from "@/components/ui/time.tsx";
import { nameSaid } from "@/lib/domain/access/person-name.ts";
import { driverName } from "@/lib/domain/deployment/gate-words.ts";
import { isHealthUnread } from "@/lib/domain/observation/side-health.ts";
import type { ApplicationSummary, SideSummary } from "@/lib/domain/snapshot/summary.ts";
import { isWaitingForPeople } from "./application-rows.ts";

/** One application: what is live and standby, and what goes on; drawn again only when it changes. */
export const ApplicationRow = memo(function Row({ snapshot }: { snapshot: ApplicationSummary }) {
  const t = useTranslations("overview");
  const { blue, green } = snapshot.slots;
  const { live, weights } = snapshot.traffic;
  const [first, second] = live === "green" ? [green, blue] : [blue, green];
  return (
    <tr className="relative border-b border-line last:border-b-0 hover:bg-soft max-lg:grid max-lg:grid-cols-2 max-[360px]:grid-cols-1 max-lg:gap-x-3 max-lg:gap-y-1 max-lg:px-3.5 max-lg:py-3 [&>*]:py-2.5 lg:[&>*]:px-2 max-lg:[&>*]:py-0 lg:[&>*:first-child]:pl-3.5 lg:[&>*:last-child]:pr-3.5">
      <th scope="row">
        <Link
          href={`/${encodeURIComponent(snapshot.name)}`}
          prefetch={false}
          className="text-base font-semibold break-words after:absolute after:inset-0 focus-visible:outline-offset-4"
        >
          {snapshot.name}
        </Link>
        <p className="text-xs break-words text-second min-[361px]:max-lg:w-[calc(200%+12px)]">
          {snapshot.cluster} · {snapshot.region}
        </p>
      </th>
      <td className="max-lg:order-3">
        <SideCell slot={first} beside={second} isLive={live !== "unknown"} of={snapshot} />
      </td>
      <td className="max-lg:order-4">
        <SideCell slot={second} beside={first} isLive={live === "split"} of={snapshot} />
      </td>
      <td className="max-lg:hidden">
        {snapshot.isUnread ? null : <SplitBar blue={weights.blue} green={weights.green} />}
        <p className="mt-0.5 text-xs">{snapshot.isUnread ? t("notReadYet") : `${weights.blue} / ${weights.green}`}</p>
      </td>
      <td className="break-words max-lg:order-5 min-[361px]:max-lg:col-span-2">
        <NowCell snapshot={snapshot} />
      </td>
      <td className="text-right text-xs whitespace-nowrap text-second max-lg:order-2">
        {snapshot.isUnread ? t("noneYet") : <Age at={snapshot.observedAt} fine />}
      </td>
    </tr>
  );
});

interface SideCellProps {
  slot: SideSummary;
  beside: SideSummary;
  isLive: boolean;
  of: ApplicationSummary;
}

/** Of an application that nobody watches target health is read in turns: where it is older than the rest of the row, it says so. */
const OLDER_MS = 15_000;

function SideCell({ slot, beside, isLive, of: { isUnread, observedAt } }: SideCellProps) {
  const t = useTranslations("overview");
  const { healthy, desired, running } = slot.counts;
  const isUnreadHealth = isHealthUnread(slot);
  const isShort = (isUnreadHealth ? running : healthy) < desired;
  const readAt = slot.targetsReadAt ?? observedAt;
  const age = observedAt - readAt > OLDER_MS ? () => <Age at={readAt} /> : null;
  return (
    <div className="flex items-center gap-2.5">
      <SlotMark color={slot.color} size={20} label={slot.color} dimmed={!isLive} />
      <div className="min-w-0">
        <p className={isLive ? "font-semibold" : ""}>
          <SideVersion slot={slot} beside={beside} nothing={isUnread ? t("notReadYet") : t("nothingYet")} />
        </p>
        <p className={`text-xs ${isShort && isLive ? "text-fault" : "text-second"}`}>
          {isUnread ? "\u2013" : null}
          {!isUnread && isUnreadHealth ? t("runningOf", { running, desired }) : null}
          {!isUnread && !isUnreadHealth && age ? t.rich("healthyOfAgo", { healthy, desired, age }) : null}
          {!isUnread && !isUnreadHealth && !age ? t("healthyOf", { healthy, desired }) : null}
        </p>
      </div>
    </div>
  );
}

/** How long rollback stays instant. */
function KeptLine({ snapshot }: { snapshot: ApplicationSummary }) {
  const t = useTranslations("overview");
  const now = useNow(1000);
  const { window, traffic } = snapshot;
  // Within AWS's own deployment the way back is open too, if not in an instant.
  const isOpen = window?.instant === true || snapshot.deployment?.aws !== undefined;
  if (!window || !isOpen || window.until === null || window.until <= now) return null;
  const old = traffic.live === "blue" ? "green" : "blue";
  return (
    <p className="text-second">
      {t.rich(window.phase === "bake" ? "bakesFor" : "warmFor", {
        old,
        left: () => <Countdown until={window.until ?? now} />,
      })}
    </p>
  );
}

function NowCell({ snapshot }: { snapshot: ApplicationSummary }) {
  const t = useTranslations("overview");
  const alarm = snapshot.alarms.find((each) => each.severity === "fault") ?? snapshot.alarms[0];
  const { automaticRollback: rolledBack, deployment, lastDeployment, traffic } = snapshot;
  const finishedAt = lastDeployment?.finishedAt ?? null;
  const said = useSaid();
  const outside = deployment && startedOutside(deployment);
  return (
    <div className="flex flex-col gap-0.5 text-xs">
      {rolledBack ? (
        <p className="flex items-start gap-1.5">
          <span className="mt-px">
            <StateIcon shape="fault" size={13} />
          </span>
          <span className="font-medium text-fault">
            {t.rich("rolledBack", {
              age: () => <Age at={rolledBack.at} />,
              why: said(rolledBack.said, rolledBack.message),
            })}
          </span>
        </p>
      ) : null}
      {alarm ? (
        <p className="flex items-start gap-1.5">
          <span className="mt-px">
            <StateIcon shape={alarm.severity} size={13} />
          </span>
          <span className={alarm.severity === "fault" ? "font-medium text-fault" : "font-medium text-warning"}>
            {said(alarm.said, alarm.message)}
          </span>
        </p>
      ) : snapshot.isUnread ? (
        <p className="text-second">{t("notRead")}</p>
      ) : traffic.drift ? (
        <p className="font-medium text-fault">{said(traffic.driftSaid, traffic.drift)}</p>
      ) : null}
      {snapshot.freeze ? (
        <p className="font-medium text-warning">
          {t("lineStopped", { startedBy: said(nameSaid(snapshot.freeze.startedBy)), reason: snapshot.freeze.reason })}
        </p>
      ) : null}
      <KeptLine snapshot={snapshot} />
      {deployment ? (
        <p className="flex items-start gap-1.5">
          <span className="mt-px">
            <StateIcon shape={isWaitingForPeople(deployment) ? "waiting" : "busy"} size={13} />
          </span>
          <span>
            {t("title", { title: said(titleSaid(deployment)), status: said(statusSaid(deployment)) })}
            {outside ? `. ${said(outside)}` : ""}
            {deployment.aws?.gate ? (
              <span className="block text-second">
                <IfNobodyAnswers
                  gate={deployment.aws.gate}
                  deployment={deployment}
                  driver={driverName(snapshot.controller)}
                />
              </span>
            ) : null}
          </span>
        </p>
      ) : alarm || traffic.drift ? null : (
        <p className="flex items-start gap-1.5 text-second">
          <span className="mt-px">
            <StateIcon shape={lastDeployment ? endShape(lastDeployment) : "done"} size={13} />
          </span>
          {lastDeployment && finishedAt ? (
            <span>
              {t.rich("titleAgo", {
                title: said(titleSaid(lastDeployment)),
                status: said(statusSaid(lastDeployment)),
                age: () => <Age at={finishedAt} />,
              })}
            </span>
          ) : (
            t("nothingUnderWay")
          )}
        </p>
      )}
    </div>
  );
}
