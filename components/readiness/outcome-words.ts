import type { StateShape } from "@/components/ui/state-icon.tsx";
import type { StepOutcome } from "@/lib/domain/readiness/readiness.ts";

/** What an outcome is called, and the shape that stands beside the word. */
export const OUTCOMES: Readonly<Record<StepOutcome, { word: string; shape: StateShape }>> = {
  pass: { word: "pass", shape: "done" },
  warn: { word: "warning", shape: "warning" },
  unknown: { word: "unknown", shape: "unknown" },
  fail: { word: "missing", shape: "fault" },
  "put off": { word: "put off", shape: "off" },
};
