import type { Aws } from "../aws/aws.ts";
import type { Application } from "../domain/application/application.ts";
import type { Facts } from "../gather/facts.ts";
import type { Watchers } from "./watchers.ts";

/** What every loop looks with, and for whom. */
export interface LoopContext {
  aws: Aws;
  facts: Facts;
  now: () => number;
  fastMs: number;
  idleMs: number;
  applications: () => readonly Application[];
  watchers: Pick<Watchers, "attentionOf" | "isInFlight" | "isWatched">;
  gathered: (applications: readonly Application[]) => void | Promise<void>;
  onError: (error: unknown) => void;
}
