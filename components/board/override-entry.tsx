"use client";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { canBeOverridden, overrideConsequence } from "@/lib/domain/override-rules.ts";
import type { ButtonProps } from "./action-buttons.tsx";
import { canOverride, choosePrimaryAction, rollbackTarget } from "./board-facts.ts";
import { keepOverride, takeKeptOverride } from "./kept-override.ts";
import { OverrideForm } from "./override-form.tsx";

/** For approvers, while only health or drift is in the way: to the receipt with its override, or to the rollback's. */
export function OverrideEntry({ snapshot, role, actions, runner, onSwitch }: ButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const [keptReason, setKeptReason] = useState<string | null>(null);
  useEffect(() => {
    const kept = takeKeptOverride(snapshot.name, "rollback");
    if (!kept) return;
    setKeptReason(kept.reason);
    setOpen(true);
  }, [snapshot.name]);
  if (!canOverride(role)) return null;
  const primary = choosePrimaryAction(snapshot);
  const isSwitch = primary?.verb === "switch" && canBeOverridden(snapshot.actions.switch.blockers);
  const isRollback = canBeOverridden(snapshot.actions.rollback.blockers);
  if (!isSwitch && !isRollback) return null;
  const to = rollbackTarget(snapshot);
  return (
    <div className="mt-2 flex flex-wrap gap-2 border-t border-line pt-2">
      {isSwitch && primary.verb === "switch" ? (
        <Button size="small" onClick={() => onSwitch(primary.to)}>
          Read the receipt to override
        </Button>
      ) : null}
      {isRollback ? (
        <Button size="small" onClick={() => setOpen(true)}>
          Override the rollback's refusal
        </Button>
      ) : null}
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={`Roll back to ${to}`}
        footer={<Button onClick={() => setOpen(false)}>Cancel</Button>}
      >
        <ul className="flex flex-col gap-1">
          {snapshot.actions.rollback.blockers.map((blocker) => (
            <li key={blocker.message}>{blocker.message}</li>
          ))}
        </ul>
        <OverrideForm
          application={snapshot.name}
          verb={`Roll back to ${to}`}
          consequence={overrideConsequence(snapshot.slots[to])}
          keptReason={keptReason}
          isBusy={runner.running !== null}
          onConfirm={async (override) => {
            const result = await runner.run(
              `Roll back to ${to}`,
              (idempotencyKey) => actions.rollBack({ application: snapshot.name, override, idempotencyKey }),
              () => keepOverride(snapshot.name, { verb: "rollback", to, reason: override.reason }),
            );
            if (result?.ok) setOpen(false);
          }}
        />
      </Dialog>
    </div>
  );
}
