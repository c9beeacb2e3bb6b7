"use client";
import { useState } from "react";
import { useTranslations } from "#translations";
import { Dialog } from "@/components/ui/dialog.tsx";
import type { CommandsRequest } from "@/lib/domain/manual/manual-commands.ts";
import { CommandsView, useCommands } from "./by-hand.tsx";

/** A quiet button that opens the AWS CLI's commands for an action. */
export function ByHandDialog({
  application,
  request,
  title,
}: {
  application: string;
  request: CommandsRequest;
  title: string;
}) {
  const t = useTranslations("byHand");
  const [isOpen, setOpen] = useState(false);
  const { answer, read } = useCommands({ application, request });
  return (
    <>
      <button
        type="button"
        className="text-xs text-second underline underline-offset-2 max-lg:min-h-6 max-md:min-h-11"
        onClick={() => {
          setOpen(true);
          void read();
        }}
      >
        {t("open")}
      </button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title={title}>
        {isOpen ? <CommandsView answer={answer} onRead={read} /> : null}
      </Dialog>
    </>
  );
}
