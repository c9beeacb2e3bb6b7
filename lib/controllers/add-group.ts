import type { Aws } from "../aws/aws.ts";
import { delay } from "../aws/caller.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import { isSame, type Weights } from "../domain/observation/traffic.ts";
import { type CurrentWeights, readCurrentWeights, type Shiftable } from "../gather/current-weights.ts";
import type { ShiftWrite } from "./controller.ts";
import { WeightsChanged } from "./weights-changed.ts";

const READ_BACK_MS = [0, 50, 100, 200, 400, 800, 1600, 2000];

/**
 * Names the side's group, at weight 0, in every listener and rule that a switch moves and that does not name it yet: the load
 * balancer then checks its targets, and no request moves. Safe to call twice. Answers what was written.
 * @throws WeightsChanged where one of them holds anything but `expected`, or does not read back as written; AwsFailure
 */
export async function addGroup(
  aws: Aws,
  application: Shiftable,
  side: SlotColor,
  expected: Weights,
  now: () => number,
): Promise<ShiftWrite[]> {
  const { targetGroupArn } = application.slots[side];
  const before = await readCurrentWeights(aws, application, now);
  refuseOthers(before, expected);
  const writes: ShiftWrite[] = [];
  for (const { ref, list } of lacking(before, targetGroupArn)) {
    const { requestId } = await aws.elb.writeWeights(ref, list, [{ targetGroupArn, weight: 0 }], "write");
    writes.push({ name: ref.name, requestId });
  }
  if (writes.length === 0) return writes;
  for (const waitMs of READ_BACK_MS) {
    await delay(waitMs);
    const after = await readCurrentWeights(aws, application, now);
    if (lacking(after, targetGroupArn).length > 0) continue;
    refuseOthers(after, expected);
    return writes;
  }
  throw new WeightsChanged(expected, expected, null);
}

function lacking({ refs }: CurrentWeights, targetGroupArn: string): CurrentWeights["refs"] {
  return refs.filter(({ list }) => list.forward.groups.every((group) => group.targetGroupArn !== targetGroupArn));
}

function refuseOthers({ refs, weights, drift }: CurrentWeights, expected: Weights): void {
  if (drift !== null || refs.some((each) => !isSame(each.weights, expected)))
    throw new WeightsChanged(expected, weights, drift);
}
