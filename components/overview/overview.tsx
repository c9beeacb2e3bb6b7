"use client";
import Link from "next/link";
import { useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { startedOutside } from "@/components/board/driven-facts.ts";
import { IfNobodyAnswers } from "@/components/board/gate-facts.tsx";
import { useLive } from "@/components/live/live-provider.tsx";
import { SideVersion } from "@/components/live/side-version.tsx";
import { endShape, statusSaid, titleSaid } from "@/components/live/stage-words.ts";
import { useNow } from "@/components/ui/clock.tsx";
import { EmptyState, Notice } from "@/components/ui/notice.tsx";
import { SlotMark, SplitBar } from "@/components/ui/slot-mark.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { Age, Countdown } from "@/components/ui/time.tsx";
import { type Deployment, isAwaitingSwitch } from "@/lib/domain/deployment/deployment.ts";
import { driverName, isHeldOpen } from "@/lib/domain/deployment/gate-words.ts";
import type { Slot } from "@/lib/domain/observation/slot.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { matchesFilter, worstFirst } from "./application-rows.ts";

/** An application whose names could not be found in AWS, with what AWS said. */
export interface UnresolvedApplication {
  name: string;
  message: string;
}

/** All applications in one dense table, those to look at first on top. */
export function Overview({ problems }: { problems: readonly UnresolvedApplication[] }) {
  const t = useTranslations("overview");
  const snapshots = useLive((state) => state.snapshots);
  const [filter, setFilter] = useState("");
  const all = Object.values(snapshots);
  const shown = worstFirst(all.filter((snapshot) => matchesFilter(snapshot, filter.trim())));
  if (all.length === 0 && problems.length === 0)
    return (
      <div className="card">
        <EmptyState title={t("none")}>
          <p>{t.rich("describeFirst", { span: (chunks) => <span className="font-mono text-xs">{chunks}</span> })} </p>
        </EmptyState>
      </div>
    );
  return (
    <div className="flex flex-col gap-3">
      {problems.map((problem) => (
        <Notice key={problem.name} tone="fault" title={t("cannotBeShown", { name: problem.name })}>
          {t("keepsTrying", { message: problem.message })}{" "}
        </Notice>
      ))}
      {all.length > 0 ? (
        <section aria-label={t("applications")} className="card overflow-hidden">
          <div className="flex items-center gap-3 border-b border-line px-3.5 py-2.5">
            <input
              data-filter
              type="search"
              aria-label={t("filter")}
              placeholder={t("filterBy")}
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
              className="field w-full max-w-[320px]"
            />
            <p className="ml-auto shrink-0 text-second" aria-live="polite">
              {t("shownOf", { shown: shown.length, all: all.length })}
            </p>
          </div>
          <Table snapshots={shown} />
          {shown.length === 0 ? (
            <p className="px-3.5 py-10 text-center text-second">{t("noMatch", { filter })}</p>
          ) : null}
        </section>
      ) : null}
    </div>
  );
}

function Table({ snapshots }: { snapshots: readonly ApplicationSnapshot[] }) {
  const t = useTranslations("overview");
  return (
    <table className="w-full table-fixed max-lg:block">
      <caption className="sr-only">{t("caption")}</caption>
      <thead className="text-xs text-second max-lg:sr-only">
        <tr className="h-8 border-b border-line [&>th]:px-2 [&>th:first-child]:pl-3.5 [&>th:last-child]:pr-3.5">
          <th scope="col" className="w-[18%]">
            {t("application")}{" "}
          </th>
          <th scope="col" className="w-[19%]">
            {t("live")}{" "}
          </th>
          <th scope="col" className="w-[19%]">
            {t("standby")}{" "}
          </th>
          <th scope="col" className="w-[132px]">
            {t("traffic")}{" "}
          </th>
          <th scope="col">{t("now")}</th>
          <th scope="col" className="w-[72px] text-right">
            {t("data")}{" "}
          </th>
        </tr>
      </thead>
      <tbody className="max-lg:block">
        {snapshots.map((snapshot) => (
          <Row key={snapshot.name} snapshot={snapshot} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ snapshot }: { snapshot: ApplicationSnapshot }) {
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
        <p className="text-xs break-words text-second">
          {snapshot.cluster} · {snapshot.region}
        </p>
      </th>
      <td className="max-lg:order-3">
        <SideCell slot={first} beside={second} isLive={live !== "unknown"} isUnread={snapshot.isUnread} />
      </td>
      <td className="max-lg:order-4">
        <SideCell slot={second} beside={first} isLive={live === "split"} isUnread={snapshot.isUnread} />
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
}

interface SideCellProps {
  slot: Slot;
  beside: Slot;
  isLive: boolean;
  isUnread?: boolean | undefined;
}

function SideCell({ slot, beside, isLive, isUnread = false }: SideCellProps) {
  const t = useTranslations("overview");
  const isShort = slot.counts.healthy < slot.counts.desired;
  return (
    <div className="flex items-center gap-2.5">
      <SlotMark color={slot.color} size={20} label={slot.color} dimmed={!isLive} />
      <div className="min-w-0">
        <p className={isLive ? "font-semibold" : ""}>
          <SideVersion slot={slot} beside={beside} nothing={isUnread ? t("notReadYet") : t("nothingYet")} />
        </p>
        <p className={`text-xs ${isShort && isLive ? "text-fault" : "text-second"}`}>
          {isUnread ? "\u2013" : t("healthyOf", { healthy: slot.counts.healthy, desired: slot.counts.desired })}
        </p>
      </div>
    </div>
  );
}

/** How long rollback stays instant. */
function KeptLine({ snapshot }: { snapshot: ApplicationSnapshot }) {
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

function isWaitingForPeople(deployment: Deployment): boolean {
  return isAwaitingSwitch(deployment) || isHeldOpen(deployment);
}

function NowCell({ snapshot }: { snapshot: ApplicationSnapshot }) {
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
        <p className="font-medium text-fault">{traffic.drift}</p>
      ) : null}
      {snapshot.freeze ? (
        <p className="font-medium text-warning">
          {t("lineStopped", { startedBy: snapshot.freeze.startedBy, reason: snapshot.freeze.reason })}
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
