import { useCallback, useEffect, useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { announce } from "@/components/ui/announcer.tsx";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import type { Sentence } from "@/lib/domain/sentence/sentence.ts";
import type { Receipt } from "@/lib/domain/snapshot/receipt.ts";
import { notDoneWords } from "@/lib/messages/not-done.ts";
import { askAgainWhileStopping } from "./ask-again.ts";
import type { BoardActions } from "./board-actions.ts";
import { blockerWords } from "./board-facts.ts";

/** How long a receipt that stands in its own way is shown before AWS is asked again, in ms. */
const AGAIN_MS = 3_000;

export type LoadedReceipt =
  | { state: "loading" }
  | { state: "failed"; message: string }
  | { state: "ready"; receipt: Receipt; changes: readonly Sentence[] };

/**
 * The receipt of a switch to a side, read when the dialog opens. While something stands in the
 * way it is read again and again, so that whoever waits for it can press as soon as they may; a receipt that may be confirmed
 * stays as it was read, because it is what the person confirms.
 */
export function useReceipt({
  application,
  to,
  read,
  isSent,
}: {
  application: string;
  to: SlotColor;
  read: BoardActions["receipt"];
  isSent: boolean;
}) {
  const said = useSaid();
  const t = useTranslations("board");
  const [loaded, setLoaded] = useState<LoadedReceipt>({ state: "loading" });
  const ask = useCallback(async (): Promise<LoadedReceipt> => {
    try {
      const result = await askAgainWhileStopping(() => read(application, to));
      return result.ok
        ? { state: "ready", receipt: result.value, changes: [] }
        : { state: "failed", message: blockerWords(said, result) };
    } catch (error) {
      return { state: "failed", message: notDoneWords(error) ?? t("receipt.noAnswer") };
    }
  }, [read, application, to, said, t]);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each round reads anew
  useEffect(() => {
    let isOver = false;
    setLoaded({ state: "loading" });
    void ask().then((answer) => {
      if (!isOver) setLoaded(answer);
    });
    return () => {
      isOver = true;
    };
  }, [ask, round]);
  useEffect(() => {
    if (isSent || loaded.state !== "ready" || loaded.receipt.blockers.length === 0) return;
    let isOver = false;
    const timer = setTimeout(async () => {
      const fresh = await ask();
      if (isOver) return;
      // One that could not be read leaves the last one, which may not be confirmed, and is tried again.
      if (fresh.state !== "ready") return setLoaded({ ...loaded });
      if (fresh.receipt.blockers.length === 0) announce(t("receipt.nowPossible"));
      setLoaded(fresh);
    }, AGAIN_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [isSent, loaded, ask, t]);
  const replace = (receipt: Receipt, changes: readonly Sentence[]) => setLoaded({ state: "ready", receipt, changes });
  return { loaded, load: () => setRound(round + 1), replace };
}
