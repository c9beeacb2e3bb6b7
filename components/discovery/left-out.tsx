import { useSaid, useTranslations } from "#translations";
import { ROW_CELLS, ScrollTable } from "@/components/ui/scroll-table.tsx";
import type { DiscoveryReport } from "@/lib/domain/discovery/discovery-report.ts";

/** Services that form no application, each with the reason; nothing when there are none. */
export function LeftOut({ services }: { services: DiscoveryReport["leftOut"] }) {
  const t = useTranslations("discovery");
  const said = useSaid();
  if (services.length === 0) return null;
  return (
    <section aria-labelledby="left-out-title" className="card">
      <h2 id="left-out-title" className="px-3.5 pt-2 font-semibold">
        {t("leftOut")} <span className="font-normal text-second">{services.length}</span>
      </h2>
      <p className="px-3.5 pb-1 text-sm text-second">{t("leftOutNote")}</p>
      <ScrollTable
        label={t("leftOut")}
        order={t("column.service")}
        columns={(["service", "cluster", "why"] as const).map((column) => ({ name: t(`column.${column}`) }))}
      >
        {services.map(({ service, cluster, message, said: why }) => (
          <tr key={`${cluster}/${service}`} className={`border-b border-line align-top last:border-b-0 ${ROW_CELLS}`}>
            <td className="py-1.5 font-medium break-all">{service}</td>
            <td className="py-1.5 break-all text-second">{cluster}</td>
            <td className="min-w-64 py-1.5 text-second">{said(why, message)}</td>
          </tr>
        ))}
      </ScrollTable>
    </section>
  );
}
