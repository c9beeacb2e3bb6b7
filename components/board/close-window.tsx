"use client";
import { useState } from "react";
import { ByHand } from "@/components/by-hand/by-hand.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { driverName, isHeldOpen } from "@/lib/domain/deployment/gate-words.ts";
import type { ButtonProps } from "./action-buttons.tsx";
import { actionFor, blockerWords } from "./board-facts.ts";
import { heldOpenWords, shortArn } from "./driven-facts.ts";
import { IfNobodyAnswers } from "./gate-facts.tsx";
import { LeverLine } from "./lever-line.tsx";

/** Answers AWS's gate after the shift: the old side goes, after saying what that costs. */
export function CloseWindowButton({
  snapshot,
  role,
  actions,
  runner,
  idPrefix,
}: Omit<ButtonProps, "onSwitch"> & { idPrefix: string }) {
  const [isOpen, setOpen] = useState(false);
  const { deployment } = snapshot;
  const gate = deployment?.aws?.gate;
  if (!deployment || !gate || !isHeldOpen(deployment)) return null;
  const { from, to } = deployment;
  const driver = driverName(snapshot.controller);
  const state = actionFor(snapshot, "retire", role);
  const blocked = state.allowed ? null : state.blockers[0] ? blockerWords(state.blockers[0]) : "Not possible now";
  const reasonId = `${idPrefix}-close-reason`;
  const confirm = async () => {
    const result = await runner.run("Close the window", () => actions.retire({ deploymentId: deployment.id }));
    if (result) setOpen(false);
  };
  return (
    <div>
      <Button
        look="primary"
        size="large"
        wide
        blocked={blocked}
        reasonId={blocked ? reasonId : undefined}
        busy={runner.running !== null}
        onClick={() => setOpen(true)}
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
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title="Close the window"
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
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
          Until {from} is stopped, {driver} can move all traffic back to it. Afterwards {from}'s version has to be
          deployed anew.
        </p>
        <p className="mt-2 mb-3 text-xs text-second">
          <IfNobodyAnswers gate={gate} deployment={deployment} driver={driver} />. The end of this window cannot be
          moved. Hook <span className="font-mono break-all">{gate.id}</span> of{" "}
          <span className="font-mono break-all">{shortArn(deployment.aws?.id ?? "")}</span>.
        </p>
        <ByHand title="The same with the AWS CLI" application={snapshot.name} request={{ action: "retire" }} />
      </Dialog>
    </div>
  );
}
