import type { Sentence } from "../sentence/sentence.ts";
import type { CostEstimate } from "./cost.ts";
import type { ReadinessFacts } from "./readiness-facts.ts";
import type { Subject } from "./subject.ts";

/** What a check says, from best to worst. "unknown" means that nobody could look, and is never a pass. */
const CHECK_OUTCOMES = ["pass", "warn", "unknown", "fail"] as const;
export type CheckOutcome = (typeof CHECK_OUTCOMES)[number];

/** How a step stands: as its check says, or put off by a person while the check does not pass. */
export type StepOutcome = CheckOutcome | "put off";

/** One thing that a check found, with what it saw. */
export interface Point {
  outcome: CheckOutcome;
  /** In English. */
  evidence: string;
  /** The same in no language yet; absent where it is no sentence of the catalogues. */
  said?: Sentence;
}

/** The phases in their order, with their titles. */
export const PHASES = {
  preparation: "Preparation",
  local: "Local verification",
  infrastructure: "AWS infrastructure",
  automation: "Automation",
} as const;
type Phase = keyof typeof PHASES;

/** How to do a step by hand. */
export interface Fix {
  /** What to do, where no command does it. */
  words: string | null;
  /** `words` in no language yet. */
  wordsSaid?: Sentence;
  /** AWS CLI commands, ready to paste. */
  cli: readonly string[];
  /** The template of deploy/aws that makes it; null where none does. */
  template: string | null;
  /** Commands that apply the template with this application's names; of a step as it is shown. */
  cloudFormation?: readonly string[];
  /** The application whose board it is done on. */
  board?: string;
}

/** One of the 24 steps from an empty account to a blue/green deployment. */
export interface StepSpec {
  id: string;
  number: number;
  phase: Phase;
  title: string;
  /** What goes wrong without it. */
  why: string;
  /** Both in no language yet. */
  titleSaid: Sentence;
  whySaid: Sentence;
  /** Ids of the steps that come before it. */
  needs: readonly string[];
  /** AWS's or GitHub's own page about it. */
  link: string;
  check(facts: ReadinessFacts, subject: Subject): readonly Point[];
  fix(subject: Subject): Fix;
}

/** A person's decision that a step waits, with its reason. */
export interface PutOff {
  application: string;
  step: string;
  reason: string;
  by: string;
  /** Epoch ms. */
  at: number;
  /** Epoch ms until which it waits. */
  until: number;
}

/** A step as pages, the API and `verify` show it. */
export interface ReadinessStep {
  id: string;
  number: number;
  phase: Phase;
  title: string;
  outcome: StepOutcome;
  points: readonly Point[];
  why: string;
  /** Both in no language yet; left out by looks of other versions. */
  titleSaid?: Sentence;
  whySaid?: Sentence;
  fix: Fix;
  link: string;
  needs: readonly string[];
  /** While it is put off and the check does not pass. */
  putOff: PutOff | null;
  /** Since when looks have seen that it is there, epoch ms; null while it is missing or was never seen. */
  since: number | null;
}

/** How ready an application is, as of one moment. */
export interface ReadinessReport {
  application: string;
  /** False for the one that is proposed to an empty installation. */
  isConfigured: boolean;
  region: string;
  /** Epoch ms. */
  at: number;
  /** What a shell is told once, before the commands of the steps. */
  setup: readonly string[];
  /** The steps that can be done now: they are missing, and nothing that they need is. Ids. */
  next: readonly string[];
  /** Null for a Region without prices. */
  cost: CostEstimate | null;
  /** Epoch ms of the first look, and ms from there to the first release that ended well; null where nobody keeps looks. */
  firstLookAt: number | null;
  firstGreenAfterMs: number | null;
  /** Who Switchyard is to AWS, and what it may not do. */
  identity: { outcome: CheckOutcome; points: readonly Point[] };
  steps: readonly ReadinessStep[];
  counts: Readonly<Record<StepOutcome, number>>;
}

/** The worst outcome of these; "pass" when there are none. */
export function worstOf(points: readonly Pick<Point, "outcome">[]): CheckOutcome {
  return points.reduce<CheckOutcome>(
    (worst, { outcome }) => (CHECK_OUTCOMES.indexOf(outcome) > CHECK_OUTCOMES.indexOf(worst) ? outcome : worst),
    "pass",
  );
}
