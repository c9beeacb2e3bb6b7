"use client";
import Link from "next/link";
import { useId } from "react";
import { useSaid } from "#translations";
import { blockerWords, ruleChange, stickySaid } from "@/components/board/board-facts.ts";
import { isDriven, switchSaid } from "@/components/board/driven-facts.ts";
import type { ActionRunner } from "@/components/board/use-action.ts";
import type { Sayer } from "@/components/messages/said.ts";
import { Button } from "@/components/ui/button.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import { Age } from "@/components/ui/time.tsx";
import { approvalCount } from "@/lib/domain/deployment/approval.ts";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { driverName } from "@/lib/domain/deployment/gate-words.ts";
import { otherColor, type SlotColor } from "@/lib/domain/observation/slot.ts";
import { whoCounts } from "@/lib/domain/rules/approval-rules.ts";
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
  const said = useSaid();
  const { deployment, snapshot, receipt, blocker, runner, comment, onComment, reject } = props;
  const { approval } = deployment;
  const commentId = useId();
  const isOpen = deployment.status === "IN_PROGRESS" && approval?.state === "waiting";
  return (
    <section className="card flex min-w-0 flex-col gap-3 p-4 lg:sticky lg:top-3" aria-labelledby="decision-heading">
      <h2 id="decision-heading" className="font-semibold">
        {approval ? approvalCount(approval) : "No approval is needed"}
        {approval ? <span className="block text-xs font-normal text-second">of {whoCounts(approval)}</span> : null}
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
              Comment, for the record
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
              Reject: {deployment.from} stays live
            </Button>
          </div>
        </>
      ) : (
        <p className="text-second">
          Nothing is left to decide here.{" "}
          <Link href={`/${encodeURIComponent(deployment.application)}`} className="underline underline-offset-2">
            To the board
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
  const said = useSaid();
  const { approval, to } = deployment;
  const isLast = approval !== undefined && approval.approvers - approval.given <= 1;
  const blocked = blocker
    ? blockerWords(said, blocker)
    : receipt
      ? null
      : "What would be approved could not be read from AWS; open the page again";
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
        {runner.running === "Approve" ? "Approving" : isLast ? lastWords(said, snapshot, to) : "Approve"}
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
  if (!isDriven(snapshot)) return `Approve and switch to ${to}`;
  const words = said(switchSaid(snapshot, to));
  return `Approve: ${words.charAt(0).toLowerCase()}${words.slice(1)}`;
}

function rejectBlocked(said: Sayer, blocker: Blocker | null, comment: string): string | null {
  // Whose yes does not count may still say no; who may not decide at all may not.
  if (blocker?.code === "FORBIDDEN") return blockerWords(said, blocker);
  return comment.trim() === "" ? "Say why in the comment first" : null;
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
  const said = useSaid();
  const { to } = deployment;
  const inTheWay = receipt.blockers.filter((each) => each.code !== "APPROVAL_REQUIRED");
  const facts = [
    ["Rule", said(ruleChange(receipt.weights, to))],
    ["Listener", snapshot.traffic.name],
    ["Sticky", said(stickySaid(snapshot, otherColor(to)))],
    [
      "Afterwards",
      isDriven(snapshot)
        ? `${driverName(snapshot.controller)} keeps ${otherColor(to)} until its deployment ends`
        : `${otherColor(to)} stays warm, rollback is one click`,
    ],
  ] as const;
  return (
    <div>
      <h3 className="mb-1 text-xs text-second">What the switch will do</h3>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 text-xs leading-[18px]">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-second">{name}</dt>
            <dd className="font-medium break-words">{value}</dd>
          </div>
        ))}
      </dl>
      {inTheWay.map((each) => (
        <div key={each.code} className="mt-2">
          <Notice tone="warning" compact title={each.message}>
            It goes on once this is over
          </Notice>
        </div>
      ))}
      {receipt.warnings.map((warning) => (
        <p key={warning} className="mt-1 text-xs text-warning">
          {warning}
        </p>
      ))}
      <p className="mt-1 text-xs text-second">
        Read from AWS <Age at={receipt.observedAt} fine /> ago, receipt{" "}
        <span className="font-mono">{receipt.approvalHash.slice(0, 12)}</span>
      </p>
    </div>
  );
}
