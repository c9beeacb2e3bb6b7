"use client";
import { useEffect, useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { DialogFrame } from "@/components/ui/dialog.tsx";
import { canBeOverridden } from "@/lib/domain/rules/override-rules.ts";
import { canOverride, choosePrimaryAction, offeredSwitch } from "./board-facts.ts";
import type { ButtonProps } from "./button-props.ts";
import { takeKeptOverride } from "./kept-override.ts";
import { overrideRollback } from "./lazy-parts.ts";

/** For approvers, while only health or drift is in the way: to the receipt with its override, or to the rollback's. */
export function OverrideEntry({ snapshot, role, actions, runner, sent, onSwitch }: Omit<ButtonProps, "formKey">) {
  const said = useSaid();
  const t = useTranslations("board");
  /** Null while the rollback's dialog is closed: what was said before signing in again goes with it. */
  const [opened, setOpened] = useState<{ keptReason: string | null } | null>(null);
  const mayOverride = canOverride(role);
  useEffect(() => {
    const kept = mayOverride ? takeKeptOverride(snapshot.name, "rollback") : null;
    if (kept) setOpened({ keptReason: kept.reason });
  }, [snapshot.name, mayOverride]);
  if (!mayOverride) return null;
  const switchTo = canBeOverridden(snapshot.actions.switch.blockers) ? offeredSwitch(snapshot) : null;
  const isRollback = canBeOverridden(snapshot.actions.rollback.blockers);
  if (!switchTo && !isRollback && !opened) return null;
  const to = snapshot.rollbackTo;
  // Beside another primary action, the words under that one say nothing of the switch.
  const unsaid = switchTo && choosePrimaryAction(snapshot)?.verb !== "switch" ? snapshot.actions.switch.blockers : [];
  const close = () => setOpened(null);
  return (
    <div className="mt-2 flex flex-wrap gap-2 border-t border-line pt-2">
      {unsaid[0] ? <p className="basis-full text-xs text-second">{said(unsaid[0].said, unsaid[0].message)}</p> : null}
      {switchTo ? (
        <Button size="small" onClick={() => onSwitch(switchTo)}>
          {t("readReceiptToOverride")}
        </Button>
      ) : null}
      {isRollback ? (
        <Button size="small" onClick={() => setOpened({ keptReason: null })}>
          {t("overrideRollback")}
        </Button>
      ) : null}
      {to ? (
        <DialogFrame isOpen={opened !== null} onClose={close} title={t("rollBackTo", { to })}>
          <overrideRollback.Part
            waitingLook="mx-5 my-3 h-40"
            snapshot={snapshot}
            to={to}
            keptReason={opened?.keptReason ?? null}
            actions={actions}
            runner={runner}
            sent={sent}
            onClose={close}
          />
        </DialogFrame>
      ) : null}
    </div>
  );
}
