import { type Sentence, say } from "../sentence/sentence.ts";

/** One AWS API family the picture is made of. */
export const SOURCE_NAMES = ["ecs", "elb", "cloudwatch", "logs", "ecr", "store"] as const;

export type SourceName = (typeof SOURCE_NAMES)[number];

/** What each source tells, as people call it. */
export function sourceSaid(name: SourceName): Sentence {
  return say(`source.${name}`);
}

/** How one source is doing; `ageMs` is the age of its data at an observation's `observedAt`, or at a snapshot's `answeredAt`. */
export interface SourceState {
  name: SourceName;
  state: "ok" | "stale" | "throttled" | "error";
  ageMs: number;
  /** Which permission is missing or which limit was hit, in words; AWS's code is in it. */
  message?: string;
  /** `message` in no language yet; left out where it is another program's text. */
  said?: Sentence;
}
