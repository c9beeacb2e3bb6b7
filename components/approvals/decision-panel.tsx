"use client";
import Link from "next/link";
import { useId } from "react";
import { useSaid, useTranslations } from "#translations";
import { blockerWords, ruleChange, stickySaid } from "@/components/board/board-facts.ts";
import { isDriven, switchSaid } from "@/components/board/driven-facts.ts";
import type { ActionRunner } from "@/components/board/use-action.ts";
import type { Sayer } from "@/components/messages/said.ts";
import { Button } from "@/components/ui/button.tsx";
import { FactList } from "@/components/ui/fact-list.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import { Age } from "@/components/ui/time.tsx";
import { approvalCountSaid } from "@/lib/domain/deployment/approval.ts";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { driverName } from "@/lib/domain/deployment/gate-words.ts";
import { otherColor, type SlotColor } from "@/lib/domain/observation/slot.ts";
import { whoCountsSaid } from "@/lib/domain/rules/approval-rules.ts";
import { say } from "@/lib/domain/sentence/sentence.ts";
import { isCalm } from "@/lib/domain/snapshot/is-calm.ts";
import type { Receipt } from "@/lib/domain/snapshot/receipt.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import type { Blocker } from "@/lib/domain/verb/blocker.ts";
import { ApprovalPeople } from "./approval-people.tsx";

/** What both answers need. */
interface Decision {
  deployment: Deployment;
  snapshot: ApplicationSnapshot;
  receipt: Receipt | null;
  /** Why this person cannot approve now; null when they can. */
  blocker: Blocker | null;
  runner: ActionRunner;
  comment: string;
  onComment: (text: string) => void;
  approve: () => void;
  reject: () => void;
}

/** What the switch will do, who said what, and the two answers: approve first, reject apart at the foot. */
export function DecisionPanel(props: Decision) {
  const t = useTranslations("approvals");
  const said = useSaid();
  const { deployment, snapshot, receipt, blocker, runner, comment, onComment, reject } = props;
  const { approval } = deployment;
  const commentId = useId();
  const isOpen = deployment.status === "IN_PROGRESS" && approval?.state === "waiting";
  return (
    <section className="card flex min-w-0 flex-col gap-3 p-4 lg:sticky lg:top-3" aria-labelledby="decision-heading">
      <h2 id="decision-heading" className="font-semibold">
        {approval ? said(approvalCountSaid(approval)) : t("notNeeded")}
        {approval ? (
          <span className="block text-xs font-normal text-second">
            {t("of", { who: said(whoCountsSaid(approval)) })}
          </span>
        ) : null}
      </h2>
      <ApprovalPeople deployment={deployment} />
      {receipt ? <SwitchFacts deployment={deployment} snapshot={snapshot} receipt={receipt} /> : null}
      {runner.problem ? (
        <div role="alert">
          <Notice tone="fault" compact title={runner.problem.message}>
            {runner.problem.fix}
          </Notice>
        </div>
      ) : null}
      {isOpen ? (
        <>
          <div>
            <label htmlFor={commentId} className="mb-1 block text-xs text-second">
              {t("comment")}
            </label>
            <textarea
              id={commentId}
              value={comment}
              rows={2}
              maxLength={500}
              onChange={(event) => onComment(event.target.value)}
              className="field h-auto w-full py-1.5"
            />
          </div>
          <div className="max-lg:hidden">
            <ApproveButton {...props} idPrefix="panel" />
          </div>
          <div className="mt-4 border-t border-line pt-3">
            <Button
              wide
              blocked={rejectBlocked(said, blocker, comment)}
              busy={runner.running !== null}
              onClick={() => reject()}
            >
              {t("rejectStays", { from: deployment.from })}
            </Button>
          </div>
        </>
      ) : (
        <p className="text-second">
          {t("nothingLeft")}{" "}
          <Link href={`/${encodeURIComponent(deployment.application)}`} className="underline underline-offset-2">
            {t("toBoard")}
          </Link>
        </p>
      )}
    </section>
  );
}

/** The primary answer, in words that say what will happen, with what is in its way under it. */
export function ApproveButton({
  deployment,
  snapshot,
  receipt,
  blocker,
  runner,
  approve,
  idPrefix,
}: Decision & { idPrefix: string }) {
  const t = useTranslations("approvals");
  const said = useSaid();
  const { approval, to } = deployment;
  const isLast = approval !== undefined && approval.approvers - approval.given <= 1;
  const blocked = blocker ? blockerWords(said, blocker) : receipt ? null : t("notReadable");
  const reasonId = `${idPrefix}-approve-reason`;
  return (
    <div>
      <Button
        look="primary"
        size="large"
        wide
        blocked={blocked}
        reasonId={blocked ? reasonId : undefined}
        busy={runner.running !== null}
        onClick={() => approve()}
      >
        {runner.running === t("approve") ? t("approving") : isLast ? lastWords(said, snapshot, to) : t("approve")}
        {isLast ? <SlotMark color={to} size={18} dimmed={blocked !== null} /> : null}
      </Button>
      {blocked ? (
        <p id={reasonId} className="mt-1 text-xs break-words text-second">
          {blocked}
        </p>
      ) : null}
    </div>
  );
}

/** What the last approval sets going. */
function lastWords(said: Sayer, snapshot: ApplicationSnapshot, to: SlotColor): string {
  if (!isDriven(snapshot)) return said(say("approvals.approveAndSwitch", { to }));
  const words = said(switchSaid(snapshot, to));
  return said(say("approvals.approveThen", { what: `${words.charAt(0).toLowerCase()}${words.slice(1)}` }));
}

function rejectBlocked(said: Sayer, blocker: Blocker | null, comment: string): string | null {
  // Whose yes does not count may still say no; who may not decide at all may not.
  if (blocker?.code === "FORBIDDEN") return blockerWords(said, blocker);
  return comment.trim() === "" ? said(say("approvals.sayWhy")) : null;
}

function SwitchFacts({
  deployment,
  snapshot,
  receipt,
}: {
  deployment: Deployment;
  snapshot: ApplicationSnapshot;
  receipt: Receipt;
}) {
  const t = useTranslations("approvals");
  const said = useSaid();
  const { to } = deployment;
  const inTheWay = receipt.blockers.filter((each) => each.code !== "APPROVAL_REQUIRED");
  const facts = [
    [t("fact.rule"), said(ruleChange(receipt.weights, to))],
    [t("fact.listener"), snapshot.traffic.name],
    [t("fact.sticky"), said(stickySaid(snapshot, otherColor(to)))],
    [
      t("fact.afterwards"),
      isDriven(snapshot)
        ? t("keepsUntilEnd", { driver: driverName(snapshot.controller), side: otherColor(to) })
        : t("staysWarm", { side: otherColor(to) }),
    ],
  ] as const;
  return (
    <div>
      <h3 className="mb-1 text-xs text-second">{t("whatSwitchDoes")}</h3>
      <FactList facts={facts} className="text-xs leading-[18px]" />
      {inTheWay.map((each) => (
        <div key={each.code} className="mt-2">
          <Notice tone="warning" compact title={said(each.said, each.message)}>
            {t("goesOnThen")}
          </Notice>
        </div>
      ))}
      {receipt.warnings.map((warning, place) => {
        const warningSaid = receipt.warningsSaid?.[place];
        return (
          <p key={warning} className={`mt-1 text-xs ${isCalm(warningSaid) ? "text-second" : "text-warning"}`}>
            {said(warningSaid, warning)}
          </p>
        );
      })}
      <p className="mt-1 text-xs text-second">
        {t.rich("readFrom", {
          age: () => <Age at={receipt.observedAt} fine />,
          hash: receipt.approvalHash.slice(0, 12),
          span: (chunks) => <span className="font-mono">{chunks}</span>,
        })}
      </p>
    </div>
  );
}
