import type { Metadata } from "next";
import { ApprovalList } from "@/components/approvals/approval-list.tsx";
import { KeepFresh } from "@/components/approvals/keep-fresh.tsx";
import { PageHeader } from "@/components/layout/page-header.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { listApprovals } from "@/lib/queries/list-approvals.ts";
import { pageContext } from "../page-context.ts";

export const metadata: Metadata = { title: "Approvals" };

export default async function ApprovalsPage() {
  const result = await listApprovals(await pageContext());
  return (
    <>
      <PageHeader
        title="Approvals"
        detail={result.ok ? `${result.value.yours} of ${result.value.items.length} wait for you` : undefined}
      />
      {result.ok ? (
        <>
          <ApprovalList items={result.value.items} />
          <KeepFresh />
        </>
      ) : (
        <Problem title="What waits for approval cannot be shown" problem={result} />
      )}
    </>
  );
}
