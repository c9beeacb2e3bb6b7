import type { Metadata } from "next";
import { KeepFresh } from "@/components/approvals/keep-fresh.tsx";
import { PageHeader } from "@/components/layout/page-header.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { WaitList } from "@/components/waits/wait-list.tsx";
import { listWaits } from "@/lib/queries/list-waits.ts";
import { pageContext } from "../page-context.ts";

export const metadata: Metadata = { title: "Waits for you" };

export default async function WaitsPage() {
  const result = await listWaits(await pageContext());
  const asked = result.ok ? result.value.items.filter(({ asks }) => asks).length : 0;
  return (
    <>
      <PageHeader
        title="Waits for you"
        detail={result.ok ? `${result.value.yours} of ${asked} wait for you` : undefined}
      />
      {result.ok ? (
        <>
          <WaitList items={result.value.items} />
          <KeepFresh />
        </>
      ) : (
        <Problem title="What waits for people cannot be shown" problem={result} />
      )}
    </>
  );
}
