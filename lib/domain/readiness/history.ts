import type { ReadinessStep } from "./readiness.ts";
import type { DeploymentFact } from "./readiness-facts.ts";

/** What looks at one application have shown over time. */
export interface ReadinessHistory {
  /** Epoch ms. */
  firstLookAt: number;
  /** By step: since when it is there, epoch ms; one that is missing by now is left out. */
  since: Readonly<Record<string, number>>;
  /** When the first release ended well, epoch ms; null before. */
  firstGreenAt: number | null;
}

/** The history with one more look. What nobody could see this time stays as it was. */
export function withLook(
  before: ReadinessHistory | null,
  look: {
    at: number;
    steps: readonly Pick<ReadinessStep, "id" | "outcome">[];
    deployments: readonly Pick<DeploymentFact, "status" | "kind" | "finishedAt">[];
  },
): ReadinessHistory {
  const since: Record<string, number> = { ...before?.since };
  for (const { id, outcome } of look.steps) {
    if (outcome === "fail") delete since[id];
    else if (outcome === "pass" || outcome === "warn") since[id] ??= look.at;
  }
  const green = look.deployments
    .filter(({ status, kind }) => status === "SUCCESSFUL" && kind !== "ROLLBACK")
    .flatMap(({ finishedAt }) => finishedAt ?? []);
  const known = before?.firstGreenAt ?? null;
  const firstGreenAt = known ?? (green.length > 0 ? Math.min(...green) : null);
  return { firstLookAt: before?.firstLookAt ?? look.at, since, firstGreenAt };
}

/** Ms from the first look to the first release that ended well; null before that, and where releases came before looks. */
export function timeToFirstGreen({ firstLookAt, firstGreenAt }: ReadinessHistory): number | null {
  return firstGreenAt === null || firstGreenAt < firstLookAt ? null : firstGreenAt - firstLookAt;
}

/** What was kept, where it still has the shape that is kept now. */
export function readHistory(kept: unknown): ReadinessHistory | null {
  if (typeof kept !== "object" || kept === null) return null;
  const { firstLookAt, since, firstGreenAt } = kept as Partial<ReadinessHistory>;
  if (typeof firstLookAt !== "number" || typeof since !== "object" || since === null) return null;
  return { firstLookAt, since, firstGreenAt: typeof firstGreenAt === "number" ? firstGreenAt : null };
}
