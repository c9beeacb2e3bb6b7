"use client";
import { useState } from "react";
import { useTranslations } from "#translations";
import { SideVersion } from "@/components/live/side-version.tsx";
import { shortDigest, versionOf } from "@/components/live/stage-words.ts";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Pill } from "@/components/ui/pill.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import { isHealthUnread } from "@/lib/domain/observation/side-health.ts";
import { otherColor, type ServiceEvent, type Slot, type SlotColor } from "@/lib/domain/observation/slot.ts";
import { share } from "@/lib/domain/observation/traffic.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { shortName } from "@/lib/domain/text/short-name.ts";
import { MetricsBlock } from "./metrics-block.tsx";
import { ScalingLines } from "./scaling-lines.tsx";
import { SlotSummary } from "./slot-summary.tsx";
import { SourceNotice } from "./source-notice.tsx";
import { TaskTable } from "./task-table.tsx";

const EDGE = { blue: "before:bg-blue", green: "before:bg-green" } as const;

/** One side: what it runs, how much of it is healthy, every task with its target, and what ECS said last. */
export function SlotCard({ snapshot, color }: { snapshot: ApplicationSnapshot; color: SlotColor }) {
  const t = useTranslations("board");
  const slot = snapshot.slots[color];
  const [isOpen, setOpen] = useState(false);
  const isLive = slot.role === "live";
  const isUnread = isHealthUnread(slot);
  const headingId = `side-${color}`;
  return (
    <section
      aria-labelledby={headingId}
      className={`card slot-edge relative flex min-h-0 min-w-0 flex-col overflow-hidden before:absolute before:inset-y-0 before:left-0 before:w-1 md:before:inset-x-0 md:before:bottom-auto md:before:h-[3px] md:before:w-auto ${EDGE[color]} ${isLive ? "max-md:order-1" : "max-md:order-2"}`}
    >
      <header className="flex flex-wrap items-center gap-x-2.5 gap-y-1 px-3.5 pt-3.5 max-md:hidden">
        <SlotMark color={color} size={22} />
        <h2 id={headingId} className="text-base font-semibold">
          {t(`side.${color}`)}
        </h2>
        <Pill mono>
          <span className="truncate">{slot.targetGroupName}</span>
        </Pill>
        <span className="ml-auto">
          <RolePill slot={slot} percent={share(snapshot.traffic.weights, color)} />
        </span>
      </header>
      <SlotSummary
        slot={slot}
        beside={snapshot.slots[otherColor(color)]}
        isOpen={isOpen}
        onToggle={() => setOpen(!isOpen)}
      />
      <div className={`flex min-h-0 flex-1 flex-col ${isOpen ? "" : "max-md:hidden"}`}>
        <div className="flex items-start justify-between gap-4 px-3.5 pt-1.5 pb-2 max-md:hidden">
          <div className="min-w-0">
            <p className="text-xl font-semibold tracking-tight md:max-xl:text-lg">
              <SideVersion slot={slot} beside={snapshot.slots[otherColor(color)]} nothing={t("nothingYet")} />
            </p>
            <RevisionLine slot={slot} />
          </div>
          <div className="shrink-0 text-right">
            <p
              className={`text-xl font-semibold tracking-tight ${!isUnread && slot.counts.healthy < slot.counts.desired && isLive ? "text-fault" : ""}`}
            >
              {isUnread ? "\u2013" : slot.counts.healthy} / {slot.counts.desired}
            </p>
            <p className="text-2xs text-second">{t(isUnread ? "healthNotRead" : "healthyOfDesired")}</p>
          </div>
        </div>
        {slot.revision ? (
          <div className="flex items-center gap-1 border-t border-line py-1.5 pr-2 pl-4 text-xs md:hidden">
            <span className="min-w-0 flex-1 font-mono break-all">{versionOf(slot.revision)}</span>
            <CopyButton label={t("copyVersion", { color })} text={versionOf(slot.revision)} />
          </div>
        ) : null}
        <TaskTable slot={slot} application={snapshot.name} />
        <SourceNotice
          snapshot={snapshot}
          names={color === "blue" || slot.tasks.length > 0 ? ["ecs", "elb"] : ["elb"]}
        />
        <ScalingLines snapshot={snapshot} color={color} />
        <MetricsBlock snapshot={snapshot} slot={slot} />
        <Events events={slot.events} />
      </div>
    </section>
  );
}

function RevisionLine({ slot }: { slot: Slot }) {
  const t = useTranslations("board");
  if (!slot.revision) return <p className="text-2xs text-second">{t("noTaskDefinition")}</p>;
  const { digest, taskDefinition, image } = slot.revision;
  return (
    <p className="truncate font-mono text-2xs text-second" title={`${image}\n${taskDefinition}`}>
      {digest ? `${shortDigest(digest)} · ` : ""}
      {shortName(taskDefinition)}
    </p>
  );
}

/** A side's role as the listener gives it, in words and in its colour when it has traffic. */
function RolePill({ slot, percent }: { slot: Slot; percent: number }) {
  const t = useTranslations("board");
  const rounded = Math.round(percent * 10) / 10;
  if (percent > 0)
    return (
      <Pill square tone={slot.color}>
        {t("role.share", { role: slot.role === "canary" ? t("role.canary") : t("role.live"), percent: rounded })}
      </Pill>
    );
  if (slot.role === "empty") return <Pill square>{t("role.empty")}</Pill>;
  const isWarm = slot.counts.desired > 0 && slot.counts.healthy >= slot.counts.desired;
  return (
    <Pill square>
      {isWarm ? t("role.warm") : slot.rollout?.state === "IN_PROGRESS" ? t("role.starting") : t("role.notReady")}
    </Pill>
  );
}

/** ECS writes whole target group ARNs into its events; the name is what people look for. */
function shortenArns(message: string): string {
  return message.replaceAll(/arn:aws[\w-]*:elasticloadbalancing:[^:]*:[^:]*:targetgroup\/([^/]+)\/[0-9a-f]+/g, "$1");
}

function Events({ events }: { events: readonly ServiceEvent[] }) {
  const t = useTranslations("board");
  const newest = events.slice(0, 3);
  return (
    <div className="mt-auto min-h-[74px] border-t border-line px-3.5 py-2 text-xs">
      <h3 className="sr-only">{t("serviceEvents")}</h3>
      {newest.length === 0 ? <p className="text-second">{t("noServiceEvents")}</p> : null}
      <ul>
        {newest.map((event) => (
          <li key={event.id} className="flex gap-2 leading-[19px]">
            <ClockTime at={event.at} className="shrink-0 text-second" />
            <span className="truncate" title={event.message}>
              {shortenArns(event.message)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
