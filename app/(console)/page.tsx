import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { PageHeader } from "@/components/layout/page-header.tsx";
import { LiveProvider } from "@/components/live/live-provider.tsx";
import { StreamBanner, StreamPill } from "@/components/live/stream-pill.tsx";
import { TitleAlert } from "@/components/live/title-alert.tsx";
import { getSaid, getTranslations } from "@/components/messages/server-translations.ts";
import { Overview } from "@/components/overview/overview.tsx";
import { readOverviewAddress } from "@/components/overview/overview-address.ts";
import { Problem } from "@/components/ui/problem.tsx";
import { maySee } from "@/lib/domain/access/role.ts";
import { getDiscovery } from "@/lib/queries/get-discovery.ts";
import { listSummaries } from "@/lib/queries/list-applications.ts";
import { pageContext } from "./page-context.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("layout"))("nav.overview") };
}

type Query = Record<string, string | string[] | undefined>;

export default async function OverviewPage({ searchParams }: { searchParams: Promise<Query> }) {
  const [ctx, t, query] = await Promise.all([pageContext(), getTranslations("layout"), searchParams]);
  // Nothing to look over yet: what the account has, or what is missing where it has nothing.
  if (ctx.runtime.readiness.subjects().every(({ isConfigured }) => !isConfigured)) {
    const discovery = await getDiscovery(ctx);
    const isEmpty = !discovery.ok || (discovery.value.at !== null && discovery.value.services === 0);
    redirect(isEmpty ? "/readiness" : "/discovery");
  }
  const [result, said] = [await listSummaries(ctx), await getSaid()];
  const unresolved = ctx.runtime.observer.unresolved().filter(({ name }) => maySee(ctx.identity, name));
  if (!result.ok)
    return (
      <>
        <PageHeader title={t("nav.overview")} />
        <Problem title={t("applicationsCannotBeShown")} problem={result} />
      </>
    );
  return (
    <LiveProvider url="/api/v1/live?view=summary" initial={result.value}>
      <PageHeader title={t("nav.overview")} detail={t("applications", { count: result.value.length })}>
        <StreamPill />
      </PageHeader>
      <Overview
        problems={unresolved.map((each) => ({ name: each.name, message: said(each.said, each.message) }))}
        address={readOverviewAddress(textsOf(query))}
      />
      <StreamBanner />
      <TitleAlert />
    </LiveProvider>
  );
}

/** Of what is given more than once, nothing is meant. */
function textsOf(query: Query): URLSearchParams {
  return new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}
