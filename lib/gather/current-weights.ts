import type { Aws } from "../aws/aws.ts";
import type { ActionList } from "../aws/elb-readings.ts";
import { AwsFailure } from "../aws/errors.ts";
import { type Application, type ListenerRef, productionRefs } from "../domain/application/application.ts";
import { readWeights } from "../domain/observation/read-weights.ts";
import { combinedWeights, type Weights } from "../domain/observation/traffic.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Told } from "../domain/sentence/told.ts";
import { tellForward } from "./facts.ts";

/** What a shift needs to know: where the weights are, and whose they are. */
export type Shiftable = Pick<Application, "listener" | "together" | "slots">;

/** One listener or rule as it is now. */
export interface RefReading {
  ref: ListenerRef;
  list: ActionList;
  weights: Weights;
}

/** Everything that moves together as it is now. */
export interface CurrentWeights {
  refs: RefReading[];
  /** What all hold; while they differ, the sum, by which every side that any of them serves counts as served. */
  weights: Weights;
  drift: Told | null;
}

/**
 * The weights by a fresh read, on the budget that is kept for writes; drift says in words why they may not be this
 * application's. With a clock, whoever looks through this Aws is told.
 */
export async function readCurrentWeights(
  aws: Aws,
  application: Shiftable,
  now?: () => number,
): Promise<CurrentWeights> {
  const { slots } = application;
  const wanted = productionRefs(application);
  const sentAt = now?.();
  const lists = await aws.elb.describeForwards(wanted, "write");
  const arns = { blue: slots.blue.targetGroupArn, green: slots.green.targetGroupArn };
  let drift: Told | null = null;
  const refs = wanted.map((ref) => {
    const list = lists.get(ref.arn);
    if (!list) throw new TypeError(`${ref.arn} was asked for and not answered`);
    if (list instanceof AwsFailure) throw list;
    if (sentAt !== undefined) tellForward(aws, ref.arn, list, sentAt);
    const reading = readWeights(list.forward.groups, arns);
    if (!reading.ok)
      drift ??= wanted.length > 1 ? say("drift.of", { name: ref.name, drift: reading.drift }) : reading.drift;
    return { ref, list, weights: reading.weights };
  });
  return { refs, weights: combinedWeights(refs.map(({ weights }) => weights)), drift };
}
