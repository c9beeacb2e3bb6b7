"use client";
import { useState } from "react";
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
        Do it by hand
      </button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title={title}>
        {isOpen ? <CommandsView answer={answer} onRead={read} /> : null}
      </Dialog>
    </>
  );
}
