import { type ErrorComparison, onlyHereSaid } from "../domain/observation/error-kinds.ts";
import { inEnglish } from "../domain/sentence/in-language.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { utcClock } from "../domain/text/utc-minute.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { findApplication } from "../request/load-facts.ts";
import { refuse } from "../request/refusal.ts";

/** What the new side writes that the old one does not, with it in one line. */
export type Errors = ErrorComparison & { words: string | null; said?: Sentence };

/** Of the newest deployment's side; read from CloudWatch at most twice a minute, whoever asks. */
export function getErrors(ctx: Context, name: string): Promise<Result<Errors>> {
  return ask(ctx, name, async () => {
    const found = findApplication(ctx.runtime, name);
    if (!found.ok) return found;
    const { observer, hub, errors } = ctx.runtime;
    const look = observer.observation(name);
    if (!look) return refuse("OBSERVATION_STALE", say("refusal.nothingRead", { name }), say("refusal.tryAgain"));
    const snapshot = await hub.snapshot(name);
    const compared = await errors.compare(
      found.application,
      look,
      snapshot?.deployment ?? snapshot?.lastDeployment ?? null,
    );
    const said = onlyHereSaid(compared, utcClock);
    return { ok: true, value: { ...compared, words: said && inEnglish(said), ...(said ? { said } : {}) } };
  });
}
