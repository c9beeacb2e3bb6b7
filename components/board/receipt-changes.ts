import { versionOf } from "@/components/live/stage-words.ts";
import { SLOT_COLORS } from "@/lib/domain/observation/slot.ts";
import type { ReceiptFacts } from "@/lib/domain/snapshot/receipt.ts";

/** What is different between the receipt a person confirmed and the world as it is now, one sentence each. */
export function describeReceiptChanges(before: ReceiptFacts, after: ReceiptFacts): string[] {
  const changes: string[] = [];
  if (before.listenerOrRuleArn !== after.listenerOrRuleArn) changes.push("Another listener or rule decides now");
  if (before.weights.blue !== after.weights.blue || before.weights.green !== after.weights.green)
    changes.push(
      `The rule held blue ${before.weights.blue}, green ${before.weights.green}; it holds blue ${after.weights.blue}, green ${after.weights.green}`,
    );
  if (JSON.stringify(before.waysIn) !== JSON.stringify(after.waysIn))
    changes.push("The listeners and rules that lead to either side have changed");
  const [gateBefore, gateAfter] = [before.gate, after.gate];
  if (gateBefore && !gateAfter) changes.push("The gate was answered elsewhere or has ended");
  else if (gateBefore?.id !== gateAfter?.id) changes.push("AWS waits at another gate now");
  else if (gateBefore?.expiresAt !== gateAfter?.expiresAt || gateBefore?.onExpiry !== gateAfter?.onExpiry)
    changes.push("What AWS does when nobody answers has changed");
  for (const color of SLOT_COLORS) {
    const [was, is] = [before.revisions[color], after.revisions[color]];
    if (was?.taskDefinition !== is?.taskDefinition || was?.image !== is?.image)
      changes.push(`${color} ran ${was ? versionOf(was) : "nothing"}; it runs ${is ? versionOf(is) : "nothing"}`);
    if (before.healthy[color] !== after.healthy[color])
      changes.push(`${color} had ${before.healthy[color]} healthy targets; it has ${after.healthy[color]}`);
  }
  return changes.length > 0 ? changes : ["The receipt was too old"];
}
