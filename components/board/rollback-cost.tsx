"use client";
import { useNow } from "@/components/ui/clock.tsx";
import { Age, ClockTime, Countdown } from "@/components/ui/time.tsx";
import { driverName } from "@/lib/domain/deployment/gate-words.ts";
import type { RollbackWindow } from "@/lib/domain/deployment/window.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import type { ActionState } from "@/lib/domain/verb/action-state.ts";
import { blockerWords } from "./board-facts.ts";
import { isDriven } from "./driven-facts.ts";

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
  const now = useNow(1000);
  const { window, rollbackTo: to } = snapshot;
  const blocker = state.blockers[0];
  if (!state.allowed || !to) return <p id={id}>{blocker ? blockerWords(blocker) : "Nothing to undo"}</p>;
  if (isDriven(snapshot)) return <DrivenCost snapshot={snapshot} to={to} id={id} />;
  if (!window?.instant)
    return (
      <p id={id} className="font-medium text-warning">
        {slowWords(window, to)}
        {window?.startNote ? <span className="block">{window.startNote}</span> : null}
        {window?.startCheckedAt ? (
          <span className="block font-normal text-second">
            Task definition and image checked <Age at={window.startCheckedAt} suffix=" ago" />
          </span>
        ) : null}
      </p>
    );
  const { healthy, desired } = snapshot.slots[to].counts;
  const isOpen = window.until !== null && window.until > now;
  return (
    <p id={id}>
      Instant: {to} warm {healthy} of {desired}
      {isOpen && window.until !== null ? (
        <>
          , {window.phase === "bake" ? "bake ends" : "window closes"} <ClockTime at={window.until} precision="minute" />
          , <Countdown until={window.until} /> left
        </>
      ) : null}
      {window.scaleDown ? <ScaleDown to={to} isOpen={isOpen} waitsFor={window.scaleDown.waitsFor} /> : null}
    </p>
  );
}

/** Where AWS drives: within its deployment it moves traffic back; afterwards the earlier revision is deployed anew. */
function DrivenCost({ snapshot, to, id }: { snapshot: ApplicationSnapshot; to: SlotColor; id: string }) {
  const driver = driverName(snapshot.controller);
  const { deployment, openWindow, window } = snapshot;
  if (!deployment)
    return (
      <p id={id} className="font-medium text-warning">
        {driver} deploys the earlier version anew to {to}, with its gates: {lastTook(window)}
      </p>
    );
  const { healthy, desired } = snapshot.slots[to].counts;
  const until = deployment.aws?.gate?.expiresAt ?? openWindow?.until ?? null;
  return (
    <p id={id}>
      {driver} moves all traffic back: {to} warm {healthy} of {desired}
      {window?.lastRollbackSeconds === undefined ? "" : `, done in ${spell(window.lastRollbackSeconds)} last time`}
      {until === null ? null : (
        <>
          , until <ClockTime at={until} precision="minute" />
        </>
      )}
    </p>
  );
}

/** "took 2 min 10 s to the shift last time", without what it waited for people. */
function lastTook(window: RollbackWindow | null): string {
  const last = window?.lastRollbackSeconds;
  if (last !== undefined) return `it took ${spell(last)} to shift last time, without waits`;
  return `about ${spell(window?.estimateSeconds ?? 0)} to the shift, not measured here yet`;
}

function ScaleDown({
  to,
  isOpen,
  waitsFor,
}: {
  to: string;
  isOpen: boolean;
  waitsFor: readonly { code: string; message: string }[];
}) {
  const other = waitsFor.filter(({ code }) => code !== "WINDOW_OPEN");
  const first = other[0];
  if (first) return <span className="block">{`Then ${to} is scaled down, but that waits: ${first.message}`}</span>;
  return <span className="block">{isOpen ? `Then ${to} is scaled down` : `${to} is about to be scaled down`}</span>;
}

/** "About 4 min: blue must scale up (last time 3 min 50 s)". */
function slowWords(window: RollbackWindow | null, to: string): string {
  const seconds = window?.estimateSeconds ?? 60;
  const about = seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
  const last = window?.lastScaleUpSeconds;
  const measured = last === undefined ? "" : ` (last time ${spell(last)})`;
  return `About ${about}: ${to} must scale up${measured}`;
}

function spell(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const rest = Math.round(seconds % 60);
  return `${Math.floor(seconds / 60)} min${rest > 0 ? ` ${rest} s` : ""}`;
}
