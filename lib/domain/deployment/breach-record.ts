import type { Sentence } from "../sentence/sentence.ts";

/** What can break a bound during a shift or its bake, in the order in which it is told. */
type BreachFigure = "alarm" | "taskExits" | "unhealthyTargets" | "errorShare" | "responseTime" | "errorKinds";

/** One figure of the new side that broke its bound. */
export interface Breach {
  figure: BreachFigure;
  /** Null for an alarm, whose bound is CloudWatch's business; shares are 0 to 1, times are ms. */
  bound: number | null;
  measured: number | null;
  /** Requests, tasks, targets or lines that the figure rests on; null for an alarm. */
  samples: number | null;
  /** One sentence with all of it. */
  message: string;
  /** `message` in no language yet. */
  said?: Sentence;
}

/** What the old side's requests were like before it lost its traffic. */
export interface Baseline {
  requests: number;
  errors: number;
  p95Ms: number | null;
}
