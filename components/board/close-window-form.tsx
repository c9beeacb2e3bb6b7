"use client";
import { useSaid, useTranslations } from "#translations";
import { ManualCommands } from "@/components/manual-commands/manual-commands.tsx";
import { Button } from "@/components/ui/button.tsx";
import { DialogContent } from "@/components/ui/dialog.tsx";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { driverName } from "@/lib/domain/deployment/gate-words.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { shortName } from "@/lib/domain/text/short-name.ts";
import type { BoardActions } from "./board-actions.ts";
import { heldOpenSaid } from "./driven-facts.ts";
import { IfNobodyAnswers } from "./gate-facts.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import type { ActionRunner } from "./use-action.ts";

export interface CloseWindowFormProps {
  onClose: () => void;
  snapshot: ApplicationSnapshot;
  deployment: Deployment;
  actions: BoardActions;
  runner: ActionRunner;
}

/** What closing costs, which gate it answers, and what happens when nobody does. */
export function CloseWindowForm({ onClose, snapshot, deployment, actions, runner }: CloseWindowFormProps) {
  const said = useSaid();
  const t = useTranslations("board");
  const { from, to, aws } = deployment;
  const driver = driverName(snapshot.controller);
  const confirm = async () => {
    const asked = { deploymentId: deployment.id, ...(aws?.gate ? { gate: aws.gate.id } : {}) };
    const result = await runner.run(t("closeWindow"), () => actions.retire(asked));
    if (result?.ok) onClose();
  };
  return (
    <DialogContent
      footer={
        <>
          <Button onClick={onClose}>{runner.running === null ? t("cancel") : t("close")}</Button>
          <Button look="primary" busy={runner.running !== null} onClick={() => void confirm()}>
            {t("closeWindow")}
          </Button>
        </>
      }
    >
      <p>{t("closeThen", { heldOpen: said(heldOpenSaid(deployment, driver)), driver, to, from })}</p>
      <p className="mt-2">{t("closeUntil", { from, driver })}</p>
      {aws?.gate ? (
        <p className="mt-2 mb-3 text-xs text-second">
          <IfNobodyAnswers gate={aws.gate} deployment={deployment} driver={driver} />
          {t.rich("gateHook", {
            hook: aws.gate.id,
            deployment: shortName(aws.id ?? ""),
            mono: (chunks) => <span className="font-mono break-all">{chunks}</span>,
          })}
        </p>
      ) : null}
      <div className="mb-3 empty:hidden">
        <ProblemNotice problem={runner.problem} />
      </div>
      <ManualCommands title={t("sameWithCli")} application={snapshot.name} request={{ action: "retire" }} />
    </DialogContent>
  );
}
