import type { ImageTag } from "../domain/observation/image-tag.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ASKS_AWS, ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { findApplication } from "../request/load-facts.ts";
import { refuse } from "../request/refusal.ts";

/** The tags of the application's repository, newest push first. */
export function listImageTags(ctx: Context, name: string): Promise<Result<ImageTag[]>> {
  return ask(
    ctx,
    name,
    async () => {
      const found = findApplication(ctx.runtime, name);
      if (!found.ok) return found;
      const { repository } = found.application;
      if (repository === null)
        return refuse("INVALID_INPUT", `${name} has no repository in switchyard.yaml`, "Configure repository");
      return { ok: true, value: await ctx.runtime.aws.ecr.listTags(repository, "observer") };
    },
    { cost: ASKS_AWS },
  );
}
