"use client";
import { useSaid, useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { DialogFrame } from "@/components/ui/dialog.tsx";
import type { Role } from "@/lib/domain/access/role.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { actionFor, refusalWords } from "./board-facts.ts";
import type { CloseWindowFormProps } from "./close-window-form.tsx";
import { closeWindowForm } from "./lazy-parts.ts";
import { LeverLine } from "./lever-line.tsx";

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
  const said = useSaid();
  const t = useTranslations("board");
  const state = actionFor(snapshot, "retire", role);
  const blocked = state.allowed ? null : refusalWords(said, state);
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
        {t("closeWindow")}
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

/** The question itself. */
export function CloseWindowDialog({ isOpen, ...props }: CloseWindowFormProps & { isOpen: boolean }) {
  const t = useTranslations("board");
  return (
    <DialogFrame isOpen={isOpen} onClose={props.onClose} title={t("closeWindowTitle", { name: props.snapshot.name })}>
      <closeWindowForm.Part waitingLook="mx-5 my-3 h-40" {...props} />
    </DialogFrame>
  );
}
