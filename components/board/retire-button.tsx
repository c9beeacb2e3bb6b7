"use client";
import { useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { ByHand } from "@/components/by-hand/by-hand.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { otherColor } from "@/lib/domain/observation/slot.ts";
import type { ButtonProps } from "./action-buttons.tsx";
import { actionFor, refusalWords, standbyColor } from "./board-facts.ts";

/** Scales the idle side to nothing, after saying that the way back is slow from then on. */
export function RetireButton({
  snapshot,
  role,
  actions,
  runner,
}: Pick<ButtonProps, "snapshot" | "role" | "actions" | "runner">) {
  const said = useSaid();
  const t = useTranslations("board");
  const [isOpen, setOpen] = useState(false);
  const idle = standbyColor(snapshot);
  const last = snapshot.lastDeployment;
  if (!idle || last?.status !== "SUCCESSFUL" || snapshot.deployment) return null;
  const { allowed, blockers } = snapshot.actions.retire;
  // Not proven is worth saying; the other reasons are there to see.
  if (!allowed && blockers[0]?.code !== "NOT_PROVEN") return null;
  const state = actionFor(snapshot, "retire", role);
  const slot = snapshot.slots[idle];
  const confirm = async () => {
    const result = await runner.run(t("retireSide", { side: idle }), () => actions.retire({ deploymentId: last.id }));
    if (result) setOpen(false);
  };
  return (
    <>
      <Button size="small" blocked={state.allowed ? null : refusalWords(said, state)} onClick={() => setOpen(true)}>
        {t("retireSide", { side: idle })}
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={t("retireSide", { side: idle })}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>{runner.running === null ? t("cancel") : t("close")}</Button>
            <Button look="primary" busy={runner.running !== null} onClick={() => void confirm()}>
              {runner.running === null ? t("retireSide", { side: idle }) : t("retiring")}
            </Button>
          </>
        }
      >
        <p>{t("retireWhat", { side: idle, desired: slot.counts.desired, other: otherColor(idle) })}</p>
        <p className="mt-2 mb-3">{t("retireCost", { side: idle })}</p>
        <ByHand title={t("sameWithCli")} application={snapshot.name} request={{ action: "retire" }} />
      </Dialog>
    </>
  );
}
