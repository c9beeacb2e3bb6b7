import { SLOT_COLORS, type SlotColor } from "../domain/observation/slot.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Receipt } from "../domain/snapshot/receipt.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { makeReceipt } from "../operations/make-receipt.ts";
import { withMovedTag } from "../operations/moved-tag.ts";
import { ASKS_AWS, ask } from "../request/ask.ts";
import { compareErrorsFirst } from "../request/compare-errors.ts";
import type { Context } from "../request/context.ts";
import { heldSaid } from "../request/input.ts";
import { loadFacts } from "../request/load-facts.ts";
import { refuse } from "../request/refusal.ts";

/** What a switch to `to` would rest on now, by a fresh look at AWS, with the blockers that stand. */
export function getReceipt(ctx: Context, name: string, to: string): Promise<Result<Receipt>> {
  return ask(
    ctx,
    name,
    async () => {
      const color = SLOT_COLORS.find((candidate): candidate is SlotColor => candidate === to);
      if (!color)
        return refuse(
          "INVALID_INPUT",
          heldSaid("to", to),
          say("input.fixOf", { field: "to", fix: say("input.either", { one: "blue", other: "green" }) }),
        );
      await compareErrorsFirst(ctx.runtime, name);
      const loaded = await loadFacts(ctx.runtime, name);
      if (!loaded.ok) return loaded;
      const { application, observation, record } = loaded;
      const receipt = makeReceipt(application, observation, record, color, ctx.runtime.now());
      return { ok: true, value: await withMovedTag(ctx.runtime.awsFor(application), application, receipt) };
    },
    { cost: ASKS_AWS },
  );
}
