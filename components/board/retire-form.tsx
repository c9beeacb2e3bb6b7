"use client";
import { useTranslations } from "#translations";
import { ManualCommands } from "@/components/manual-commands/manual-commands.tsx";
import { Button } from "@/components/ui/button.tsx";
import { DialogContent } from "@/components/ui/dialog.tsx";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { otherColor, type SlotColor } from "@/lib/domain/observation/slot.ts";
import type { ButtonProps } from "./button-props.ts";

/** What retiring a side means for the way back. */
export function RetireForm({
  snapshot,
  side,
  deployment,
  actions,
  runner,
  onClose,
}: Pick<ButtonProps, "snapshot" | "actions" | "runner"> & {
  side: SlotColor;
  deployment: Deployment;
  onClose: () => void;
}) {
  const t = useTranslations("board");
  const { desired } = snapshot.slots[side].counts;
  const confirm = async () => {
    const result = await runner.run(t("retireSide", { side }), () => actions.retire({ deploymentId: deployment.id }));
    if (result) onClose();
  };
  return (
    <DialogContent
      footer={
        <>
          <Button onClick={onClose}>{runner.running === null ? t("cancel") : t("close")}</Button>
          <Button look="primary" busy={runner.running !== null} onClick={() => void confirm()}>
            {runner.running === null ? t("retireSide", { side }) : t("retiring")}
          </Button>
        </>
      }
    >
      <p>{t("retireWhat", { side, desired, other: otherColor(side) })}</p>
      <p className="mt-2 mb-3">{t("retireCost", { side })}</p>
      <ManualCommands title={t("sameWithCli")} application={snapshot.name} request={{ action: "retire" }} />
    </DialogContent>
  );
}
