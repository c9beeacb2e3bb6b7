"use client";
import Link from "next/link";
import { useEffect, useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { announce } from "@/components/ui/announcer.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { forgetSent, type Outcome, outcomeOf, outcomeSaid, readSent, type SentRequest } from "./sent-requests.ts";
import type { ActionRunner } from "./use-action.ts";

/** How often Switchyard is asked what became of something. */
const ASK_EVERY_MS = 3000;

interface Found {
  sent: SentRequest;
  outcome: Outcome;
}

/** What is on its way, and what became of what was sent and never answered, by its key: also from before the page was loaded. */
export function useSent(application: string, { running, unanswered }: ActionRunner) {
  const said = useSaid();
  const [found, setFound] = useState<Found | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: something more went without an answer.
  useEffect(() => {
    if (running !== null) return;
    const giveUp = new AbortController();
    let timer: ReturnType<typeof setTimeout> | null = null;
    const look = async () => {
      const sent = readSent(localStorage, application, Date.now()).at(-1);
      if (!sent) return;
      const answer = await askFor(application, sent.key, giveUp.signal);
      if (giveUp.signal.aborted) return;
      const outcome = outcomeOf(sent, answer, Date.now());
      setFound({ sent, outcome });
      if (outcome.state === "asking") timer = setTimeout(() => void look(), ASK_EVERY_MS);
      else {
        forgetSent(localStorage, application, sent.key, Date.now());
        announce(said(outcomeSaid(sent, outcome).message));
      }
    };
    void look();
    return () => {
      giveUp.abort();
      if (timer) clearTimeout(timer);
    };
  }, [application, running, unanswered, said]);
  return { found, dismiss: () => setFound(null) };
}

/** The deployment's id, null when nothing is known of the key, undefined when there is no answer to go by. */
async function askFor(application: string, key: string, signal: AbortSignal): Promise<string | null | undefined> {
  const path = `/api/v1/applications/${encodeURIComponent(application)}/deployments`;
  try {
    const response = await fetch(`${path}?idempotencyKey=${encodeURIComponent(key)}`, { cache: "no-store", signal });
    if (!response.ok) return undefined;
    const { items } = (await response.json()) as { items: { id: string }[] };
    return items[0]?.id ?? null;
  } catch {
    return undefined;
  }
}

/** Says it where the actions are. */
export function SentNotice({
  application,
  runner,
  sent: { found, dismiss },
}: {
  application: string;
  runner: ActionRunner;
  sent: ReturnType<typeof useSent>;
}) {
  const t = useTranslations("board");
  const said = useSaid();
  if (runner.running !== null)
    return runner.isSlow ? <Notice tone="warning" compact title={t("slow", { name: runner.running })} /> : null;
  if (!found) return null;
  const { message, fix } = outcomeSaid(found.sent, found.outcome);
  return (
    <Notice tone={found.outcome.state === "done" ? "plain" : "warning"} compact title={said(message)}>
      <p>{said(fix)}</p>
      {found.outcome.state === "asking" ? null : (
        <p className="mt-1 flex flex-wrap items-center gap-3">
          {found.outcome.state === "done" ? (
            <Link
              href={`/${encodeURIComponent(application)}/deployments/${found.outcome.deploymentId}`}
              className="text-ink underline underline-offset-2"
            >
              {t("toDeployment")}
            </Link>
          ) : null}
          <Button size="small" onClick={dismiss}>
            {t("dismiss")}
          </Button>
        </p>
      )}
    </Notice>
  );
}
