"use client";
import { useCallback, useEffect, useState } from "react";
import { ByHand } from "@/components/by-hand/by-hand.tsx";
import { versionOf } from "@/components/live/stage-words.ts";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Notice, Skeleton } from "@/components/ui/notice.tsx";
import { ReasonField } from "@/components/ui/reason-field.tsx";
import { SlotMark, SplitBar } from "@/components/ui/slot-mark.tsx";
import { Age } from "@/components/ui/time.tsx";
import { canBeOverridden } from "@/lib/domain/override-rules.ts";
import type { Receipt } from "@/lib/domain/receipt.ts";
import type { Rollout } from "@/lib/domain/rollout.ts";
import { otherColor, type SlotColor } from "@/lib/domain/slot.ts";
import type { Weights } from "@/lib/domain/traffic.ts";
import type { BoardActions } from "./board-actions.ts";
import { blockerWords } from "./board-facts.ts";
import { ChangedNotice } from "./changed-notice.tsx";
import { keepOverride } from "./kept-override.ts";
import { OverrideForm } from "./override-form.tsx";
import { describeReceiptChanges } from "./receipt-changes.ts";
import { RolloutChoice } from "./rollout-choice.tsx";
import type { ActionRunner } from "./use-action.ts";

type Loaded =
  | { state: "loading" }
  | { state: "failed"; message: string }
  | { state: "ready"; receipt: Receipt; changes: string[] };

/**
 * What the operator confirms before a switch: read fresh from AWS, sent back with the click, and refused by the server
 * when the world has moved; then the fresh one is shown with what changed.
 */
export function ReceiptDialog({
  application,
  to,
  override,
  actions,
  runner,
  onClose,
}: {
  application: string;
  to: SlotColor | null;
  /** What would follow from an override; null for whoever may not. */
  override: { consequence: string; keptReason: string | null } | null;
  actions: BoardActions;
  runner: ActionRunner;
  onClose: () => void;
}) {
  const [loaded, setLoaded] = useState<Loaded>({ state: "loading" });
  const [reason, setReason] = useState("");
  /** Null while traffic is to move as the receipt says. */
  const [chosenRollout, setChosenRollout] = useState<Rollout | null>(null);
  const load = useCallback(async () => {
    if (!to) return;
    setLoaded({ state: "loading" });
    try {
      const result = await actions.receipt(application, to);
      setLoaded(
        result.ok
          ? { state: "ready", receipt: result.value, changes: [] }
          : { state: "failed", message: blockerWords(result) },
      );
    } catch {
      setLoaded({ state: "failed", message: "No answer from Switchyard. Nothing was changed" });
    }
  }, [actions, application, to]);
  useEffect(() => {
    setReason("");
    setChosenRollout(null);
    void load();
  }, [load]);

  const receipt = loaded.state === "ready" ? loaded.receipt : null;
  const isInSteps = receipt !== null && (chosenRollout ?? receipt.rollout).strategy !== "ALL_AT_ONCE";
  const blocked = receipt
    ? receipt.blockers[0]
      ? blockerWords(receipt.blockers[0])
      : null
    : "The receipt is still being read";
  const confirm = async (wish?: { application: string; reason: string }) => {
    if (!receipt || !to) return;
    const result = await runner.run(
      `Switch to ${to}`,
      (idempotencyKey) =>
        actions.switch({
          application,
          to,
          receipt: receipt.hash,
          idempotencyKey,
          ...(reason.trim() ? { reason: reason.trim() } : {}),
          ...(chosenRollout ? { rollout: chosenRollout } : {}),
          ...(wish ? { override: wish } : {}),
        }),
      () => {
        if (wish) keepOverride(application, { verb: "switch", to, reason: wish.reason });
      },
    );
    if (result?.ok) return onClose();
    const fresh = result?.extra?.receipt;
    if (fresh) {
      runner.dismiss();
      setLoaded({ state: "ready", receipt: fresh, changes: describeReceiptChanges(receipt, fresh) });
    }
  };

  return (
    <Dialog
      isOpen={to !== null}
      onClose={onClose}
      title={to ? <DialogTitle application={application} to={to} /> : ""}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" blocked={blocked} busy={runner.running !== null} onClick={() => void confirm()}>
            {runner.running ? "Switching" : `Switch to ${to}`}
            {to ? <SlotMark color={to} size={16} /> : null}
          </Button>
        </>
      }
    >
      {loaded.state === "failed" ? (
        <Notice tone="fault" title="The receipt could not be read">
          <p>{loaded.message}</p>
          <Button size="small" onClick={load}>
            Read it again
          </Button>
        </Notice>
      ) : receipt ? (
        <>
          <ReceiptFacts receipt={receipt} changes={loaded.state === "ready" ? loaded.changes : []} />
          <div className="mt-3">
            <RolloutChoice receipt={receipt} chosen={chosenRollout} onChoose={setChosenRollout} />
          </div>
        </>
      ) : (
        <div className="flex flex-col gap-3 py-2" aria-busy="true">
          <Skeleton className="h-12" />
          <Skeleton className="h-24" />
          <Skeleton className="h-8" />
        </div>
      )}
      {to && receipt ? (
        <div className="mt-3">
          <ByHand
            title={isInSteps ? "All at once with the AWS CLI" : "The same with the AWS CLI"}
            application={application}
            request={{ action: "switch", to }}
          />
        </div>
      ) : null}
      {runner.problem ? (
        <div className="mt-3" role="alert">
          <Notice tone="fault" compact title={runner.problem.message}>
            {runner.problem.fix}
          </Notice>
        </div>
      ) : null}
      <ReasonField value={reason} onChange={setReason} />
      {override && receipt && canBeOverridden(receipt.blockers) ? (
        <OverrideForm
          application={application}
          verb={`Switch to ${to}`}
          consequence={override.consequence}
          keptReason={override.keptReason}
          isBusy={runner.running !== null}
          onConfirm={(wish) => void confirm(wish)}
        />
      ) : null}
    </Dialog>
  );
}

function DialogTitle({ application, to }: { application: string; to: SlotColor }) {
  return (
    <span className="flex items-center gap-2">
      <SlotMark color={to} size={20} />
      Switch {application} to {to}
    </span>
  );
}

function ReceiptFacts({ receipt, changes }: { receipt: Receipt; changes: readonly string[] }) {
  const from = otherColor(receipt.to);
  return (
    <div className="flex flex-col gap-3">
      <ChangedNotice
        title="Something changed since you looked. Nothing was switched; this is how it is now"
        changes={changes}
      />
      {receipt.blockers.map((blocker) => (
        <Notice key={blocker.code} tone="fault" compact title={blocker.message}>
          {blocker.fix}
        </Notice>
      ))}
      <div className="grid grid-cols-[1fr_auto_1fr] items-center gap-3 rounded-control border border-line p-3">
        <RuleState title="The rule now" weights={receipt.weights} />
        <span aria-hidden="true" className="text-second">
          to
        </span>
        <RuleState title="The rule after" weights={receipt.weightsAfter} />
      </div>
      <table className="w-full text-sm">
        <caption className="sr-only">Both sides as read for this receipt</caption>
        <thead className="text-xs text-second">
          <tr>
            <th scope="col">Side</th>
            <th scope="col">Runs</th>
            <th scope="col" className="text-right">
              Healthy targets
            </th>
          </tr>
        </thead>
        <tbody>
          {[receipt.to, from].map((color) => {
            const revision = receipt.revisions[color];
            return (
              <tr key={color} className="border-t border-line">
                <th scope="row" className="py-1.5">
                  <span className="flex items-center gap-2">
                    <SlotMark color={color} size={16} />
                    {color}
                    <span className="text-second">{color === receipt.to ? "gets all traffic" : "stays warm"}</span>
                  </span>
                </th>
                <td className="font-semibold" title={revision?.image}>
                  {revision ? versionOf(revision) : "nothing"}
                </td>
                <td className="text-right font-semibold">{receipt.healthy[color]}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {receipt.warnings.map((warning) => (
        <Notice key={warning} tone="warning" compact title={warning} />
      ))}
      <p className="text-xs text-second">
        Read from AWS <Age at={receipt.observedAt} fine /> ago, receipt{" "}
        <span className="font-mono">{receipt.hash.slice(0, 12)}</span>
      </p>
    </div>
  );
}

function RuleState({ title, weights }: { title: string; weights: Weights }) {
  return (
    <div className="min-w-0">
      <p className="text-2xs text-second">{title}</p>
      <SplitBar blue={weights.blue} green={weights.green} />
      <p className="mt-1 font-semibold">
        blue {weights.blue}, green {weights.green}
      </p>
    </div>
  );
}
