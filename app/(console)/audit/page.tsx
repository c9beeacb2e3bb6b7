import type { Metadata } from "next";
import { type AuditChoice, AuditFilters } from "@/components/audit/audit-filters.tsx";
import { AuditTable } from "@/components/audit/audit-table.tsx";
import { ExportButton } from "@/components/audit/export-button.tsx";
import { HandoverButton } from "@/components/audit/handover-button.tsx";
import { PageHeader } from "@/components/layout/page-header.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { EmptyState } from "@/components/ui/notice.tsx";
import { PageLinks } from "@/components/ui/page-links.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { listAudit } from "@/lib/queries/list-audit.ts";
import { pageContext } from "../page-context.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("audit"))("title") };
}

const PAGE_SIZE = 100;
/** A shift and a little more. */
const HANDOVER_HOURS = 12;
type Query = Record<string, string | string[] | undefined>;

function text(query: Query, name: string): string {
  const value = query[name];
  return typeof value === "string" ? value.trim() : "";
}

/** A field gives a time without a zone, and is labelled UTC. */
function inUtc(name: "from" | "to", value: string): Record<string, string> {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(value) ? { [name]: `${value}Z` } : {};
}

export default async function AuditPage({ searchParams }: { searchParams: Promise<Query> }) {
  const t = await getTranslations("audit");
  const query = await searchParams;
  const choice: AuditChoice = {
    application: text(query, "application"),
    actor: text(query, "actor"),
    verb: text(query, "verb"),
    outcome: text(query, "outcome"),
    from: text(query, "from"),
    to: text(query, "to"),
  };
  const shown = Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== ""));
  const filter = { ...shown, ...inUtc("from", choice.from), ...inUtc("to", choice.to) };
  const cursor = text(query, "cursor");
  const result = await listAudit(await pageContext(), { ...filter, limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) });
  const search = new URLSearchParams(filter);
  return (
    <>
      <PageHeader title={t("title")} detail={t("detail")} />
      <section aria-label={t("title")} className="card">
        <form className="flex flex-wrap items-center gap-2 border-b border-line px-3.5 py-2.5">
          <AuditFilters choice={choice} />
          <div className="ml-auto flex flex-wrap items-center gap-2">
            <HandoverButton
              url={`/api/v1/applications/${encodeURIComponent(choice.application)}/handover?hours=${HANDOVER_HOURS}`}
              label={t("copyHandoverOf", { hours: HANDOVER_HOURS })}
              blocked={choice.application === "" ? t("handoverBlocked") : null}
            />
            <ExportButton format="csv" url={`/api/v1/audit?${search}`} />
            <ExportButton format="ndjson" url={`/api/v1/audit?${search}`} />
          </div>
        </form>
        {result.ok ? (
          <>
            {result.value.items.length > 0 ? (
              <AuditTable entries={result.value.items} />
            ) : (
              <EmptyState title={search.size > 0 ? t("nothingMatches") : t("nothingYet")}>
                <p>{t("about")}</p>
              </EmptyState>
            )}
            <PageLinks filter={shown} cursor={cursor} nextCursor={result.value.nextCursor} />
          </>
        ) : (
          <div className="p-3.5">
            <Problem title={t("cannotBeShown")} problem={result} />
          </div>
        )}
      </section>
    </>
  );
}
