"use client";
import { useSaid, useTranslations } from "#translations";
import { useNow } from "@/components/ui/clock.tsx";
import { formatMilliseconds, formatRate, formatShare } from "@/components/ui/format-figure.ts";
import { Sparkline } from "@/components/ui/sparkline.tsx";
import { Age } from "@/components/ui/time.tsx";
import type { SideMetrics } from "@/lib/domain/observation/side-metrics.ts";
import type { Slot, SlotColor } from "@/lib/domain/observation/slot.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { isFresh, isManyErrors, requestsTitle, unmeasuredSaid } from "./request-facts.ts";

/** A side's requests as the load balancer counted them; the same height whether or not there is anything to show. */
export function MetricsBlock({ snapshot, slot }: { snapshot: ApplicationSnapshot; slot: Slot }) {
  const said = useSaid();
  const t = useTranslations("board");
  const { color, metrics } = slot;
  return (
    <div className="h-[76px] shrink-0 border-t border-line px-3.5 pt-2 max-md:hidden">
      <h3 className="sr-only">{t("requestsOf", { color })}</h3>
      {metrics ? (
        <Figures metrics={metrics} color={color} title={said(requestsTitle(snapshot, color, metrics))} />
      ) : (
        <>
          <p className="text-2xs text-second">{t("requestsNotMeasured")}</p>
          <p className="line-clamp-2 text-xs break-words text-second" title={said(unmeasuredSaid(snapshot))}>
            {said(unmeasuredSaid(snapshot))}
          </p>
        </>
      )}
    </div>
  );
}

/** Lines never look dramatic about next to nothing: the scale's end is at least this. */
const LEAST = { perSecond: 1, ms: 10, share: 0.05 } as const;

function Figures({ metrics, color, title }: { metrics: SideMetrics; color: SlotColor; title: string }) {
  const t = useTranslations("board");
  const isNow = isFresh(metrics, useNow(1000));
  const { periodSeconds, series, responseTimeP95Ms, http5xxShare } = metrics;
  const shares = series.map(({ requests, errors }) => (requests > 0 ? errors / requests : null));
  return (
    <dl className="grid grid-cols-3 gap-3.5">
      <Figure title={title} value={`${formatRate(metrics.requestsPerSecond)} /s`} isNow={isNow} metrics={metrics}>
        <Sparkline
          values={series.map(({ requests }) => requests / periodSeconds)}
          color={color}
          least={LEAST.perSecond}
        />
      </Figure>
      <Figure
        title={t("responseTime")}
        value={responseTimeP95Ms === null ? null : formatMilliseconds(responseTimeP95Ms)}
        isNow={isNow}
        metrics={metrics}
      >
        <Sparkline values={series.map(({ p95Ms }) => p95Ms)} color={color} least={LEAST.ms} />
      </Figure>
      <Figure
        title="5xx"
        value={http5xxShare === null ? null : formatShare(http5xxShare)}
        isNow={isNow}
        isFault={isManyErrors(metrics)}
        metrics={metrics}
      >
        <Sparkline values={shares} color={color} least={LEAST.share} />
      </Figure>
    </dl>
  );
}

function Figure({
  title,
  value,
  isNow,
  isFault = false,
  metrics: { at, samples, periodSeconds },
  children,
}: {
  title: string;
  value: string | null;
  isNow: boolean;
  isFault?: boolean;
  metrics: SideMetrics;
  children: React.ReactNode;
}) {
  const t = useTranslations("board");
  return (
    <div className="min-w-0" title={t("requestsIn", { count: samples, seconds: periodSeconds })}>
      <dt className="truncate text-2xs text-second">{title}</dt>
      <dd>
        <span className="flex h-5 items-baseline gap-1.5 overflow-hidden whitespace-nowrap">
          {value === null ? (
            <span className="text-xs leading-5 text-second">{t("noRequests")}</span>
          ) : (
            <span className={`font-semibold ${isFault && isNow ? "text-fault" : isNow ? "" : "text-second"}`}>
              {value}
            </span>
          )}
          {isNow ? null : (
            <span className="text-2xs leading-5 text-warning">{t.rich("old", { age: () => <Age at={at} /> })}</span>
          )}
        </span>
        {children}
      </dd>
    </div>
  );
}
