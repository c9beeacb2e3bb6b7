"use client";
import Link from "next/link";
import { useState } from "react";
import { startedOutside } from "@/components/board/driven-facts.ts";
import { IfNobodyAnswers } from "@/components/board/gate-facts.tsx";
import { useLive } from "@/components/live/live-provider.tsx";
import { SideVersion } from "@/components/live/side-version.tsx";
import { deploymentTitle, endShape, statusWords } from "@/components/live/stage-words.ts";
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
  const snapshots = useLive((state) => state.snapshots);
  const [filter, setFilter] = useState("");
  const all = Object.values(snapshots);
  const shown = worstFirst(all.filter((snapshot) => matchesFilter(snapshot, filter.trim())));
  if (all.length === 0 && problems.length === 0)
    return (
      <div className="card">
        <EmptyState title="No applications yet">
          <p>
            Describe the first one in <span className="font-mono text-xs">switchyard.yaml</span>: its cluster, its load
            balancer, and for each side its service and target group. Then start Switchyard again.
          </p>
        </EmptyState>
      </div>
    );
  return (
    <div className="flex flex-col gap-3">
      {problems.map((problem) => (
        <Notice key={problem.name} tone="fault" title={`${problem.name} cannot be shown yet`}>
          {problem.message}. Switchyard keeps trying.
        </Notice>
      ))}
      {all.length > 0 ? (
        <section aria-label="Applications" className="card overflow-hidden">
          <div className="flex items-center gap-3 border-b border-line px-3.5 py-2.5">
            <input
              data-filter
              type="search"
              aria-label="Filter applications"
              placeholder="Filter name, cluster, version, alarm"
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
              className="field w-full max-w-[320px]"
            />
            <p className="ml-auto shrink-0 text-second" aria-live="polite">
              {shown.length} of {all.length}
            </p>
          </div>
          <Table snapshots={shown} />
          {shown.length === 0 ? (
            <p className="px-3.5 py-10 text-center text-second">No application matches “{filter}”.</p>
          ) : null}
        </section>
      ) : null}
    </div>
  );
}

function Table({ snapshots }: { snapshots: readonly ApplicationSnapshot[] }) {
  return (
    <table className="w-full table-fixed max-lg:block">
      <caption className="sr-only">Applications, those to look at first on top</caption>
      <thead className="text-xs text-second max-lg:sr-only">
        <tr className="h-8 border-b border-line [&>th]:px-2 [&>th:first-child]:pl-3.5 [&>th:last-child]:pr-3.5">
          <th scope="col" className="w-[18%]">
            Application
          </th>
          <th scope="col" className="w-[19%]">
            Live
          </th>
          <th scope="col" className="w-[19%]">
            Standby
          </th>
          <th scope="col" className="w-[132px]">
            Traffic, blue / green
          </th>
          <th scope="col">Now</th>
          <th scope="col" className="w-[72px] text-right">
            Data
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
        <p className="mt-0.5 text-xs">{snapshot.isUnread ? "not read yet" : `${weights.blue} / ${weights.green}`}</p>
      </td>
      <td className="break-words max-lg:order-5 min-[361px]:max-lg:col-span-2">
        <NowCell snapshot={snapshot} />
      </td>
      <td className="text-right text-xs whitespace-nowrap text-second max-lg:order-2">
        {snapshot.isUnread ? "none yet" : <Age at={snapshot.observedAt} fine />}
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
  const isShort = slot.counts.healthy < slot.counts.desired;
  return (
    <div className="flex items-center gap-2.5">
      <SlotMark color={slot.color} size={20} label={slot.color} dimmed={!isLive} />
      <div className="min-w-0">
        <p className={isLive ? "font-semibold" : ""}>
          <SideVersion slot={slot} beside={beside} nothing={isUnread ? "not read yet" : "nothing yet"} />
        </p>
        <p className={`text-xs ${isShort && isLive ? "text-fault" : "text-second"}`}>
          {isUnread ? "\u2013" : `${slot.counts.healthy} of ${slot.counts.desired} healthy`}
        </p>
      </div>
    </div>
  );
}

/** How long rollback stays instant. */
function KeptLine({ snapshot }: { snapshot: ApplicationSnapshot }) {
  const now = useNow(1000);
  const { window, traffic } = snapshot;
  if (!window?.instant || window.until === null || window.until <= now) return null;
  const old = traffic.live === "blue" ? "green" : "blue";
  return (
    <p className="text-second">
      {window.phase === "bake" ? "Bakes" : `${old} kept warm`}, <Countdown until={window.until} /> left
    </p>
  );
}

function isWaitingForPeople(deployment: Deployment): boolean {
  return isAwaitingSwitch(deployment) || isHeldOpen(deployment);
}

function NowCell({ snapshot }: { snapshot: ApplicationSnapshot }) {
  const alarm = snapshot.alarms.find((each) => each.severity === "fault") ?? snapshot.alarms[0];
  const { deployment, lastDeployment, traffic } = snapshot;
  return (
    <div className="flex flex-col gap-0.5 text-xs">
      {snapshot.automaticRollback ? (
        <p className="flex items-start gap-1.5">
          <span className="mt-px">
            <StateIcon shape="fault" size={13} />
          </span>
          <span className="font-medium text-fault">
            Rolled back by Switchyard <Age at={snapshot.automaticRollback.at} suffix=" ago" />:{" "}
            {snapshot.automaticRollback.message}
          </span>
        </p>
      ) : null}
      {alarm ? (
        <p className="flex items-start gap-1.5">
          <span className="mt-px">
            <StateIcon shape={alarm.severity} size={13} />
          </span>
          <span className={alarm.severity === "fault" ? "font-medium text-fault" : "font-medium text-warning"}>
            {alarm.message}
          </span>
        </p>
      ) : snapshot.isUnread ? (
        <p className="text-second">Not read from AWS yet</p>
      ) : traffic.drift ? (
        <p className="font-medium text-fault">{traffic.drift}</p>
      ) : null}
      {snapshot.freeze ? (
        <p className="font-medium text-warning">
          The line is stopped by {snapshot.freeze.startedBy}: {snapshot.freeze.reason}
        </p>
      ) : null}
      <KeptLine snapshot={snapshot} />
      {deployment ? (
        <p className="flex items-start gap-1.5">
          <span className="mt-px">
            <StateIcon shape={isWaitingForPeople(deployment) ? "waiting" : "busy"} size={13} />
          </span>
          <span>
            {deploymentTitle(deployment)}, {statusWords(deployment)}
            {startedOutside(deployment) ? `. ${startedOutside(deployment)}` : ""}
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
          {lastDeployment?.finishedAt ? (
            <span>
              {deploymentTitle(lastDeployment)}, {statusWords(lastDeployment)}{" "}
              <Age at={lastDeployment.finishedAt} suffix=" ago" />
            </span>
          ) : (
            "Nothing under way"
          )}
        </p>
      )}
    </div>
  );
}
