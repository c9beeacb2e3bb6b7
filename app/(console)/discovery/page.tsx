import type { Metadata } from "next";
import Link from "next/link";
import { DiscoveryDesk } from "@/components/discovery/discovery-desk.tsx";
import { PageHeader } from "@/components/layout/page-header.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { Problem } from "@/components/ui/problem.tsx";
import { getDiscovery } from "@/lib/queries/get-discovery.ts";
import { pageContext } from "../page-context.ts";
import { addApplicationsAction } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("discovery"))("title") };
}

const ACTIONS = { add: addApplicationsAction };

export default async function DiscoveryPage() {
  const [t, ctx] = await Promise.all([getTranslations("discovery"), pageContext()]);
  const result = await getDiscovery(ctx);
  return (
    <>
      <PageHeader title={t("title")} detail={t("detail")}>
        <Link href="/readiness" className="inline-flex items-center text-sm underline">
          {t("toReadiness")}
        </Link>
      </PageHeader>
      {result.ok ? (
        <DiscoveryDesk initial={result.value} actions={ACTIONS} />
      ) : (
        <Problem title={t("cannotBeShown")} problem={result} />
      )}
    </>
  );
}
