import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { PageHeader } from "@/components/layout/page-header.tsx";
import { LiveProvider } from "@/components/live/live-provider.tsx";
import { StreamBanner, StreamPill } from "@/components/live/stream-pill.tsx";
import { TitleAlert } from "@/components/live/title-alert.tsx";
import { Overview } from "@/components/overview/overview.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { maySee } from "@/lib/domain/access/role.ts";
import { listApplications } from "@/lib/queries/list-applications.ts";
import { pageContext } from "./page-context.ts";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const ctx = await pageContext();
  // Nothing to look over yet: what is missing, and how to begin.
  if (ctx.runtime.readiness.subjects().every(({ isConfigured }) => !isConfigured)) redirect("/readiness");
  const result = await listApplications(ctx);
  if (!result.ok)
    return (
      <>
        <PageHeader title="Overview" />
        <Problem title="The applications cannot be shown" problem={result} />
      </>
    );
  return (
    <LiveProvider url="/api/v1/live" initial={result.value}>
      <PageHeader title="Overview" detail={`${result.value.length} application${result.value.length === 1 ? "" : "s"}`}>
        <StreamPill />
      </PageHeader>
      <Overview problems={ctx.runtime.observer.unresolved().filter(({ name }) => maySee(ctx.identity, name))} />
      <StreamBanner />
      <TitleAlert />
    </LiveProvider>
  );
}
