import { locateRepository } from "../domain/observation/image-repository.ts";
import type { ImageTag } from "../domain/observation/image-tag.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ASKS_AWS, ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { findApplication } from "../request/load-facts.ts";
import { refuse } from "../request/refusal.ts";

/** The tags of the application's repository, newest push first; `isCut` when it has more than were read. */
export interface ListedTags {
  tags: ImageTag[];
  isCut: boolean;
}

/** The tags that can be deployed by their name alone. */
export function listImageTags(ctx: Context, name: string): Promise<Result<ListedTags>> {
  return ask(
    ctx,
    name,
    async () => {
      const found = findApplication(ctx.runtime, name);
      if (!found.ok) return found;
      const { repository } = found.application;
      if (repository === null)
        return refuse("INVALID_INPUT", say("refusal.noRepository", { name }), say("refusal.configureRepository"));
      if (!locateRepository(repository))
        return refuse("INVALID_INPUT", say("refusal.tagsUnlisted", { repository }), say("refusal.imageInstead"));
      return { ok: true, value: await ctx.runtime.awsFor(found.application).ecr.listTags(repository, "observer") };
    },
    { cost: ASKS_AWS },
  );
}
