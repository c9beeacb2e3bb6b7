import type { Metadata } from "next";
import Link from "next/link";
import { DeploymentTable } from "@/components/deployments/deployment-table.tsx";
import { buttonLook } from "@/components/ui/button-look.ts";
import { EmptyState } from "@/components/ui/notice.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { listDeployments } from "@/lib/queries/list-deployments.ts";
import { pageContext } from "../../page-context.ts";

export const metadata: Metadata = { title: "Deployments" };

const PAGE_SIZE = 50;

export default async function DeploymentsPage({
  params,
  searchParams,
}: {
  params: Promise<{ application: string }>;
  searchParams: Promise<{ cursor?: string | string[] }>;
}) {
  const name = decodeURIComponent((await params).application);
  const { cursor } = await searchParams;
  const result = await listDeployments(await pageContext(), name, {
    limit: PAGE_SIZE,
    ...(typeof cursor === "string" ? { cursor } : {}),
  });
  if (!result.ok) return <Problem title="The history cannot be shown" problem={result} />;
  const { items, nextCursor } = result.value;
  return (
    <section aria-labelledby="history-heading" className="card">
      <h2 id="history-heading" className="border-b border-line px-3.5 py-2.5 text-base font-semibold">
        Deployments
      </h2>
      {items.length === 0 ? (
        <EmptyState title="No deployments yet">
          <p className="mb-4">
            Every deployment, switch and rollback will stand here, with who asked for it, why, and how it ended.
          </p>
          <Link href={`/${encodeURIComponent(name)}/deploy`} className={buttonLook("primary")}>
            Deploy a new version
          </Link>
        </EmptyState>
      ) : (
        <DeploymentTable deployments={items} />
      )}
      {nextCursor || cursor ? (
        <nav aria-label="Pages" className="flex justify-between border-t border-line px-3.5 py-2">
          {cursor ? <Link href="?">Newest</Link> : <span />}
          {nextCursor ? <Link href={`?cursor=${encodeURIComponent(nextCursor)}`}>Older</Link> : null}
        </nav>
      ) : null}
    </section>
  );
}
