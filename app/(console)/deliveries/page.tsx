import type { Metadata } from "next";
import { DeliveryFilters } from "@/components/deliveries/delivery-filters.tsx";
import { type DeliveryRow, DeliveryTable } from "@/components/deliveries/delivery-table.tsx";
import { findRetryBlock } from "@/components/deliveries/delivery-words.ts";
import { EndpointList } from "@/components/deliveries/endpoint-list.tsx";
import { RefreshWhile } from "@/components/deliveries/refresh-while.tsx";
import { PageHeader } from "@/components/layout/page-header.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { EmptyState } from "@/components/ui/notice.tsx";
import { PageLinks } from "@/components/ui/page-links.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import type { Delivery } from "@/lib/domain/notification/notification.ts";
import { listDeliveries } from "@/lib/queries/list-deliveries.ts";
import { listEndpoints } from "@/lib/queries/list-endpoints.ts";
import { findPermissionRefusal } from "@/lib/request/permission.ts";
import { pageContext } from "../page-context.ts";
import { retryDeliveryAction } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("deliveries"))("title") };
}

type Query = Record<string, string | string[] | undefined>;

export default async function DeliveriesPage({ searchParams }: { searchParams: Promise<Query> }) {
  const t = await getTranslations("deliveries");
  const query = await searchParams;
  const text = (name: string) => (typeof query[name] === "string" ? query[name].trim() : "");
  const choice = { application: text("application"), state: text("state") };
  const ctx = await pageContext();
  const [result, endpoints] = await Promise.all([
    listDeliveries(ctx, { ...choice, cursor: text("cursor") }),
    listEndpoints(ctx),
  ]);
  const configured = endpoints.ok ? endpoints.value : [];
  const rowOf = (delivery: Delivery): DeliveryRow => {
    const refusal = findPermissionRefusal(ctx, "deliveries", delivery.notification.application);
    const isConfigured = configured.some(({ id }) => id === delivery.endpoint);
    return {
      delivery,
      retryBlocked: refusal?.said ?? refusal?.message ?? findRetryBlock(delivery, isConfigured),
    };
  };
  const filter = Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== ""));
  return (
    <>
      <PageHeader title={t("title")} detail={t("detail")} />
      <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,1fr)_320px]">
        <section aria-label={t("title")} className="card min-w-0">
          <form className="flex flex-wrap items-center gap-2 border-b border-line px-3.5 py-2.5">
            <DeliveryFilters choice={choice} />
          </form>
          {result.ok ? (
            <>
              <RefreshWhile isGoingOn={result.value.items.some(({ state }) => state === "pending")} />
              {result.value.items.length > 0 ? (
                <DeliveryTable rows={result.value.items.map(rowOf)} onRetry={retryDeliveryAction} />
              ) : (
                <EmptyState title={Object.keys(filter).length > 0 ? t("nothingMatches") : t("nothingYet")}>
                  <p>{t("about")}</p>
                </EmptyState>
              )}
              <PageLinks filter={filter} cursor={text("cursor")} nextCursor={result.value.nextCursor} />
            </>
          ) : (
            <div className="p-3.5">
              <Problem title={t("cannotBeShown")} problem={result} />
            </div>
          )}
        </section>
        <section aria-labelledby="endpoints-heading" className="card min-w-0">
          <h2 id="endpoints-heading" className="border-b border-line px-3.5 py-2.5 font-semibold">
            {t("endpoints")}
          </h2>
          {configured.length > 0 ? (
            <EndpointList endpoints={configured} />
          ) : (
            <EmptyState title={t("nobody")}>
              <p>{t.rich("nobodyWhy", { mono: (chunks) => <span className="font-mono text-xs">{chunks}</span> })}</p>
            </EmptyState>
          )}
        </section>
      </div>
    </>
  );
}
