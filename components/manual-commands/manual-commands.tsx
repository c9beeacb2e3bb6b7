"use client";
import { useCallback, useEffect, useState } from "react";
import { useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Notice, Skeleton } from "@/components/ui/notice.tsx";
import { ScrollRegion } from "@/components/ui/scroll-region.tsx";
import { Age } from "@/components/ui/time.tsx";
import type { Commands, CommandsRequest } from "@/lib/domain/manual/manual-commands.ts";

interface ManualCommandsProps {
  application: string;
  request: CommandsRequest;
}

/** The AWS CLI's commands for an action, behind a line that opens; they are read from AWS when it does. */
export function ManualCommands({ title, ...props }: ManualCommandsProps & { title: string }) {
  const { answer, read } = useCommands(props);
  return (
    <details
      className="rounded-control border border-line px-3 py-2 text-sm"
      onToggle={(event) => {
        if (event.currentTarget.open) void read();
      }}
    >
      <summary className="cursor-pointer font-medium">{title}</summary>
      <div className="mt-2">
        <CommandsView answer={answer} onRead={read} />
      </div>
    </details>
  );
}

/** The commands, read when they are first shown. */
export function CommandsOnce(props: ManualCommandsProps) {
  const { answer, read } = useCommands(props);
  useEffect(() => void read(), [read]);
  return <CommandsView answer={answer} onRead={read} />;
}

type Answer = { state: "loading" } | { state: "failed"; message: string } | { state: "ready"; commands: Commands };

/** The newest answer, and how to ask again. Asked without a server action: those wait for each other, and rollback waits for none. */
function useCommands({ application, request }: ManualCommandsProps): { answer: Answer; read: () => Promise<void> } {
  const t = useTranslations("manualCommands");
  const [answer, setAnswer] = useState<Answer>({ state: "loading" });
  const query = new URLSearchParams(Object.entries(request)).toString();
  const read = useCallback(async () => {
    setAnswer({ state: "loading" });
    try {
      const url = `/api/v1/applications/${encodeURIComponent(application)}/commands?${query}`;
      const response = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
      const body: unknown = await response.json();
      setAnswer(
        response.ok
          ? { state: "ready", commands: body as Commands }
          : { state: "failed", message: problemWords(body) ?? t("noReason") },
      );
    } catch {
      setAnswer({ state: "failed", message: t("noAnswer") });
    }
  }, [application, query, t]);
  return { answer, read };
}

const TIMEOUT_MS = 20_000;

function problemWords(body: unknown): string | null {
  const { detail, fix } = (typeof body === "object" && body !== null ? body : {}) as {
    detail?: unknown;
    fix?: unknown;
  };
  return [detail, fix].filter((text) => typeof text === "string").join(". ") || null;
}

/** What there is to run, or why there is nothing. */
function CommandsView({ answer, onRead }: { answer: Answer; onRead: () => Promise<void> }) {
  const t = useTranslations("manualCommands");
  if (answer.state === "loading")
    return (
      <div aria-busy="true">
        <Skeleton className="h-24" />
      </div>
    );
  if (answer.state === "failed")
    return (
      <Notice tone="fault" compact title={t("failed")}>
        <p>{answer.message}</p>
        <Button size="small" onClick={() => void onRead()}>
          {t("again")}
        </Button>
      </Notice>
    );
  const { note, script, readAt } = answer.commands;
  return (
    <div className="flex flex-col gap-2">
      {note ? <Notice tone={script ? "warning" : "plain"} compact title={note} /> : null}
      {script ? (
        <>
          <div className="relative">
            <ScrollRegion label={t("commands")} className="max-h-[320px] rounded-control bg-ground p-2.5 pr-11">
              <pre className="font-mono text-xs">{script}</pre>
            </ScrollRegion>
            <div className="absolute top-1 right-1">
              <CopyButton label={t("copy")} text={script} />
            </div>
          </div>
          <p className="text-xs text-second">
            {t.rich("howTo", {
              jq: script.includes("jq ") ? "yes" : "no",
              age: () => <Age at={readAt} fine />,
              again: (chunks) => (
                <button type="button" className="underline" onClick={() => void onRead()}>
                  {chunks}
                </button>
              ),
            })}
          </p>
        </>
      ) : null}
    </div>
  );
}
