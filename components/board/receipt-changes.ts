import { versionOf } from "@/components/live/stage-words.ts";
import { SLOT_COLORS, type SlotColor } from "@/lib/domain/observation/slot.ts";
import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";
import type { ReceiptFacts } from "@/lib/domain/snapshot/receipt.ts";

/** What is different between the receipt a person confirmed and the world as it is now, one sentence each. */
export function describeReceiptChanges(before: ReceiptFacts, after: ReceiptFacts): Sentence[] {
  const changes: Sentence[] = [];
  if (before.listenerOrRuleArn !== after.listenerOrRuleArn) changes.push(say("board.changed.listener"));
  if (before.weights.blue !== after.weights.blue || before.weights.green !== after.weights.green)
    changes.push(
      say("board.changed.weights", {
        blue: before.weights.blue,
        green: before.weights.green,
        blueNow: after.weights.blue,
        greenNow: after.weights.green,
      }),
    );
  if (JSON.stringify(before.waysIn) !== JSON.stringify(after.waysIn)) changes.push(say("board.changed.ways"));
  const [gateBefore, gateAfter] = [before.gate, after.gate];
  if (gateBefore && !gateAfter) changes.push(say("board.changed.gateEnded"));
  else if (gateBefore?.id !== gateAfter?.id) changes.push(say("board.changed.otherGate"));
  else if (gateBefore?.expiresAt !== gateAfter?.expiresAt || gateBefore?.onExpiry !== gateAfter?.onExpiry)
    changes.push(say("board.changed.expiry"));
  for (const color of SLOT_COLORS) {
    const [was, is] = [before.revisions[color], after.revisions[color]];
    if (was?.taskDefinition !== is?.taskDefinition || was?.image !== is?.image)
      changes.push(say("board.changed.revision", { color, was: nameOf(was), is: nameOf(is) }));
    if (before.healthy[color] !== after.healthy[color])
      changes.push(say("board.changed.healthy", { color, had: before.healthy[color], has: after.healthy[color] }));
  }
  return changes.length > 0 ? changes : [say("board.changed.tooOld")];
}

function nameOf(revision: ReceiptFacts["revisions"][SlotColor]): string | Sentence {
  return revision ? versionOf(revision) : say("board.nothing");
}
