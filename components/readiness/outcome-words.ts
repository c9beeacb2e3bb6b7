import type { StateShape } from "@/components/ui/state-icon.tsx";
import type { StepOutcome } from "@/lib/domain/readiness/readiness.ts";

/** The shape that stands beside an outcome's word. */
export const OUTCOME_SHAPES: Readonly<Record<StepOutcome, StateShape>> = {
  pass: "done",
  warn: "warning",
  unknown: "unknown",
  fail: "fault",
  "put off": "off",
};
