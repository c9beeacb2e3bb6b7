import { useSaid, useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { Age } from "@/components/ui/time.tsx";
import type { DiscoveryReport } from "@/lib/domain/discovery/discovery-report.ts";

/** When AWS was looked at and what could not be; while it is looked at, since when. */
export function DiscoveryHead({
  report,
  isBusy,
  onAsk,
}: {
  report: DiscoveryReport;
  isBusy: boolean;
  onAsk: () => void;
}) {
  const t = useTranslations("discovery");
  const said = useSaid();
  const { region, at, lookingSince, services, entrances, notSeen } = report;
  return (
    <>
      <section aria-label={t("title")} className="card flex flex-wrap items-center gap-x-4 gap-y-2 px-3.5 py-3">
        <div className="flex min-w-0 flex-1 basis-64 flex-col gap-0.5">
          {at === null ? null : <p>{t.rich("looked", { region, services, entrances, age: () => <Age at={at} /> })}</p>}
          <p role="status">
            {lookingSince === null ? null : t.rich("looking", { region, age: () => <Age at={lookingSince} /> })}
          </p>
          <p className="text-sm text-second">{t("nothingChanges")}</p>
        </div>
        <Button size="small" busy={isBusy || lookingSince !== null} onClick={onAsk}>
          {t("lookAgain")}
        </Button>
      </section>
      {notSeen.length > 0 ? (
        <Notice tone="warning" compact title={t("notSeenTitle", { count: notSeen.length })}>
          <ul>
            {notSeen.map((one) => (
              <li key={one.message}>{said(one.said, one.message)}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
    </>
  );
}
