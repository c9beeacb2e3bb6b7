import type { Aws } from "../aws/aws.ts";
import { delay } from "../aws/caller.ts";
import type { ActionList } from "../aws/elb-readings.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { Application } from "../domain/application/application.ts";
import { isSame, readWeights, type Weights, weightsWords } from "../domain/observation/traffic.ts";
import { tellForward } from "../gather/facts.ts";
import type { Written } from "./controller.ts";
import { WeightsChanged } from "./weights-changed.ts";

/** What a shift did; `readBackMs` is the time from the write until the rule read back as asked. */
export type Shifted = Written<{ before: Weights; after: Weights; alreadyThere: boolean; readBackMs: number }>;

/** What a shift needs to know: where the weights are, and whose they are. */
type Shiftable = Pick<Application, "listener" | "slots">;

/** The same application, shifted at its test listener. */
export function onTestListener({ testListener, slots, name }: Application): Shiftable {
  if (!testListener) throw new TypeError(`${name} has no test listener`);
  return { listener: testListener, slots };
}

/** Answers may be a little old, so one that does not fit is asked again before it is believed. */
const READ_AGAIN_MS = [150, 400];
const READ_BACK_MS = [0, 50, 100, 200, 400, 800, 1600, 2000];
const WRITES = 2;

/**
 * The weights by a fresh read, on the budget that is kept for writes; drift says in words why they may not be this
 * application's. With a clock, whoever looks through this Aws is told.
 */
export async function readCurrentWeights(
  aws: Aws,
  application: Shiftable,
  now?: () => number,
): Promise<{ list: ActionList; weights: Weights; drift: string | null }> {
  const { listener, slots } = application;
  const sentAt = now?.();
  const list = (await aws.elb.describeForwards([listener], "write")).get(listener.arn);
  if (!list) throw new TypeError(`${listener.arn} was asked for and not answered`);
  if (list instanceof AwsFailure) throw list;
  if (sentAt !== undefined) tellForward(aws, listener.arn, list, sentAt);
  const reading = readWeights(list.forward.groups, {
    blue: slots.blue.targetGroupArn,
    green: slots.green.targetGroupArn,
  });
  return { list, weights: reading.weights, drift: reading.ok ? null : reading.drift };
}

/**
 * ELBv2 has no compare-and-set and replaces the whole list: read, compare, write everything back with only the weights changed,
 * read back. Safe to call twice. @throws WeightsChanged, AwsFailure
 */
export async function shiftWeights(
  aws: Aws,
  application: Shiftable,
  expected: Weights,
  weights: Weights,
  now: () => number,
): Promise<Shifted> {
  let requestId: string | null = null;
  let isWritten = false;
  const startedAt = now();
  for (let attempt = 1; ; attempt += 1) {
    const reading = readComparable(aws, application, { expected, weights, isWritten }, now);
    const current = await (isWritten ? reading.catch(asUnknown) : reading);
    if (isSame(current.weights, weights))
      return {
        requestId,
        value: {
          before: isWritten ? expected : current.weights,
          after: weights,
          alreadyThere: !isWritten,
          readBackMs: isWritten ? now() - startedAt : 0,
        },
      };
    const sentAt = now();
    isWritten = true;
    try {
      const { blue, green } = application.slots;
      const written = await aws.elb.writeWeights(
        application.listener,
        current.list,
        [
          { targetGroupArn: blue.targetGroupArn, weight: weights.blue },
          { targetGroupArn: green.targetGroupArn, weight: weights.green },
        ],
        "write",
      );
      requestId = written.requestId;
    } catch (error) {
      // The answer was lost: the next round reads, and writes again only if nothing happened.
      if (error instanceof AwsFailure && error.isOutcomeUnknown && attempt < WRITES) continue;
      if (attempt > 1) asUnknown(error);
      throw error;
    }
    await readBack(aws, application, { expected, weights }, now);
    return {
      requestId,
      value: { before: current.weights, after: weights, alreadyThere: false, readBackMs: now() - sentAt },
    };
  }
}

/** A write before this failure may have happened, whatever became of what came after it. @throws it */
function asUnknown(error: unknown): never {
  if (!(error instanceof AwsFailure) || error.isOutcomeUnknown) throw error;
  const { code, message, kind, retryable, requestId, service, operation } = error;
  const fields = { code, message, kind, retryable, requestId, service, operation, cause: error };
  throw new AwsFailure({ ...fields, isOutcomeUnknown: true });
}

/**
 * Reads until the listener holds either what was expected or what is wanted; with a write on the way, what was expected may
 * only be old, and is believed when it is told again and again. @throws WeightsChanged
 */
async function readComparable(
  aws: Aws,
  application: Shiftable,
  { expected, weights, isWritten }: { expected: Weights; weights: Weights; isWritten: boolean },
  now: () => number,
) {
  for (let attempt = 0; ; attempt += 1) {
    const current = await readCurrentWeights(aws, application, now);
    const isAsExpected = !current.drift && isSame(current.weights, expected);
    if (!current.drift && isSame(current.weights, weights)) return current;
    if (isAsExpected && !isWritten) return current;
    const waitMs = READ_AGAIN_MS[attempt];
    if (waitMs === undefined && isAsExpected) return current;
    if (waitMs === undefined) throw new WeightsChanged(expected, current.weights, current.drift);
    await delay(waitMs);
  }
}

/** Exact integers, because a weight of 0 stored as 1 still sends requests. */
async function readBack(
  aws: Aws,
  application: Shiftable,
  { expected: before, weights }: { expected: Weights; weights: Weights },
  now: () => number,
): Promise<void> {
  let last: Weights = before;
  for (const waitMs of READ_BACK_MS) {
    if (waitMs > 0) await delay(waitMs);
    const current = await readCurrentWeights(aws, application, now);
    if (!current.drift && isSame(current.weights, weights)) return;
    last = current.weights;
  }
  if (!isSame(last, before)) throw new WeightsChanged(weights, last, null);
  throw new AwsFailure({
    code: "ReadBackMismatch",
    message: `AWS took the weights ${weightsWords(weights)}, but still tells the old ones`,
    kind: "unavailable",
    retryable: true,
    requestId: null,
    service: "elasticloadbalancing",
    operation: application.listener.kind === "listener" ? "DescribeListeners" : "DescribeRules",
    isOutcomeUnknown: true,
  });
}
