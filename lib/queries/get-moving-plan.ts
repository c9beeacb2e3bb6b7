import { type MovingPlan, movingPlan } from "../domain/manual/moving.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ASKS_AWS, ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { loadFacts } from "../request/load-facts.ts";

/** What it takes to have ECS move an application's traffic itself, by a look of now. Nothing is written. */
export function getMovingPlan(ctx: Context, name: string): Promise<Result<MovingPlan>> {
  return ask(
    ctx,
    name,
    async () => {
      const loaded = await loadFacts(ctx.runtime, name);
      if (!loaded.ok) return loaded;
      const { application, observation, record } = loaded;
      return { ok: true, value: movingPlan(application, observation, record.deployment) };
    },
    { cost: ASKS_AWS },
  );
}
