"use client";
import { useSaid, useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { DialogContent } from "@/components/ui/dialog.tsx";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import { overrideConsequence } from "@/lib/domain/rules/override-rules.ts";
import type { ButtonProps } from "./button-props.ts";
import { keepOverride } from "./kept-override.ts";
import { OverrideForm } from "./override-form.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import { SentNotice } from "./sent-notice.tsx";

/** What is in the way of a rollback, and an approver's way past it. */
export function OverrideRollback({
  snapshot,
  to,
  keptReason,
  actions,
  runner,
  sent,
  onClose,
}: Pick<ButtonProps, "snapshot" | "actions" | "runner" | "sent"> & {
  to: SlotColor;
  /** What was said before signing in again. */
  keptReason: string | null;
  onClose: () => void;
}) {
  const said = useSaid();
  const t = useTranslations("board");
  const verb = t("rollBackTo", { to });
  const confirm = async (override: { application: string; reason: string }) => {
    const result = await runner.send(
      snapshot.name,
      verb,
      (idempotencyKey) => actions.rollBack({ application: snapshot.name, override, idempotencyKey }),
      () => keepOverride(snapshot.name, { verb: "rollback", to, reason: override.reason }),
    );
    if (result?.ok) onClose();
  };
  return (
    <DialogContent footer={<Button onClick={onClose}>{runner.running === null ? t("cancel") : t("close")}</Button>}>
      <ul className="flex flex-col gap-1">
        {snapshot.actions.rollback.blockers.map((blocker) => (
          <li key={blocker.code}>{said(blocker.said, blocker.message)}</li>
        ))}
      </ul>
      <div className="mt-3 empty:hidden">
        <SentNotice application={snapshot.name} runner={runner} sent={sent} />
        <ProblemNotice problem={runner.problem} />
      </div>
      <OverrideForm
        application={snapshot.name}
        verb={verb}
        consequence={said(overrideConsequence(snapshot.slots[to]))}
        keptReason={keptReason}
        isBusy={runner.running !== null}
        onConfirm={(override) => void confirm(override)}
      />
    </DialogContent>
  );
}
