"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { signInAgainPath } from "@/components/sign-in/sign-in-again.ts";
import { announce } from "@/components/ui/announcer.tsx";
import { notDoneWords } from "@/lib/messages/not-done.ts";
import { askAgainWhileStopping } from "./ask-again.ts";
import type { ActionResult } from "./board-actions.ts";
import { forgetSent, keepSent } from "./sent-requests.ts";

/** A failure as the panel shows it. */
interface ActionProblem {
  message: string;
  fix?: string;
}

/** What the panel and the phone's bar share: which action runs and what the last one answered. */
export interface ActionRunner {
  running: string | null;
  /** What runs has been without an answer for longer than an answer takes. */
  isSlow: boolean;
  problem: ActionProblem | null;
  /** Grows with everything that was sent with a key and not answered: it is asked for again. */
  unanswered: number;
  /** Runs one action at a time; a second click while it runs does nothing and answers null. */
  run(
    name: string,
    action: (idempotencyKey: string) => Promise<ActionResult>,
    /** Called before the page is left to sign in again. */
    onStepUp?: () => void,
  ): Promise<ActionResult | null>;
  /** The same for what takes the key with it: without an answer it is found again by that, also after the page was loaded anew. */
  send(
    application: string,
    name: string,
    action: (idempotencyKey: string) => Promise<ActionResult>,
    onStepUp?: () => void,
  ): Promise<ActionResult | null>;
  dismiss(): void;
}

/** An answer that takes longer is told to be missing; most come within one second. */
const SLOW_MS = 4000;

/** Runs server actions one at a time, each with its own idempotency key, and turns a lost connection into words. */
export function useActionRunner(): ActionRunner {
  const t = useTranslations("board");
  const said = useSaid();
  const [running, setRunning] = useState<string | null>(null);
  const [isSlow, setSlow] = useState(false);
  const [problem, setProblem] = useState<ActionProblem | null>(null);
  const [unanswered, setUnanswered] = useState(0);
  const lock = useRef(false);
  useEffect(() => {
    if (running === null) return;
    const timer = setTimeout(() => {
      setSlow(true);
      announce(t("slow", { name: running }));
    }, SLOW_MS);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [running, t]);
  const start = useCallback(
    async (
      name: string,
      action: (idempotencyKey: string) => Promise<ActionResult>,
      { application, onStepUp }: { application: string | null; onStepUp?: () => void },
    ) => {
      if (lock.current) return null;
      lock.current = true;
      setRunning(name);
      setProblem(null);
      const key = crypto.randomUUID();
      if (application !== null) keepSent(localStorage, application, { key, name, at: Date.now() });
      const forget = () => application !== null && forgetSent(localStorage, application, key, Date.now());
      try {
        const result = await askAgainWhileStopping(() => action(key));
        forget();
        // Nothing was done: after signing in again the person decides anew, with a fresh page before them.
        if (!result.ok && result.code === "STEP_UP_REQUIRED") {
          onStepUp?.();
          location.assign(signInAgainPath(location.pathname));
        }
        if (result.ok) announce(t("accepted", { name }));
        else {
          const fix = result.fix || result.fixSaid ? said(result.fixSaid, result.fix) : undefined;
          setProblem({ message: said(result.said, result.message), ...(fix ? { fix } : {}) });
        }
        return result;
      } catch (error) {
        const notDone = notDoneWords(error);
        if (notDone !== null) {
          forget();
          setProblem({ message: notDone });
        } else if (application === null) setProblem({ message: t("noAnswer"), fix: t("noAnswerFix") });
        else setUnanswered((count) => count + 1);
        return null;
      } finally {
        lock.current = false;
        setRunning(null);
      }
    },
    [t, said],
  );
  const run = useCallback<ActionRunner["run"]>(
    (name, action, onStepUp) => start(name, action, { application: null, onStepUp }),
    [start],
  );
  const send = useCallback<ActionRunner["send"]>(
    (application, name, action, onStepUp) => start(name, action, { application, onStepUp }),
    [start],
  );
  const dismiss = useCallback(() => setProblem(null), []);
  return { running, isSlow, problem, unanswered, run, send, dismiss };
}
