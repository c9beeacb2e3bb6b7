"use client";
import { useCallback, useRef, useState } from "react";
import { signInAgainPath } from "@/components/sign-in/sign-in-again.ts";
import { announce } from "@/components/ui/announcer.tsx";
import { notDoneWords } from "@/lib/domain/access/not-done.ts";
import type { ActionResult } from "./board-actions.ts";

/** A failure as the panel shows it. */
interface ActionProblem {
  message: string;
  fix?: string;
}

/** What the panel and the phone's bar share: which action runs and what the last one answered. */
export interface ActionRunner {
  running: string | null;
  problem: ActionProblem | null;
  /** Runs one action at a time; a second click while it runs does nothing and answers null. */
  run(
    name: string,
    action: (idempotencyKey: string) => Promise<ActionResult>,
    /** Called before the page is left to sign in again. */
    onStepUp?: () => void,
  ): Promise<ActionResult | null>;
  dismiss(): void;
}

/** Runs server actions one at a time, each with its own idempotency key, and turns a lost connection into words. */
export function useActionRunner(): ActionRunner {
  const [running, setRunning] = useState<string | null>(null);
  const [problem, setProblem] = useState<ActionProblem | null>(null);
  const lock = useRef(false);
  const run = useCallback<ActionRunner["run"]>(async (name, action, onStepUp) => {
    if (lock.current) return null;
    lock.current = true;
    setRunning(name);
    setProblem(null);
    try {
      const result = await action(crypto.randomUUID());
      // Nothing was done: after signing in again the person decides anew, with a fresh page before them.
      if (!result.ok && result.code === "STEP_UP_REQUIRED") {
        onStepUp?.();
        location.assign(signInAgainPath(location.pathname));
      }
      if (result.ok) announce(`${name}: accepted`);
      else setProblem(result.fix ? { message: result.message, fix: result.fix } : { message: result.message });
      return result;
    } catch (error) {
      const notDone = notDoneWords(error);
      setProblem(
        notDone !== null
          ? { message: notDone }
          : {
              message: "No answer from Switchyard",
              fix: "It may have been accepted: look at the deployment before trying again",
            },
      );
      return null;
    } finally {
      lock.current = false;
      setRunning(null);
    }
  }, []);
  const dismiss = useCallback(() => setProblem(null), []);
  return { running, problem, run, dismiss };
}
