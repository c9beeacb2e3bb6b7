"use client";
import { useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { DialogFrame } from "@/components/ui/dialog.tsx";
import { actionFor, refusalWords, standbyColor } from "./board-facts.ts";
import type { ButtonProps } from "./button-props.ts";
import { retireForm } from "./lazy-parts.ts";

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
  // Not verified is worth saying; the other reasons are there to see.
  if (!allowed && blockers[0]?.code !== "NOT_PROVEN") return null;
  const state = actionFor(snapshot, "retire", role);
  return (
    <>
      <Button size="small" blocked={state.allowed ? null : refusalWords(said, state)} onClick={() => setOpen(true)}>
        {t("retireSide", { side: idle })}
      </Button>
      <DialogFrame isOpen={isOpen} onClose={() => setOpen(false)} title={t("retireSide", { side: idle })}>
        <retireForm.Part
          waitingLook="mx-5 my-3 h-40"
          snapshot={snapshot}
          side={idle}
          deployment={last}
          actions={actions}
          runner={runner}
          onClose={() => setOpen(false)}
        />
      </DialogFrame>
    </>
  );
}
