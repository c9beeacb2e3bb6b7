import { nameSaid } from "../domain/access/person-name.ts";
import type { Identity } from "../domain/access/role.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";

type Done = "aborted" | "rejected" | "rolledBack" | "approved";

/** "Aborted by Kim: too slow", as the journal and the record tell it. */
export function saidBy(
  done: Done,
  { name, via }: Pick<Identity, "name" | "via">,
  reason: string | null | undefined,
): Sentence {
  const who = nameSaid(name, via);
  return reason ? say(`step.${done}Why`, { by: who, reason }) : say(`step.${done}`, { by: who });
}
