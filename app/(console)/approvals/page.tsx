import type { Metadata } from "next";
import { KeepFresh } from "@/components/approvals/keep-fresh.tsx";
import { PageHeader } from "@/components/layout/page-header.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { Problem } from "@/components/ui/problem.tsx";
import { WaitList } from "@/components/waits/wait-list.tsx";
import { listWaits } from "@/lib/queries/list-waits.ts";
import { pageContext } from "../page-context.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("waits"))("forYou") };
}

export default async function WaitsPage() {
  const t = await getTranslations("waits");
  const result = await listWaits(await pageContext());
  const asked = result.ok ? result.value.items.filter(({ asks }) => asks).length : 0;
  return (
    <>
      <PageHeader
        title={t("forYou")}
        detail={result.ok ? t("detail", { yours: result.value.yours, asked }) : undefined}
      />
      {result.ok ? (
        <>
          <WaitList items={result.value.items} />
          <KeepFresh />
        </>
      ) : (
        <Problem title={t("cannotBeShown")} problem={result} />
      )}
    </>
  );
}
