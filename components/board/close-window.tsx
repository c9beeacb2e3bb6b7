"use client";
import { ByHand } from "@/components/by-hand/by-hand.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import type { Role } from "@/lib/domain/access/role.ts";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { driverName } from "@/lib/domain/deployment/gate-words.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import type { BoardActions } from "./board-actions.ts";
import { actionFor, blockerWords } from "./board-facts.ts";
import { heldOpenWords, shortArn } from "./driven-facts.ts";
import { IfNobodyAnswers } from "./gate-facts.tsx";
import { LeverLine } from "./lever-line.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import type { ActionRunner } from "./use-action.ts";

/** Opens the question whether AWS's gate after the shift is answered; with what is in its way under it. */
export function CloseWindowButton({
  snapshot,
  role,
  isBusy,
  onOpen,
  idPrefix,
}: {
  snapshot: ApplicationSnapshot;
  role: Role | null;
  isBusy: boolean;
  onOpen: () => void;
  idPrefix: string;
}) {
  const state = actionFor(snapshot, "retire", role);
  const blocked = state.allowed ? null : state.blockers[0] ? blockerWords(state.blockers[0]) : "Not possible now";
  const reasonId = `${idPrefix}-close-reason`;
  return (
    <div>
      <Button
        look="primary"
        size="large"
        wide
        blocked={blocked}
        reasonId={blocked ? reasonId : undefined}
        busy={isBusy}
        onClick={onOpen}
      >
        Close the window
      </Button>
      {blocked ? (
        <p id={reasonId} className="mt-1 text-xs break-words text-second">
          {blocked}
        </p>
      ) : (
        <LeverLine snapshot={snapshot} verb="retire" />
      )}
    </div>
  );
}

/** What closing costs, which gate it answers, and what happens when nobody does. */
export function CloseWindowDialog({
  isOpen,
  onClose,
  snapshot,
  deployment,
  actions,
  runner,
}: {
  isOpen: boolean;
  onClose: () => void;
  snapshot: ApplicationSnapshot;
  deployment: Deployment;
  actions: BoardActions;
  runner: ActionRunner;
}) {
  const { from, to, aws } = deployment;
  const driver = driverName(snapshot.controller);
  const confirm = async () => {
    const result = await runner.run("Close the window", () => actions.retire({ deploymentId: deployment.id }));
    if (result?.ok) onClose();
  };
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={`${snapshot.name}: close the window`}
      footer={
        <>
          <Button onClick={onClose}>{runner.running === null ? "Cancel" : "Close"}</Button>
          <Button look="primary" busy={runner.running !== null} onClick={() => void confirm()}>
            Close the window
          </Button>
        </>
      }
    >
      <p>
        {heldOpenWords(deployment, driver)}. Once it is closed, {driver} bakes {to} and then stops {from}.
      </p>
      <p className="mt-2">
        Until {from} is stopped, {driver} can move all traffic back to it. Afterwards what {from} runs has to be
        deployed anew.
      </p>
      {aws?.gate ? (
        <p className="mt-2 mb-3 text-xs text-second">
          <IfNobodyAnswers gate={aws.gate} deployment={deployment} driver={driver} />. AWS offers no way to move that
          time. Hook <span className="font-mono break-all">{aws.gate.id}</span> of{" "}
          <span className="font-mono break-all">{shortArn(aws.id ?? "")}</span>.
        </p>
      ) : null}
      <div className="mb-3 empty:hidden">
        <ProblemNotice problem={runner.problem} />
      </div>
      <ByHand title="The same with the AWS CLI" application={snapshot.name} request={{ action: "retire" }} />
    </Dialog>
  );
}
