import { z } from "zod";
import { trafficDriverOf } from "../controllers/controller.ts";
import { WeightsChanged } from "../controllers/weights-changed.ts";
import type { Identity } from "../domain/access/role.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import type { Weights } from "../domain/observation/traffic.ts";
import { findDeployBlockers } from "../domain/rules/action-rules.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { defineAdministration } from "../request/administer.ts";
import type { Context } from "../request/context.ts";
import { fields, membersOnly } from "../request/input.ts";
import { onApplication } from "../request/judge.ts";
import { loadFacts } from "../request/load-facts.ts";
import { refuse, refuseFor } from "../request/refusal.ts";
import { findUnusedGroup } from "./find-unused-group.ts";

const WEIGHT = z.int("give the weights as the plan shows them").min(0).max(999);

/** What the operation takes: the side whose group is added, and the weights that were shown with it. */
export const addGroupInput = membersOnly({
  application: fields.application,
  to: fields.color,
  weights: z.strictObject({ blue: WEIGHT, green: WEIGHT }, "give the weights as the plan shows them"),
  reason: fields.reason,
});
type Input = z.infer<typeof addGroupInput>;

/** What was added, and where: names of listeners and rules. */
interface AddedGroup {
  application: string;
  side: SlotColor;
  targetGroupName: string;
  weights: Weights;
  writes: readonly { name: string; requestId: string | null }[];
}

/**
 * Names the idle side's target group at weight 0 where the application's traffic is forwarded, so that its targets are checked
 * and a release can get healthy. No request moves. What holds other weights than those that were shown is left alone.
 */
export const addUnusedGroup = defineAdministration({
  action: "listener.group-added",
  permission: "switch",
  schema: addGroupInput,
  scope: onApplication,
  run,
  describe: ({ targetGroupName, side, writes }) =>
    say("auditRow.groupAdded", { group: targetGroupName, side, names: writes.map(({ name }) => name).join(", ") }),
  change: ({ targetGroupName }) => ({ subject: targetGroupName }),
});

async function run({ runtime }: Context & { identity: Identity }, input: Input): Promise<Result<AddedGroup>> {
  const { application: name, to: side, weights } = input;
  const loaded = await loadFacts(runtime, name, "anew");
  if (!loaded.ok) return loaded;
  const { application, observation, facts } = loaded;
  const blocked = refuseFor(findDeployBlockers(facts));
  if (blocked) return blocked;
  const aws = runtime.awsFor(application);
  const unused = await findUnusedGroup({ aws, controllers: runtime.controllers }, application, observation);
  const { targetGroupName } = application.slots[side];
  if (!unused || unused.side !== side)
    return refuse("NOT_OFFERED", say("refusal.groupIsNamed", { group: targetGroupName }), say("refusal.lookAgain"));
  try {
    const driver = trafficDriverOf(runtime.controllers, application);
    const writes = await runtime.engine.write(name, () => driver.addGroup(application, side, weights));
    await runtime.observer.refreshNow(name, { withWays: true }).catch(() => null);
    return { ok: true, value: { application: name, side, targetGroupName, weights, writes } };
  } catch (error) {
    if (error instanceof WeightsChanged)
      return refuse("RECEIPT_OUTDATED", say("refusal.notWritten", { why: error.said }), say("refusal.lookAgain"));
    throw error;
  }
}
