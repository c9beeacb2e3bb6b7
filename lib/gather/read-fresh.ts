import type { Aws } from "../aws/aws.ts";
import type { ServiceReading } from "../aws/ecs.ts";
import { AwsFailure } from "../aws/errors.ts";
import { readCurrentWeights } from "../controllers/shift-weights.ts";
import type { Application } from "../domain/application/application.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { Weights } from "../domain/observation/traffic.ts";
import { assembleObservation } from "./assemble-observation.ts";
import { createFacts } from "./facts.ts";
import { gatherEcs } from "./gather-ecs.ts";
import { gatherElb, gatherElbSettings } from "./gather-elb.ts";

const PRIORITY = "action";

/** A look straight from AWS, on the budget reserved for actions. */
export async function observeFresh(aws: Aws, application: Application, now: () => number): Promise<Observation> {
  const facts = createFacts(aws);
  await Promise.all([
    gatherEcs(aws, [application], facts, { priority: PRIORITY, now }),
    gatherElb(aws, [application], facts, { priority: PRIORITY, now }),
    gatherElbSettings(aws, [application], facts, { priority: PRIORITY, now }),
  ]);
  return assembleObservation(application, facts, now(), Number.POSITIVE_INFINITY);
}

/** One ECS service of the application's cluster as it is now. @throws AwsFailure, of kind "missing" when there is none */
export async function readService(aws: Aws, application: Application, name: string): Promise<ServiceReading> {
  const reading = (await aws.ecs.describeServices(application.cluster, [name], PRIORITY)).get(name);
  if (!reading) throw new TypeError(`${name} was asked for and not answered`);
  if (reading instanceof AwsFailure) throw reading;
  return reading;
}

/** The weights by a fresh read, with the time at which it was asked. */
export async function readWeightsFresh(
  aws: Aws,
  application: Application,
  now: () => number,
): Promise<{ weights: Weights; drift: string | null; readAt: number }> {
  const readAt = now();
  const { weights, drift } = await readCurrentWeights(aws, application);
  return { weights, drift, readAt };
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
