import type { Aws } from "../aws/aws.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { ServiceReading } from "../aws/service-reading.ts";
import type { Application } from "../domain/application/application.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { Weights } from "../domain/observation/traffic.ts";
import type { WaysIn } from "../domain/observation/way-in.ts";
import type { Told } from "../domain/sentence/told.ts";
import { assembleObservation } from "./assemble-observation.ts";
import { waysFacts, waysInOf } from "./assemble-ways.ts";
import { readCurrentWeights } from "./current-weights.ts";
import { createFacts } from "./facts.ts";
import { gatherEcs } from "./gather-ecs.ts";
import { gatherElb, gatherElbSettings } from "./gather-elb.ts";
import { gatherWaysIn } from "./gather-ways.ts";

const PRIORITY = "action";

/** A look straight from AWS, on the budget reserved for actions. */
export async function observeFresh(aws: Aws, application: Application, now: () => number): Promise<Observation> {
  const facts = createFacts(aws);
  await Promise.all([
    gatherEcs(aws, [application], facts, { priority: PRIORITY, now }),
    gatherElb(aws, [application], facts, { priority: PRIORITY, now }),
    gatherElbSettings(aws, [application], facts, { priority: PRIORITY, now }),
    gatherWaysIn(aws, [application], facts, { priority: PRIORITY, now }, now()),
  ]);
  return assembleObservation(application, facts, now(), Number.POSITIVE_INFINITY);
}

/** One ECS service of the application's cluster as it is now, on the budget that is kept for writes. @throws AwsFailure, of kind "missing" when there is none */
export async function readService(aws: Aws, application: Application, name: string): Promise<ServiceReading> {
  const reading = (await aws.ecs.describeServices(application.cluster, [name], "write")).get(name);
  if (!reading) throw new TypeError(`${name} was asked for and not answered`);
  if (reading instanceof AwsFailure) throw reading;
  return reading;
}

/** The weights by a fresh read, with the time at which it was asked. */
export async function readWeightsFresh(
  aws: Aws,
  application: Application,
  now: () => number,
): Promise<{ weights: Weights; drift: Told | null; readAt: number }> {
  const readAt = now();
  const { weights, drift } = await readCurrentWeights(aws, application, now);
  return { weights, drift, readAt };
}

/** Every listener and rule that leads to a side, by a fresh read. @throws AwsFailure when one of them could not be read */
export async function readWaysInFresh(aws: Aws, application: Application, now: () => number): Promise<WaysIn> {
  const facts = createFacts(aws);
  // Even what was read within this very millisecond is read again.
  await gatherWaysIn(aws, [application], facts, { priority: PRIORITY, now }, Number.POSITIVE_INFINITY);
  const failure = waysFacts(application, facts).find((fact) => fact?.failure)?.failure;
  if (failure) throw failure;
  const ways = waysInOf(application, facts);
  if (!ways) throw new TypeError(`The ways in of ${application.name} were asked for and not answered`);
  return ways;
}

/** Does one write; where its answer was lost, looks whether it happened. Answers AWS's request id, null when it was looked up. */
export async function writeOrLook(
  write: () => Promise<string | null>,
  isDone: () => Promise<boolean>,
): Promise<string | null> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof AwsFailure) || !error.isOutcomeUnknown || !(await isDone())) throw error;
    return null;
  }
}
