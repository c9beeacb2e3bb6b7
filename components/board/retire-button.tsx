"use client";
import { useState } from "react";
import { ByHand } from "@/components/by-hand/by-hand.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { otherColor } from "@/lib/domain/observation/slot.ts";
import type { ButtonProps } from "./action-buttons.tsx";
import { actionFor, blockerWords, standbyColor } from "./board-facts.ts";

/** Scales the idle side to nothing, after saying that the way back is slow from then on. */
export function RetireButton({
  snapshot,
  role,
  actions,
  runner,
}: Pick<ButtonProps, "snapshot" | "role" | "actions" | "runner">) {
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
    const result = await runner.run(`Retire ${idle}`, () => actions.retire({ deploymentId: last.id }));
    if (result) setOpen(false);
  };
  return (
    <>
      <Button
        size="small"
        blocked={state.allowed ? null : state.blockers[0] ? blockerWords(state.blockers[0]) : "Not possible now"}
        onClick={() => setOpen(true)}
      >
        Retire {idle}
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={`Retire ${idle}`}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>{runner.running === null ? "Cancel" : "Close"}</Button>
            <Button look="primary" busy={runner.running !== null} onClick={() => void confirm()}>
              {runner.running === null ? `Retire ${idle}` : "Retiring"}
            </Button>
          </>
        }
      >
        <p>
          {idle} goes from {slot.counts.desired} tasks to none. {otherColor(idle)} stays live and is not touched.
        </p>
        <p className="mt-2 mb-3">
          Until now, going back to {idle} is instant. Afterwards its tasks must be started first.
        </p>
        <ByHand title="The same with the AWS CLI" application={snapshot.name} request={{ action: "retire" }} />
      </Dialog>
    </>
  );
}
