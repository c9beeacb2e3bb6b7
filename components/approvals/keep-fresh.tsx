"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { createAnswerWatch } from "./answer-watch.ts";

/** A gate is on the page within three seconds of its opening: the server sees it after one, and the page asks as often as this. */
const EVERY_MS = 1_500;

/**
 * Asks what waits while the page is seen, and reads the page anew when that is another answer: it comes from many applications,
 * and no one stream has it all.
 */
export function KeepFresh() {
  const router = useRouter();
  useEffect(() => {
    const giveUp = new AbortController();
    const watch = createAnswerWatch("/api/v1/waits");
    const look = async () => {
      if (document.visibilityState !== "visible") return;
      if ((await watch.hasChanged(giveUp.signal)) && !giveUp.signal.aborted) router.refresh();
    };
    const ask = () => void look();
    ask();
    const timer = setInterval(ask, EVERY_MS);
    document.addEventListener("visibilitychange", ask);
    return () => {
      giveUp.abort();
      clearInterval(timer);
      document.removeEventListener("visibilitychange", ask);
    };
  }, [router]);
  return null;
}
