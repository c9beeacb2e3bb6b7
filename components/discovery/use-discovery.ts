"use client";
import { useCallback, useEffect, useState } from "react";
import type { DiscoveryReport } from "@/lib/domain/discovery/discovery-report.ts";

/** While a look is under way. */
const EVERY_MS = 1_500;

/** What there is, asked for again while AWS is being looked at. `ask` rejects when Switchyard does not answer. */
export function useDiscovery(initial: DiscoveryReport): {
  report: DiscoveryReport;
  ask: (isFresh: boolean) => Promise<void>;
} {
  const [report, setReport] = useState(initial);
  const [turn, setTurn] = useState(0);
  const ask = useCallback(async (isFresh: boolean) => {
    const response = await fetch(`/api/v1/discovery${isFresh ? "?fresh" : ""}`, {
      headers: { accept: "application/json" },
    });
    if (!response.ok) throw new Error(`Switchyard answered ${response.status}`);
    // Safe because the route answers with exactly this type.
    setReport((await response.json()) as DiscoveryReport);
  }, []);

  const isLooking = report.lookingSince !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn sets the timer of the next.
  useEffect(() => {
    if (!isLooking) return;
    const next = () => setTurn((before) => before + 1);
    const timer = setTimeout(() => ask(false).then(next, next), EVERY_MS);
    return () => clearTimeout(timer);
  }, [isLooking, ask, turn]);
  return { report, ask };
}
