"use client";
import { useSaid } from "#translations";
import { useSnapshot } from "@/components/live/live-provider.tsx";
import { DialogFrame } from "@/components/ui/dialog.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { isDriven, switchSaid } from "./driven-facts.ts";
import { receiptForm } from "./lazy-parts.ts";
import type { ReceiptFormProps } from "./receipt-form.tsx";

/** The receipt of a switch to a side, closed for null. The frame opens at once, before its part may have come. */
export function ReceiptDialog({ to, ...props }: Omit<ReceiptFormProps, "to"> & { to: SlotColor | null }) {
  const said = useSaid();
  const snapshot = useSnapshot(props.application);
  return (
    <DialogFrame
      isOpen={to !== null}
      onClose={props.onClose}
      title={to ? <DialogTitle to={to} words={said(dialogSaid(snapshot, to))} /> : ""}
    >
      {to ? <receiptForm.Part key={to} waitingLook="mx-5 my-3 h-60" to={to} {...props} /> : null}
    </DialogFrame>
  );
}

function dialogSaid(snapshot: ApplicationSnapshot, to: SlotColor): Sentence {
  const { name } = snapshot;
  return isDriven(snapshot)
    ? say("board.receipt.titleDriven", { name, what: switchSaid(snapshot, to) })
    : say("board.receipt.title", { name, to });
}

function DialogTitle({ to, words }: { to: SlotColor; words: string }) {
  return (
    <span className="flex items-center gap-2">
      <SlotMark color={to} size={20} />
      {words}
    </span>
  );
}
