import Link from "next/link";
import { useSaid, useTranslations } from "#translations";
import { ClockTime } from "@/components/ui/time.tsx";
import type { IncidentHead } from "@/lib/domain/incident/incident.ts";

/** What was kept of an application, newest first, each a link to its page. */
export function IncidentList({ application, incidents }: { application: string; incidents: readonly IncidentHead[] }) {
  const t = useTranslations("incident");
  const said = useSaid();
  return (
    <section id="what-happened" aria-labelledby="what-happened-heading" className="card scroll-mt-4">
      <header className="flex flex-wrap items-baseline gap-x-3 px-3.5 pt-3 pb-2">
        <h2 id="what-happened-heading" className="font-semibold">
          {t("title")}
        </h2>
        <p className="text-xs text-second">{t("listNote")}</p>
      </header>
      {incidents.length === 0 ? (
        <p className="border-t border-line px-3.5 py-6 text-center text-second">{t("none")}</p>
      ) : (
        <ul>
          {incidents.map(({ id, at, title, titleSaid }) => (
            <li key={id} className="flex gap-3 border-t border-line px-3.5 py-2 max-sm:flex-col max-sm:gap-0">
              <span className="shrink-0 text-second">
                <ClockTime at={at} precision="day" />
              </span>
              <Link
                href={`/${encodeURIComponent(application)}/incidents/${encodeURIComponent(id)}`}
                className="min-w-0 break-words hover:underline"
              >
                {said(titleSaid, title)}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
