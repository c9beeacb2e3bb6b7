"use client";
import { memo, type ReactNode, useDeferredValue, useEffect, useRef, useState } from "react";
import { ErrorsLine } from "@/components/incidents/errors-line.tsx";
import { HappenedLine } from "@/components/incidents/happened-line.tsx";
import { useSnapshot } from "@/components/live/live-provider.tsx";
import { useKeptFocus } from "@/components/ui/kept-focus.ts";
import { useLoadedWhenIdle } from "@/components/ui/lazy-part.tsx";
import { WhereNarrow } from "@/components/ui/where-narrow.tsx";
import type { Role } from "@/lib/domain/access/role.ts";
import { isHeldOpen } from "@/lib/domain/deployment/gate-words.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import { overrideConsequence } from "@/lib/domain/rules/override-rules.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { ActionPanel } from "./action-panel.tsx";
import { Alarms } from "./alarms.tsx";
import type { BoardActions } from "./board-actions.ts";
import { canOverride, choosePrimaryAction, isRollbackInBar } from "./board-facts.ts";
import { CloseWindowDialog } from "./close-window.tsx";
import { type KeptOverride, takeKeptOverride } from "./kept-override.ts";
import { BOARD_PARTS } from "./lazy-parts.ts";
import { LineStrip } from "./line-strip.tsx";
import { PrimaryButton } from "./primary-button.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import { ReceiptDialog } from "./receipt-dialog.tsx";
import { RollbackBanner } from "./rollback-banner.tsx";
import { RollbackButton } from "./rollback-button.tsx";
import { SentNotice, useSent } from "./sent-notice.tsx";
import { SlotCard } from "./slot-card.tsx";
import { TruthStrip } from "./truth-strip.tsx";
import { UndoOffer } from "./undo-offer.tsx";
import { useActionRunner } from "./use-action.ts";

/** Where focus goes when the button that had it is gone: the phone's bar, else what is under way. */
const FOCUS_HOMES = ["[data-bar]", "#action-heading"];

interface BoardProps {
  application: string;
  role: Role | null;
  actions: BoardActions;
  formKey: string;
  children: ReactNode;
}

/**
 * The board of one application: the answer first, the two sides, the one action, and the logs (`children`) always in sight. A new
 * snapshot is drawn beside what the reader does: it holds up no tap, also while the page is still waking up.
 */
export function Board(props: BoardProps) {
  return <BoardAt {...props} snapshot={useDeferredValue(useSnapshot(props.application))} />;
}

const BoardAt = memo(function BoardAt({
  application,
  snapshot,
  role,
  actions,
  formKey,
  children,
}: BoardProps & { snapshot: ApplicationSnapshot }) {
  const runner = useActionRunner();
  const sent = useSent(application, runner);
  const area = useRef<HTMLDivElement>(null);
  useKeptFocus(area, FOCUS_HOMES);
  useLoadedWhenIdle(BOARD_PARTS);
  const [switchTo, setSwitchTo] = useState<SlotColor | null>(null);
  const [isClosing, setClosing] = useState(false);
  /** What was about to be overridden before a sign-in came between. */
  const [kept, setKept] = useState<KeptOverride | null>(null);
  const mayOverride = canOverride(role);
  useEffect(() => {
    const taken = mayOverride ? takeKeptOverride(application, "switch") : null;
    if (!taken) return;
    setKept(taken);
    setSwitchTo(taken.to);
  }, [application, mayOverride]);
  const held = snapshot.deployment && isHeldOpen(snapshot.deployment) ? snapshot.deployment : null;
  // A link from elsewhere leads straight to the answer, once.
  const to = snapshot.deployment?.to ?? null;
  useEffect(() => {
    const answer = new URLSearchParams(location.search).get("answer");
    if (answer === null) return;
    history.replaceState(null, "", location.pathname);
    if (answer === "switch") setSwitchTo(to);
    if (answer === "close") setClosing(true);
  }, [to]);
  const buttons = {
    snapshot,
    role,
    actions,
    runner,
    sent,
    formKey,
    onSwitch: setSwitchTo,
    onCloseWindow: () => setClosing(true),
  };
  const primary = choosePrimaryAction(snapshot);
  const compared = snapshot.deployment || snapshot.openWindow ? <ErrorsLine application={application} /> : null;
  const told = (
    <div className="flex min-w-0 flex-wrap gap-x-5 empty:hidden">
      {snapshot.deployment ? null : <HappenedLine application={application} last={snapshot.lastDeployment} />}
      {compared}
    </div>
  );
  return (
    <div ref={area} className="contents">
      <div className="flex flex-col gap-3 lg:h-[calc(100dvh-64px)] lg:min-h-[720px]">
        <RollbackBanner snapshot={snapshot} role={role} acknowledge={actions.acknowledgeRollback} />
        {/* Once, and on a phone at the end: what is drawn twice wakes up twice. */}
        <div className="max-md:order-6">
          <TruthStrip snapshot={snapshot} aside={<WhereNarrow is={false}>{told}</WhereNarrow>} />
        </div>
        <LineStrip snapshot={snapshot} role={role} acknowledge={actions.acknowledge} />
        <div className={`order-3 md:hidden ${compared ? "min-h-5" : "empty:hidden"}`}>
          <WhereNarrow is={true}>{told}</WhereNarrow>
        </div>
        <div className="grid min-h-0 grid-cols-1 gap-3 max-md:contents md:grid-cols-2 lg:h-[clamp(428px,47dvh,560px)] lg:shrink-0 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_316px]">
          <SlotCard snapshot={snapshot} color="blue" />
          <SlotCard snapshot={snapshot} color="green" />
          <ActionPanel {...buttons} />
        </div>
        <div className="max-md:order-3 md:hidden empty:hidden">
          <Alarms snapshot={snapshot} />
        </div>
        <div className="flex min-h-[280px] flex-1 flex-col max-lg:min-h-[420px] max-md:order-4">{children}</div>
      </div>
      <div
        data-bar
        tabIndex={-1}
        className="sticky bottom-0 z-20 -mx-4 mt-3 -mb-4 border-t border-line bg-ground px-3.5 pt-3 pb-[max(12px,env(safe-area-inset-bottom))] max-md:-mx-3.5 lg:hidden [@media(max-height:480px)]:static"
      >
        <UndoOffer snapshot={snapshot} onSwitch={setSwitchTo} />
        <div className="mb-2 flex max-h-40 flex-col gap-2 overflow-y-auto empty:hidden">
          <SentNotice application={application} runner={runner} sent={sent} />
          <ProblemNotice problem={runner.problem} />
        </div>
        {isRollbackInBar(snapshot) ? (
          <RollbackButton {...buttons} look={primary?.verb === "rollback" ? "primary" : "outline"} idPrefix="bar" />
        ) : (
          <PrimaryButton {...buttons} idPrefix="bar" />
        )}
      </div>
      {held ? (
        <CloseWindowDialog
          isOpen={isClosing}
          onClose={() => setClosing(false)}
          snapshot={snapshot}
          deployment={held}
          actions={actions}
          runner={runner}
        />
      ) : null}
      <ReceiptDialog
        application={application}
        to={switchTo}
        override={switchTo && mayOverride ? { consequence: overrideConsequence(snapshot.slots[switchTo]), kept } : null}
        actions={actions}
        runner={runner}
        sent={sent}
        onClose={() => {
          setSwitchTo(null);
          setKept(null);
        }}
      />
    </div>
  );
});
