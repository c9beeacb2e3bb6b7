import type { Metadata } from "next";
import Link from "next/link";
import { DeploymentTable } from "@/components/deployments/deployment-table.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { buttonLook } from "@/components/ui/button-look.ts";
import { EmptyState } from "@/components/ui/notice.tsx";
import { PageLinks } from "@/components/ui/page-links.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { listDeployments } from "@/lib/queries/list-deployments.ts";
import { pageContext } from "../../page-context.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("deployments"))("title") };
}

const PAGE_SIZE = 50;

export default async function DeploymentsPage({
  params,
  searchParams,
}: {
  params: Promise<{ application: string }>;
  searchParams: Promise<{ cursor?: string | string[] }>;
}) {
  const t = await getTranslations("deployments");
  const name = decodeURIComponent((await params).application);
  const { cursor } = await searchParams;
  const result = await listDeployments(await pageContext(), name, {
    limit: PAGE_SIZE,
    ...(typeof cursor === "string" ? { cursor } : {}),
  });
  if (!result.ok) return <Problem title={t("page.cannotBeShown")} problem={result} />;
  const { items, nextCursor } = result.value;
  return (
    <section aria-labelledby="history-heading" className="card">
      <h2 id="history-heading" className="border-b border-line px-3.5 py-2.5 text-base font-semibold">
        {t("title")}
      </h2>
      {items.length === 0 ? (
        <EmptyState title={t("page.none")}>
          <p className="mb-4">{t("page.noneWhy")}</p>
          <Link href={`/${encodeURIComponent(name)}/deploy`} className={buttonLook("primary")}>
            {t("page.deploy")}
          </Link>
        </EmptyState>
      ) : (
        <DeploymentTable deployments={items} />
      )}
      <PageLinks cursor={typeof cursor === "string" ? cursor : ""} nextCursor={nextCursor} />
    </section>
  );
}
