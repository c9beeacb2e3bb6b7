import type { Aws } from "../aws/aws.ts";
import { delay } from "../aws/caller.ts";
import { AwsFailure } from "../aws/errors.ts";
import { type Application, productionRefs } from "../domain/application/application.ts";
import { isSame, type Weights, weightsWords } from "../domain/observation/traffic.ts";
import { say } from "../domain/sentence/sentence.ts";
import { type CurrentWeights, type RefReading, readCurrentWeights, type Shiftable } from "../gather/current-weights.ts";
import type { ShiftWrite, Written } from "./controller.ts";
import { WeightsChanged } from "./weights-changed.ts";

/** What a shift did; `readBackMs` is the time from the first write until every listener and rule read back as asked. */
export type Shifted = Written<{
  before: Weights;
  after: Weights;
  alreadyThere: boolean;
  readBackMs: number;
  /** Each that was written, in order, with AWS's request id; null where its answer was lost. */
  writes: ShiftWrite[];
}>;

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
 * ELBv2 has no compare-and-set and replaces the whole list: read, compare, write everything back with only the weights changed,
 * read back; for each listener and rule that moves together. Safe to call twice: what is as wanted already is not written
 * again. When one is refused after another was written, the failure says that it may have happened, so that it is turned back.
 * @throws WeightsChanged, AwsFailure
 */
export async function shiftWeights(
  aws: Aws,
  application: Shiftable,
  expected: Weights,
  weights: Weights,
  now: () => number,
): Promise<Shifted> {
  const writes: ShiftWrite[] = [];
  /** As first compared; after that each may hold this, or what is wanted. */
  let before: CurrentWeights | null = null;
  let sentAt = now();
  for (let attempt = 1; ; attempt += 1) {
    const reading = readComparable(aws, application, { expected, weights, before }, now);
    const current: CurrentWeights = await (before
      ? reading.catch((error) => asPartDone(error, application, weights))
      : reading);
    const isFirst = before === null;
    before ??= current;
    const due = current.refs.filter((each) => !isSame(each.weights, weights));
    if (due.length === 0)
      return {
        requestId: writes.findLast(({ requestId }) => requestId !== null)?.requestId ?? null,
        value: {
          before: isFirst ? current.weights : before.weights,
          after: weights,
          alreadyThere: isFirst,
          readBackMs: isFirst ? 0 : now() - sentAt,
          writes,
        },
      };
    if (isFirst) sentAt = now();
    const isLost = await writeAll(aws, application, due, weights, writes, attempt);
    // An answer was lost: the next round reads, and writes again only what did not happen.
    if (isLost) continue;
    await readBack(aws, application, { before: before.weights, weights }, now);
    return {
      requestId: writes.at(-1)?.requestId ?? null,
      value: { before: before.weights, after: weights, alreadyThere: false, readBackMs: now() - sentAt, writes },
    };
  }
}

/** Writes one after another. Answers whether the answer to one of them was lost. */
async function writeAll(
  aws: Aws,
  { slots }: Shiftable,
  due: readonly RefReading[],
  weights: Weights,
  writes: ShiftWrite[],
  attempt: number,
): Promise<boolean> {
  const tuples = [
    { targetGroupArn: slots.blue.targetGroupArn, weight: weights.blue },
    { targetGroupArn: slots.green.targetGroupArn, weight: weights.green },
  ];
  for (const { ref, list } of due)
    try {
      const { requestId } = await aws.elb.writeWeights(ref, list, tuples, "write");
      writes.push({ name: ref.name, requestId });
    } catch (error) {
      if (error instanceof AwsFailure && error.isOutcomeUnknown && attempt < WRITES) {
        writes.push({ name: ref.name, requestId: null });
        return true;
      }
      if (attempt > 1 || writes.length > 0) asUnknown(error);
      throw error;
    }
  return false;
}

/** The same for what somebody else did meanwhile to one of several: the others may have moved already. @throws it */
function asPartDone(error: unknown, application: Shiftable, weights: Weights): never {
  if (error instanceof WeightsChanged && productionRefs(application).length > 1)
    throw new WeightsChanged(weights, error.actual, error.drift);
  return asUnknown(error);
}

/** A write before this failure may have happened, whatever became of what came after it. @throws it */
function asUnknown(error: unknown): never {
  if (!(error instanceof AwsFailure) || error.isOutcomeUnknown) throw error;
  const { code, told: message, kind, retryable, requestId, service, operation } = error;
  const fields = { code, message, kind, retryable, requestId, service, operation, cause: error };
  throw new AwsFailure({ ...fields, isOutcomeUnknown: true });
}

/**
 * Reads until each holds either what it held `before` (or what was expected of all) or what is wanted; with a write on the way,
 * what was before may only be old, and is believed when it is told again and again. @throws WeightsChanged
 */
async function readComparable(
  aws: Aws,
  application: Shiftable,
  { expected, weights, before }: { expected: Weights; weights: Weights; before: CurrentWeights | null },
  now: () => number,
): Promise<CurrentWeights> {
  for (let attempt = 0; ; attempt += 1) {
    const current = await readCurrentWeights(aws, application, now);
    const isThere = current.drift === null && current.refs.every((each) => isSame(each.weights, weights));
    if (isThere) return current;
    const isAsExpected = current.drift === null && isComparable(current, expected, weights, before);
    if (isAsExpected && !before) return current;
    const waitMs = READ_AGAIN_MS[attempt];
    if (waitMs === undefined && isAsExpected) return current;
    if (waitMs === undefined) throw new WeightsChanged(expected, current.weights, current.drift);
    await delay(waitMs);
  }
}

function isComparable(
  { refs, weights: combined }: CurrentWeights,
  expected: Weights,
  weights: Weights,
  before: CurrentWeights | null,
): boolean {
  if (!before && isSame(combined, expected)) return true;
  return refs.every((each, index) => {
    const was = before?.refs[index]?.weights ?? expected;
    return isSame(each.weights, was) || isSame(each.weights, weights);
  });
}

/** Exact integers in each, because a weight of 0 stored as 1 still sends requests. */
async function readBack(
  aws: Aws,
  application: Shiftable,
  { before, weights }: { before: Weights; weights: Weights },
  now: () => number,
): Promise<void> {
  let last: CurrentWeights | null = null;
  for (const waitMs of READ_BACK_MS) {
    if (waitMs > 0) await delay(waitMs);
    last = await readCurrentWeights(aws, application, now);
    if (last.drift === null && last.refs.every((each) => isSame(each.weights, weights))) return;
  }
  const late = last?.refs.find((each) => !isSame(each.weights, weights));
  const isOther = last !== null && last.refs.length === 1 && !isSame(last.weights, before);
  if (last && isOther) throw new WeightsChanged(weights, last.weights, null);
  const kind = late?.ref.kind ?? application.listener.kind;
  throw new AwsFailure({
    code: "ReadBackMismatch",
    message: say("awsError.notReadBack", {
      weights: weightsWords(weights),
      name: late ? late.ref.name : say("awsError.theListener"),
      told: late ? weightsWords(late.weights) : say("awsError.otherWeights"),
    }),
    kind: "unavailable",
    retryable: true,
    requestId: null,
    service: "elasticloadbalancing",
    operation: kind === "listener" ? "DescribeListeners" : "DescribeRules",
    isOutcomeUnknown: true,
  });
}
