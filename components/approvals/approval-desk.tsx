"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { ChangedNotice } from "@/components/board/changed-notice.tsx";
import { describeReceiptChanges } from "@/components/board/receipt-changes.ts";
import { useActionRunner } from "@/components/board/use-action.ts";
import { EvidenceView } from "@/components/deployments/evidence-view.tsx";
import { useSnapshot } from "@/components/live/live-provider.tsx";
import { statusSaid, titleSaid } from "@/components/live/stage-words.ts";
import type { Sayer } from "@/components/messages/said.ts";
import { useNow } from "@/components/ui/clock.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import { ClockTime, Countdown } from "@/components/ui/time.tsx";
import { actorSaid } from "@/lib/domain/deployment/actor-said.ts";
import { canonicalSubject, hasSaid, standingApprovals, subjectOf } from "@/lib/domain/deployment/approval.ts";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { type Approver, findApproveRefusals, timeLimitSaid } from "@/lib/domain/rules/approval-rules.ts";
import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";
import type { Receipt } from "@/lib/domain/snapshot/receipt.ts";
import type { Blocker } from "@/lib/domain/verb/blocker.ts";
import type { ApprovalActions, ApprovalView } from "./approval-actions.ts";
import { ApprovalBehaviour } from "./approval-behaviour.tsx";
import { ApprovalChanges } from "./approval-changes.tsx";
import { ApproveButton, DecisionPanel } from "./decision-panel.tsx";

/**
 * All that an approver needs on one page: what changes, how the new side does, what the switch will do, who said what, and the
 * two answers. What is approved is the receipt that is shown: when it no longer holds, it is read again and says so.
 */
export function ApprovalDesk({
  view,
  approver,
  mayDecide,
  actions,
}: {
  view: ApprovalView;
  approver: Approver;
  mayDecide: boolean;
  actions: ApprovalActions;
}) {
  const t = useTranslations("approvals");
  const { id, application } = view.deployment;
  const snapshot = useSnapshot(application);
  const live = [snapshot.deployment, snapshot.lastDeployment].find((each) => each?.id === id);
  const deployment = live ?? view.deployment;
  const { receipt, changes } = useReceipt(view.receipt, deployment);
  const runner = useActionRunner();
  const said = useSaid();
  const router = useRouter();
  const [comment, setComment] = useState("");
  const now = useNow(1000);
  const blocker = findBlocker(said, deployment, view.blocker, approver, mayDecide, now);
  const note = comment.trim() ? { comment: comment.trim() } : {};
  const approve = async () => {
    if (!receipt) return;
    const result = await runner.run(t("approve"), () =>
      actions.approve({ deploymentId: id, receipt: receipt.approvalHash, ...note }),
    );
    if (result?.ok) setComment("");
    router.refresh();
  };
  const reject = async () => {
    const result = await runner.run(t("reject"), () => actions.reject({ deploymentId: id, ...note }));
    if (result?.ok) setComment("");
    router.refresh();
  };
  const decision = { deployment, snapshot, receipt, blocker, runner, comment, onComment: setComment, approve, reject };
  return (
    <>
      <Head deployment={deployment} />
      <div className="grid items-start gap-3 pb-4 lg:grid-cols-[minmax(0,1fr)_360px]">
        <div className="flex min-w-0 flex-col gap-3">
          <ChangedNotice title={t("changed")} changes={changes} />
          {view.problem ? <Notice tone="warning" compact title={view.problem} /> : null}
          <ApprovalChanges deployment={deployment} changes={view.changes} />
          <ApprovalBehaviour snapshot={snapshot} color={deployment.to} />
          {deployment.evidence ? <EvidenceView evidence={deployment.evidence} /> : null}
        </div>
        <DecisionPanel {...decision} />
      </div>
      <div
        data-bar
        className="sticky bottom-0 z-20 -mx-4 mt-auto -mb-4 border-t border-line bg-ground px-3.5 pt-3 pb-[max(12px,env(safe-area-inset-bottom))] max-md:-mx-3.5 lg:hidden [@media(max-height:480px)]:static"
      >
        <ApproveButton {...decision} idPrefix="bar" />
      </div>
    </>
  );
}

/** The receipt as last read; when what is there is no longer as on it, it is read again, with what changed since the first. */
function useReceipt(read: Receipt | null, deployment: Deployment): { receipt: Receipt | null; changes: Sentence[] } {
  const router = useRouter();
  const first = useRef(read);
  const snapshot = useSnapshot(deployment.application);
  const now = canonicalSubject(subjectOf(snapshot, deployment.to));
  const asRead = read && canonicalSubject(read);
  const asked = useRef<string | null>(null);
  useEffect(() => {
    if (asRead === null || asRead === now || asked.current === now) return;
    asked.current = now;
    router.refresh();
  }, [asRead, now, router]);
  const before = first.current;
  const isSame = !read || !before || read.approvalHash === before.approvalHash;
  return { receipt: read, changes: isSame ? [] : describeReceiptChanges(before, read) };
}

/** Why this person cannot decide now, by the newest record; null when they can. */
function findBlocker(
  said: Sayer,
  deployment: Deployment,
  first: Blocker | null,
  approver: Approver,
  mayDecide: boolean,
  now: number,
): Blocker | null {
  const refusal = findApproveRefusals(deployment, approver, now)[0];
  const blocker = refusal ? { ...refusal, message: said(refusal.said), fix: said(refusal.fixSaid) } : null;
  if (blocker && blocker.code !== "APPROVER_NOT_COUNTED" && blocker.code !== "OWN_DEPLOYMENT") return blocker;
  if (!mayDecide) return first ?? { code: "FORBIDDEN", message: "", said: say("approvals.roleMayNot") };
  if (hasSaid(standingApprovals(deployment), approver))
    return { code: "APPROVAL_NOT_NEEDED", message: "", said: say("approvals.youApproved") };
  return blocker;
}

function Head({ deployment }: { deployment: Deployment }) {
  const t = useTranslations("approvals");
  const said = useSaid();
  const { approval, reason, application, id } = deployment;
  const isOpen = approval?.state === "waiting" && approval.expiresAt !== null && deployment.status === "IN_PROGRESS";
  return (
    <header className="card mb-3 flex flex-wrap items-center gap-x-6 gap-y-1 px-4 py-3">
      <h2 className="flex items-center gap-2.5 text-lg font-semibold">
        <SlotMark color={deployment.to} size={22} />
        {said(titleSaid(deployment))}
      </h2>
      <p className="min-w-0 break-words text-second">
        {reason
          ? t("askedForWhy", { status: said(statusSaid(deployment)), by: said(actorSaid(deployment)), reason })
          : t("askedFor", { status: said(statusSaid(deployment)), by: said(actorSaid(deployment)) })}{" "}
        <Link href={`/${encodeURIComponent(application)}/deployments/${id}`} className="underline underline-offset-2">
          {t("allOfIt")}
        </Link>
      </p>
      {isOpen ? (
        <p className="basis-full">
          {t.rich("ifNobodyActs", {
            time: () => <ClockTime at={approval.expiresAt ?? 0} precision="day" />,
            what: said(timeLimitSaid(deployment)),
            left: () => <Countdown until={approval.expiresAt ?? 0} />,
            quiet: (chunks) => <span className="text-second">{chunks}</span>,
          })}
        </p>
      ) : null}
    </header>
  );
}
