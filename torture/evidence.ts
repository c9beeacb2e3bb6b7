import type { Deployment, JournalEntry } from "../lib/domain/deployment/deployment.ts";
import type { SlotColor } from "../lib/domain/observation/slot.ts";
import type { Weights } from "../lib/domain/observation/traffic.ts";

/** One call that changed something, from the sandbox's own record; `at` is epoch ms of real time. */
export interface AwsWrite {
  at: number;
  requestId: string;
  operation: string;
  input: Record<string, unknown>;
  /** Null when it took effect. */
  error: string | null;
  /** Id of the task set that it made. */
  made?: string;
}

/** How many targets each side had healthy, as the load balancer itself saw it. */
export interface HealthSample {
  at: number;
  healthy: Weights;
}

/** One thing done to the world behind Switchyard's back. */
export type Trouble =
  | { at: number; kind: "kill" }
  | { at: number; kind: "fault"; what: string; ms: number; hits: number }
  | { at: number; kind: "weights"; weights: Weights }
  | { at: number; kind: "task"; side: SlotColor }
  /** A rule of the production listener that led some requests to the side, until then. */
  | { at: number; kind: "rule"; side: SlotColor; until: number }
  | { at: number; kind: "deregister"; taskDefinition: string };

/** One request to Switchyard's API and its answer; a status of 0 is none. */
export interface ApiRequest {
  at: number;
  /** When its answer came, or nobody waited any more. */
  answeredAt: number;
  verb: "release" | "switch" | "rollback" | "abort" | "retire";
  key: string | null;
  status: number;
  deploymentId: string | null;
  code: string | null;
}

/** One request of a client that got no good answer. */
export interface ClientFailure {
  sentAt: number;
  at: number;
  what: string;
}

/** Everything that a run left behind to be judged. */
export interface Evidence {
  /** The listener that no production traffic goes through; left out where there is none. */
  testListenerArn?: string;
  /** The listener that moves with the one that clients come by; left out where there is none. */
  togetherArn?: string;
  startedAt: number;
  endedAt: number;
  /** How many times faster than real time the sandbox ran. */
  speed: number;
  writes: readonly AwsWrite[];
  /** Task sets of the world as it was laid; none where a side is a service. */
  taskSets: readonly { id: string; side: SlotColor }[];
  samples: readonly HealthSample[];
  troubles: readonly Trouble[];
  requests: readonly ApiRequest[];
  deployments: readonly (Deployment & { journal: JournalEntry[] })[];
  /** What clients of the load balancer did not get, and from when to when they waited for it. */
  failures: readonly ClientFailure[];
  /** Whether an image that answers with 500 on purpose was released. */
  hasErrorsByDesign: boolean;
}

/** One promise that was broken, in one sentence. */
export interface Violation {
  promise:
    | "no request failed"
    | "the server comes back"
    | "every deployment ends"
    | "no write done twice"
    | "an intent and an outcome for every write"
    | "a side with weight is left alone"
    | "no weight for a side without healthy targets"
    | "a repeated request is answered with the same deployment"
    | "what moves together ends together"
    | "no click is refused for what has ended"
    | "no rule that AWS drives is written"
    | "no gate is answered twice"
    | "no gate is answered with an old id"
    | "nothing is answered that was not seen"
    | "no release goes live without its approvals"
    | "the record says what AWS says";
  what: string;
}
