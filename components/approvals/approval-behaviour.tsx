"use client";
import { useSaid, useTranslations } from "#translations";
import { isFresh, takesTestTraffic, unmeasuredSaid } from "@/components/board/request-facts.ts";
import { Ribbon } from "@/components/board/ribbon.tsx";
import { useLogChanges, useLogStore } from "@/components/logs/use-log-store.ts";
import { useNow } from "@/components/ui/clock.tsx";
import { formatMilliseconds, formatRate, formatShare } from "@/components/ui/format-figure.ts";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { Age } from "@/components/ui/time.tsx";
import { explainTarget } from "@/lib/domain/observation/plain-words.ts";
import type { SideMetrics } from "@/lib/domain/observation/side-metrics.ts";
import { otherColor, type Slot, type SlotColor } from "@/lib/domain/observation/slot.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";

/** How the new side does so far: its targets' health, its figures beside live's, and errors that only it has. */
export function ApprovalBehaviour({ snapshot, color }: { snapshot: ApplicationSnapshot; color: SlotColor }) {
  const t = useTranslations("approvals");
  const slot = snapshot.slots[color];
  return (
    <section className="card p-4" aria-labelledby="behaviour-heading">
      <h2 id="behaviour-heading" className="mb-2 flex items-center gap-2 font-semibold">
        <SlotMark color={color} size={16} />
        {t("howSoFar", { color })}
        <span className="ml-auto font-normal text-second">
          {t.rich("healthyOf", {
            counts: () => (
              <span className="font-semibold text-ink">
                {slot.counts.healthy} / {slot.counts.desired}
              </span>
            ),
          })}
        </span>
      </h2>
      <Targets slot={slot} />
      <Comparison snapshot={snapshot} color={color} />
      <OnlyHere application={snapshot.name} color={color} />
    </section>
  );
}

function Targets({ slot }: { slot: Slot }) {
  const t = useTranslations("approvals");
  const said = useSaid();
  if (slot.targets.length === 0) return <p className="text-second">{t("noTarget")}</p>;
  return (
    <ul aria-label={t("targetsOf", { color: slot.color })}>
      {slot.targets.map((target) => (
        <li
          key={`${target.id}:${target.port}`}
          className="grid grid-cols-[minmax(0,1fr)_minmax(80px,180px)] items-center gap-3 border-t border-line py-1.5"
        >
          <div className="min-w-0">
            <p className="flex items-center gap-1.5">
              <StateIcon shape={target.state === "healthy" ? "done" : target.state === "initial" ? "busy" : "fault"} />
              {target.state} <span className="truncate font-mono text-2xs text-second">{target.id}</span>
              <span className="shrink-0 text-xs whitespace-nowrap text-second">
                <Age at={target.since} />
              </span>
            </p>
            {target.state === "healthy" ? null : (
              <p className="text-xs break-words text-second">{said(explainTarget(target.state, target.reason))}</p>
            )}
          </div>
          <Ribbon history={target.history} />
        </li>
      ))}
    </ul>
  );
}

const ROWS: readonly { name: "requests" | "responseTime" | "errors"; value(metrics: SideMetrics): string }[] = [
  { name: "requests", value: (metrics) => `${formatRate(metrics.requestsPerSecond)} /s` },
  {
    name: "responseTime",
    value: ({ responseTimeP95Ms }) => (responseTimeP95Ms === null ? "–" : formatMilliseconds(responseTimeP95Ms)),
  },
  { name: "errors", value: ({ http5xxShare }) => (http5xxShare === null ? "–" : formatShare(http5xxShare)) },
];

function Comparison({ snapshot, color }: { snapshot: ApplicationSnapshot; color: SlotColor }) {
  const t = useTranslations("approvals");
  const said = useSaid();
  const now = useNow(1000);
  const live = otherColor(color);
  const side = (each: SlotColor) => {
    const { metrics } = snapshot.slots[each];
    return metrics && isFresh(metrics, now) ? metrics : null;
  };
  const [mine, theirs] = [side(color), side(live)];
  if (!mine && !theirs)
    return <p className="mt-3 text-xs text-second">{t("notMeasuredNow", { why: said(unmeasuredSaid(snapshot)) })}</p>;
  return (
    <table className="mt-3 w-full text-sm">
      <caption className="sr-only">{t("requestsCaption")}</caption>
      <thead className="text-xs text-second">
        <tr>
          <th scope="col">{t("measured")}</th>
          <th scope="col" className="text-right">
            {color}
            {takesTestTraffic(snapshot, color) ? t("testListener") : ""}
          </th>
          <th scope="col" className="text-right">
            {t("sideLive", { live })}
          </th>
        </tr>
      </thead>
      <tbody>
        {ROWS.map(({ name, value }) => (
          <tr key={name} className="border-t border-line">
            <th scope="row" className="py-1 font-normal">
              {t(`row.${name}`)}
            </th>
            <td className="text-right font-semibold">{mine ? value(mine) : t("notMeasured")}</td>
            <td className="text-right">{theirs ? value(theirs) : t("notMeasured")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const MOST_SHOWN = 5;

/** Kinds of error in the log lines read since the page was opened; both sides are read, so that old news is none. */
function OnlyHere({ application, color }: { application: string; color: SlotColor }) {
  const said = useSaid();
  const t = useTranslations("approvals");
  const store = useLogStore(application);
  useLogChanges(store);
  const only = store.signatures.listOnlyIn(color);
  const { mode, message } = store.status;
  const isRead = mode === "live" || mode === "polling";
  return (
    <div className="mt-3 border-t border-line pt-2">
      <h3 className={`text-sm font-semibold ${only.length > 0 ? "text-fault" : ""}`}>
        {only.length > 0
          ? t("errorsOnlyIn", { count: only.length, color })
          : isRead
            ? t("noErrorOnlyHere", { color })
            : t("logsNotRead")}
      </h3>
      {!isRead && message ? <p className="text-xs text-second">{said(message)}</p> : null}
      <ul>
        {only.slice(0, MOST_SHOWN).map(({ signature, text, count }) => (
          <li key={signature} className="flex gap-2 py-0.5 font-mono text-2xs">
            <span className="shrink-0 text-second">{count}×</span>
            <span className="min-w-0 break-words">{text}</span>
          </li>
        ))}
      </ul>
      {only.length > MOST_SHOWN ? (
        <p className="text-xs text-second">{t("andMore", { count: only.length - MOST_SHOWN })}</p>
      ) : null}
    </div>
  );
}
