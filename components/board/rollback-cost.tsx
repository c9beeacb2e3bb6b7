"use client";
import { ClockTime } from "@/components/ui/time.tsx";
import type { ActionState, ApplicationSnapshot } from "@/lib/domain/snapshot.ts";
import { blockerWords, rollbackTarget } from "./board-facts.ts";

/** What a rollback costs right now, always in words under its button; when it cannot be done, why not. */
export function RollbackCost({
  snapshot,
  state,
  id,
}: {
  snapshot: ApplicationSnapshot;
  state: ActionState;
  id: string;
}) {
  const to = rollbackTarget(snapshot);
  const { healthy, desired } = snapshot.slots[to].counts;
  const { window } = snapshot;
  const blocker = state.blockers[0];
  if (!state.allowed) return <p id={id}>{blocker ? blockerWords(blocker) : "Nothing to undo"}</p>;
  if (!window?.instant)
    return (
      <p id={id} className="font-medium text-warning">
        Slow: {to} runs {healthy} of {desired}, about {Math.max(1, Math.round(window?.estimateSeconds ?? 60))} s to
        scale up
      </p>
    );
  return (
    <p id={id}>
      Instant: {to} warm {healthy} of {desired}
      {window.until ? (
        <>
          , window closes <ClockTime at={window.until} precision="minute" />
        </>
      ) : null}
    </p>
  );
}
