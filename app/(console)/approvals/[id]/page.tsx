import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ApprovalDesk } from "@/components/approvals/approval-desk.tsx";
import { ErrorsLine } from "@/components/incidents/errors-line.tsx";
import { PageHeader } from "@/components/layout/page-header.tsx";
import { LiveProvider } from "@/components/live/live-provider.tsx";
import { StreamBanner, StreamPill } from "@/components/live/stream-pill.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { Problem } from "@/components/ui/problem.tsx";
import { can } from "@/lib/domain/access/role.ts";
import { approverOf } from "@/lib/domain/rules/approval-rules.ts";
import { getApplication } from "@/lib/queries/get-application.ts";
import { getApproval } from "@/lib/queries/get-approval.ts";
import { pageContext } from "../../page-context.ts";
import { approveAction, rejectAction } from "../actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("approvals"))("page.approval") };
}

const ACTIONS = { approve: approveAction, reject: rejectAction };

export default async function ApprovalPage({ params }: { params: Promise<{ id: string }> }) {
  const [ctx, t] = await Promise.all([pageContext(), getTranslations("approvals")]);
  const result = await getApproval(ctx, decodeURIComponent((await params).id));
  if (!result.ok && result.code === "NOT_FOUND") notFound();
  const application = result.ok ? result.value.deployment.application : null;
  const snapshot = application === null ? null : await getApplication(ctx, application);
  const failed = result.ok ? snapshot : result;
  if (!result.ok || !snapshot?.ok || application === null)
    return (
      <>
        <PageHeader title={t("page.approval")} />
        {failed && !failed.ok ? <Problem title={t("page.cannotBeShown")} problem={failed} /> : null}
      </>
    );
  return (
    <LiveProvider url={`/api/v1/applications/${encodeURIComponent(application)}/live`} initial={[snapshot.value]}>
      <PageHeader title={application} detail={t("page.detail")}>
        <StreamPill application={application} />
      </PageHeader>
      <div className="mb-3">
        <ErrorsLine application={application} isListed />
      </div>
      <ApprovalDesk
        view={result.value}
        approver={approverOf(ctx.identity, application)}
        mayDecide={can(ctx.identity, "approve", application)}
        actions={ACTIONS}
      />
      <StreamBanner />
    </LiveProvider>
  );
}
