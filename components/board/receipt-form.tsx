"use client";
import { useEffect, useRef, useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { useSnapshot } from "@/components/live/live-provider.tsx";
import { ManualCommands } from "@/components/manual-commands/manual-commands.tsx";
import { Button } from "@/components/ui/button.tsx";
import { DialogContent } from "@/components/ui/dialog.tsx";
import { Notice, Skeleton } from "@/components/ui/notice.tsx";
import { ReasonField } from "@/components/ui/reason-field.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import { driverName } from "@/lib/domain/deployment/gate-words.ts";
import { type Rollout, rolloutSaid } from "@/lib/domain/observation/rollout.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import { canBeOverridden } from "@/lib/domain/rules/override-rules.ts";
import type { Sentence } from "@/lib/domain/sentence/sentence.ts";
import type { BoardActions } from "./board-actions.ts";
import { blockerWords } from "./board-facts.ts";
import { isDriven, switchSaid } from "./driven-facts.ts";
import { type KeptOverride, keepOverride } from "./kept-override.ts";
import { LeverWords } from "./lever-line.tsx";
import { OverrideForm } from "./override-form.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import { describeReceiptChanges } from "./receipt-changes.ts";
import { ReceiptFacts } from "./receipt-facts.tsx";
import { RolloutChoice } from "./rollout-choice.tsx";
import { SentNotice, type useSent } from "./sent-notice.tsx";
import type { ActionRunner } from "./use-action.ts";
import { useReceipt } from "./use-receipt.ts";

export interface ReceiptFormProps {
  application: string;
  to: SlotColor;
  /** What would follow from an override; null for whoever may not. */
  override: { consequence: Sentence; kept: KeptOverride | null } | null;
  actions: BoardActions;
  runner: ActionRunner;
  sent: ReturnType<typeof useSent>;
  onClose: () => void;
}

/**
 * What the operator confirms before a switch: read fresh from AWS, sent back with the click, and refused by the server
 * when the world has moved; then the fresh one is shown with what changed. One dialog's content, from opening to closing.
 */
export function ReceiptForm({ application, to, override, actions, runner, sent, onClose }: ReceiptFormProps) {
  const said = useSaid();
  const t = useTranslations("board");
  const snapshot = useSnapshot(application);
  const [reason, setReason] = useState("");
  /** Null while traffic is to move as the receipt says. */
  const [chosenRollout, setChosenRollout] = useState<Rollout | null>(override?.kept?.rollout ?? null);
  /** What was sent cannot be taken back by closing. */
  const isSent = runner.running !== null || sent.found?.outcome.state === "asking";
  const { loaded, load, replace } = useReceipt({ application, to, read: actions.receipt, isSent });
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  const receipt = loaded.state === "ready" ? loaded.receipt : null;
  const isInSteps = receipt !== null && (chosenRollout ?? receipt.rollout).strategy !== "ALL_AT_ONCE";
  const blocked = receipt
    ? receipt.blockers[0]
      ? blockerWords(said, receipt.blockers[0])
      : null
    : t("receipt.beingRead");
  const confirm = async (asked?: { application: string; reason: string }) => {
    if (!receipt) return;
    const result = await runner.send(
      application,
      t("switchTo", { to }),
      (idempotencyKey) =>
        actions.switch({
          application,
          to,
          receipt: receipt.hash,
          idempotencyKey,
          ...(reason.trim() ? { reason: reason.trim() } : {}),
          ...(chosenRollout ? { rollout: chosenRollout } : {}),
          ...(asked ? { override: asked } : {}),
        }),
      () => {
        if (asked)
          keepOverride(application, { verb: "switch", to, reason: asked.reason, rollout: chosenRollout ?? undefined });
      },
    );
    // Closed meanwhile, or opened for the other side: the board says what became of it.
    if (!isShown.current) return;
    if (result?.ok) return onClose();
    const fresh = result?.extra?.receipt;
    if (fresh) {
      runner.dismiss();
      replace(fresh, describeReceiptChanges(receipt, fresh));
    }
  };

  return (
    <DialogContent
      footer={
        <>
          <Button onClick={onClose}>{isSent ? t("close") : t("cancel")}</Button>
          <Button look="primary" blocked={blocked} busy={runner.running !== null} onClick={() => void confirm()}>
            {runner.running
              ? isDriven(snapshot)
                ? t("receipt.answering")
                : t("receipt.switching")
              : said(switchSaid(snapshot, to))}
            <SlotMark color={to} size={16} />
          </Button>
        </>
      }
    >
      {loaded.state === "failed" ? (
        <Notice tone="fault" title={t("receipt.notRead")}>
          <p>{loaded.message}</p>
          <Button size="small" onClick={load}>
            {t("receipt.readAgain")}
          </Button>
        </Notice>
      ) : receipt ? (
        <>
          <ReceiptFacts
            receipt={receipt}
            changes={loaded.state === "ready" ? loaded.changes : []}
            driver={driverName(snapshot.controller)}
          />
          <div className="mt-3">
            {snapshot.capabilities?.choosesRollout === false ? (
              <p className="text-xs text-second">
                {t.rich("receipt.asService", {
                  driver: driverName(snapshot.controller),
                  rollout: said(rolloutSaid(receipt.rollout)),
                  span: (chunks) => <span className="font-medium text-ink">{chunks}</span>,
                  leverWords: () => <LeverWords snapshot={snapshot} verb="switch" />,
                })}
              </p>
            ) : (
              <RolloutChoice receipt={receipt} chosen={chosenRollout} onChoose={setChosenRollout} />
            )}
          </div>
        </>
      ) : (
        <div className="flex flex-col gap-3 py-2" aria-busy="true">
          <Skeleton className="h-12" />
          <Skeleton className="h-24" />
          <Skeleton className="h-8" />
        </div>
      )}
      {receipt ? (
        <div className="mt-3">
          <ManualCommands
            title={isInSteps && !isDriven(snapshot) ? t("allAtOnceWithCli") : t("sameWithCli")}
            application={application}
            request={{ action: "switch", to }}
          />
        </div>
      ) : null}
      <div className="mt-3 flex flex-col gap-2 empty:hidden">
        <SentNotice application={application} runner={runner} sent={sent} />
        <ProblemNotice problem={runner.problem} />
      </div>
      <ReasonField value={reason} onChange={setReason} />
      {override && receipt && canBeOverridden(receipt.blockers) ? (
        <OverrideForm
          application={application}
          verb={said(switchSaid(snapshot, to))}
          consequence={said(override.consequence)}
          keptReason={override.kept?.reason ?? null}
          isBusy={runner.running !== null}
          onConfirm={(asked) => void confirm(asked)}
        />
      ) : null}
    </DialogContent>
  );
}
