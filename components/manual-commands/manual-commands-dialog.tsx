"use client";
import { useState } from "react";
import { useTranslations } from "#translations";
import { DialogContent, DialogFrame } from "@/components/ui/dialog.tsx";
import { lazyPart, useLoadedWhenIdle } from "@/components/ui/lazy-part.tsx";
import type { CommandsRequest } from "@/lib/domain/manual/manual-commands.ts";

const commandsPart = lazyPart(() => import("./manual-commands.tsx").then(({ CommandsOnce }) => CommandsOnce));
const PARTS = [commandsPart];

/** A quiet button that opens the AWS CLI's commands for an action. */
export function ManualCommandsDialog({
  application,
  request,
  title,
}: {
  application: string;
  request: CommandsRequest;
  title: string;
}) {
  const t = useTranslations("manualCommands");
  const [isOpen, setOpen] = useState(false);
  useLoadedWhenIdle(PARTS);
  return (
    <>
      <button
        type="button"
        className="text-xs text-second underline underline-offset-2 max-lg:min-h-6 max-md:min-h-11"
        onClick={() => setOpen(true)}
      >
        {t("open")}
      </button>
      <DialogFrame isOpen={isOpen} onClose={() => setOpen(false)} title={title}>
        <DialogContent>
          <commandsPart.Part application={application} request={request} />
        </DialogContent>
      </DialogFrame>
    </>
  );
}
