import { useSaid, useTranslations } from "#translations";
import { formatDuration } from "@/components/ui/format-time.ts";
import { ClockTime } from "@/components/ui/time.tsx";
import { monthlySum } from "@/lib/domain/readiness/monthly-sum.ts";
import type { ReadinessReport } from "@/lib/domain/readiness/readiness.ts";

/** When each step came true, oldest first, and how long it took from the first look to the first release that ended well. */
export function ReadinessTimeline({ report }: { report: ReadinessReport }) {
  const t = useTranslations("readiness");
  const said = useSaid();
  const { firstLookAt, firstGreenAfterMs } = report;
  const there = report.steps.flatMap(({ since, ...step }) => (since === null ? [] : [{ ...step, since }]));
  if (firstLookAt === null) return null;
  const time = () => <ClockTime at={firstLookAt} precision="day" />;
  return (
    <section aria-labelledby="timeline-title" className="card px-3.5 py-3">
      <h2 id="timeline-title" className="font-semibold">
        {t("timeline")}
      </h2>
      <p className="text-sm text-second">
        {firstGreenAfterMs === null
          ? t.rich("firstLook", { time })
          : t.rich("firstLookGreen", { time, duration: formatDuration(firstGreenAfterMs) })}
      </p>
      <ol className="mt-2 flex flex-col gap-1">
        {there
          .toSorted((a, b) => a.since - b.since || a.number - b.number)
          .map(({ id, number, title, titleSaid, since }) => (
            <li key={id} className="flex flex-wrap gap-x-3 text-sm">
              <span className="min-w-36 text-second">
                <ClockTime at={since} precision="day" />
              </span>
              <a href={`#step-${id}`} className="inline-flex items-center underline">
                {number} {said(titleSaid, title)}
              </a>
            </li>
          ))}
      </ol>
    </section>
  );
}

/** What stands a month, and what would be added. */
export function ReadinessCost({ report: { cost, region } }: { report: Pick<ReadinessReport, "cost" | "region"> }) {
  const t = useTranslations("readiness");
  return (
    <section aria-labelledby="cost-title" className="card px-3.5 py-3">
      <h2 id="cost-title" className="font-semibold">
        {t("cost")}
      </h2>
      {cost === null ? (
        <p className="text-sm text-second">{t("noPrices", { region })}</p>
      ) : (
        <>
          <p className="text-sm text-second">{t("costNote", { asOf: cost.asOf })}</p>
          <CostList title={t("costNow")} items={cost.there} />
          <CostList title={t("costLater")} items={cost.later} />
        </>
      )}
    </section>
  );
}

function CostList({ title, items }: { title: string; items: NonNullable<ReadinessReport["cost"]>["there"] }) {
  const t = useTranslations("readiness");
  const said = useSaid();
  return (
    <div className="mt-2 text-sm">
      <h3 className="flex justify-between gap-3 font-medium">
        {title} <span className="tabular-nums">{t("about", { amount: `$${monthlySum(items).toFixed(2)}` })}</span>
      </h3>
      <ul>
        {items.map(({ what, said: whatSaid, monthly }) => (
          <li key={what} className="flex justify-between gap-3 text-second">
            {said(whatSaid, what)} <span className="tabular-nums">${monthly.toFixed(2)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
