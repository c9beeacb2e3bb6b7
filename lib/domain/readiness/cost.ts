import { inEnglish } from "../sentence/in-language.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { PRICES, PRICES_AS_OF } from "./prices.ts";
import type { ReadinessFacts } from "./readiness-facts.ts";
import { seenOf } from "./seen-of.ts";
import type { Subject } from "./subject.ts";

/** One thing that costs money while it stands. */
export interface CostItem {
  what: string;
  /** `what` in no language yet. */
  said?: Sentence;
  /** USD a month of 730 hours. */
  monthly: number;
}

/** An estimate of what stands a month, by list prices; traffic, logs, images and databases are not in it. */
export interface CostEstimate {
  asOf: string;
  there: readonly CostItem[];
  /** What is put off, missing or idle now, and would be added. */
  later: readonly CostItem[];
}

const HOURS = 730;
/** What is put into both zones of the templates. */
const ZONES = 2;
/** While there is no task definition: the size of the one in deploy/aws. */
const USUAL_SIZE = { cpu: 512, memory: 1024 };

/** Null for a Region that the table does not have. */
export function estimateCost(
  facts: ReadinessFacts,
  { region }: Pick<Subject, "region">,
  steps: readonly { id: string; outcome: string }[],
): CostEstimate | null {
  const prices = PRICES[region];
  if (!prices) return null;
  const item = (said: Sentence, perHour: number): CostItem => ({
    what: inEnglish(said),
    said,
    monthly: Math.round(perHour * HOURS * 100) / 100,
  });
  const definition = seenOf(facts.taskDefinition);
  const size = definition?.isFargate
    ? { cpu: Number(definition.cpu), memory: Number(definition.memory) }
    : definition
      ? null
      : USUAL_SIZE;
  const taskHour = size ? (size.cpu / 1024) * prices.fargateCpuHour + (size.memory / 1024) * prices.fargateGbHour : 0;
  const tasks = (seenOf(facts.services) ?? []).reduce((sum, { running }) => sum + running, 0);
  const sides = (seenOf(facts.targetGroups) ?? []).filter(({ targets }) => targets > 0).length;
  const endpoints = (seenOf(facts.network)?.endpoints ?? []).filter(({ groupIds }) => groupIds !== null).length;
  const isMissing = (id: string) =>
    steps.some((step) => step.id === id && (step.outcome === "put off" || step.outcome === "fail"));
  const balancer = item(say("readinessStep.cost.balancer"), prices.loadBalancerHour);
  const there = [
    ...(seenOf(facts.loadBalancer) ? [balancer] : []),
    ...(tasks > 0 && size ? [item(say("readinessStep.cost.tasks", { tasks }), tasks * taskHour)] : []),
    ...(endpoints > 0
      ? [
          item(
            say("readinessStep.cost.endpoints", { endpoints, zones: ZONES }),
            endpoints * ZONES * prices.endpointHour,
          ),
        ]
      : []),
  ];
  const perSide = Math.max(1, sides === 0 ? tasks : Math.round(tasks / sides));
  const later = [
    ...(!seenOf(facts.loadBalancer) && isMissing("load-balancer") ? [balancer] : []),
    ...(tasks === 0 && size ? [item(say("readinessStep.cost.oneTask"), taskHour)] : []),
    ...(sides < 2 && size ? [item(say("readinessStep.cost.second"), perSide * taskHour)] : []),
  ];
  return { asOf: PRICES_AS_OF, there, later };
}
