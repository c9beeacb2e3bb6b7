"use client";
import { useSaid, useTranslations } from "#translations";
import { ManualCommandsDialog } from "@/components/manual-commands/manual-commands-dialog.tsx";
import { Button } from "@/components/ui/button.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import type { Role } from "@/lib/domain/access/role.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { actionFor, choosePrimaryAction, firstRefusal, isSameBlocker } from "./board-facts.ts";
import type { ButtonProps } from "./button-props.ts";
import { LeverLine } from "./lever-line.tsx";
import { RollbackCost } from "./rollback-cost.tsx";
import { RollbackForm } from "./rollback-form.tsx";

/** Rollback: one click, no dialog, its cost always under it. A form, so that it works before and without the page's script. */
export function RollbackButton({
  snapshot,
  role,
  actions,
  runner,
  formKey,
  look = "outline",
  idPrefix,
  primaryId,
}: Omit<ButtonProps, "onSwitch" | "onCloseWindow" | "sent"> & {
  look?: "primary" | "outline";
  idPrefix: string;
  /** Of the primary button beside it: a reason that stands under that one already is not said twice. */
  primaryId?: string;
}) {
  const said = useSaid();
  const t = useTranslations("board");
  const state = actionFor(snapshot, "rollback", role);
  const to = snapshot.rollbackTo;
  const name = to ? t("rollBackTo", { to }) : t("rollBack");
  const isSaid = primaryId !== undefined && isSameRefusal(snapshot, role);
  const costId = isSaid ? `${primaryId}-primary-reason` : `${idPrefix}-rollback-cost`;
  return (
    <div>
      <RollbackForm
        application={snapshot.name}
        to={to}
        action={actions.rollBackForm}
        formKey={formKey}
        onSend={() =>
          void runner.send(snapshot.name, name, (idempotencyKey) =>
            actions.rollBack({ application: snapshot.name, ...(to ? { to } : {}), idempotencyKey }),
          )
        }
      >
        <Button
          type={state.allowed ? "submit" : "button"}
          look={look}
          size="large"
          wide
          blocked={state.allowed ? null : (firstRefusal(said, state) ?? t("nothingToUndo"))}
          reasonId={costId}
          busy={runner.running !== null}
        >
          {runner.running === name ? t("rollingBack") : name}
          {to ? <SlotMark color={to} size={18} dimmed={!state.allowed} /> : null}
        </Button>
      </RollbackForm>
      {/* Two lines are kept for it, so that the button stays where it is while its cost changes. */}
      <div className="mt-1.5 min-h-8 text-center text-xs text-second">
        {isSaid ? null : <RollbackCost snapshot={snapshot} state={state} id={costId} />}
        {state.allowed ? <LeverLine snapshot={snapshot} verb="rollback" /> : null}
      </div>
      <div className="mt-0.5 flex justify-center">
        <ManualCommandsDialog
          application={snapshot.name}
          request={{ action: "rollback" }}
          title={t("withCli", { name })}
        />
      </div>
    </div>
  );
}

/** Whether the primary action and the rollback are refused with the same words. */
function isSameRefusal(snapshot: ApplicationSnapshot, role: Role | null): boolean {
  const primary = choosePrimaryAction(snapshot);
  if (!primary) return false;
  const [one, other] = [actionFor(snapshot, primary.verb, role), actionFor(snapshot, "rollback", role)];
  return !one.allowed && !other.allowed && isSameBlocker(one.blockers[0], other.blockers[0]);
}
