import { z } from "zod";
import type { ReloadOutcome } from "../config/config-difference.ts";
import { fix } from "../config/fix.ts";
import { toConfigText } from "../domain/discovery/config-text.ts";
import type { Proposal } from "../domain/discovery/discovery.ts";
import { entryText } from "../domain/discovery/discovery-report.ts";
import { say } from "../domain/sentence/sentence.ts";
import { toldIn } from "../domain/sentence/told.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { defineAdministration } from "../request/administer.ts";
import type { Context } from "../request/context.ts";
import { fields, membersOnly } from "../request/input.ts";
import { onAll } from "../request/judge.ts";
import { refuse } from "../request/refusal.ts";
import { sha256 } from "./make-receipt.ts";

/** A replica that has not looked yet looks now; longer than this a request does not wait. */
const PATIENCE_MS = 20_000;
const MOST_AT_ONCE = 500;
const SOME = fix(say("input.proposals", { count: MOST_AT_ONCE, shape: "{ name, hash }" }));

/** What the operation takes: proposals by name, each with the hash of the entry that was read. */
export const addApplicationsInput = membersOnly({
  proposals: z
    .array(
      z.strictObject(
        {
          name: fields.application,
          hash: z.string().regex(/^[0-9a-f]{16}$/, fix(say("input.proposalHash"))),
        },
        fix(say("input.shape", { shape: "{ name, hash }" })),
      ),
      SOME,
    )
    .min(1, SOME)
    .max(MOST_AT_ONCE, SOME),
});
type Input = z.infer<typeof addApplicationsInput>;

/** What adding came to. */
export interface AddedApplications {
  /** As switchyard.yaml has them by now; none where it described them already. */
  added: readonly string[];
  /** What came of reading the file again; null when nothing was added. */
  reload: Pick<ReloadOutcome, "at" | "isTaken" | "words"> | null;
}

/**
 * Adds what discovery proposes to this replica's switchyard.yaml and reads it again. Only what was read is added: an entry that is
 * proposed otherwise by now is refused. Nothing in AWS changes.
 */
export const addApplications = defineAdministration({
  action: "settings.added",
  permission: "access",
  schema: addApplicationsInput,
  scope: onAll,
  run,
  describe: ({ added }) =>
    added.length > 0 ? say("auditRow.added", { names: added.join(", ") }) : say("auditRow.nothingToAdd"),
});

async function run({ runtime, language }: Context, { proposals: asked }: Input): Promise<Result<AddedApplications>> {
  const { found } = await runtime.discovery.look({ patienceMs: PATIENCE_MS });
  const lookThenAdd = say("discovery.lookThenAdd");
  if (!found) return refuse("OBSERVATION_STALE", say("discovery.stillLooking"), lookThenAdd);
  const chosen: Proposal[] = [];
  for (const { name, hash } of asked) {
    const proposal = found.proposals.find((one) => one.name === name);
    if (!proposal) return refuse("NOT_FOUND", say("discovery.unknownProposal", { name }), lookThenAdd);
    if (hashOfEntry(entryText(proposal)) !== hash)
      return refuse("RECEIPT_OUTDATED", say("discovery.changedProposal", { name }), lookThenAdd);
    if (!chosen.includes(proposal)) chosen.push(proposal);
  }
  const whole = toConfigText(found.discovery, { proposals: chosen, undecided: [] });
  const result = await runtime.settings.add(whole, chosen);
  if (!result.ok)
    return refuse("INVALID_INPUT", say("discovery.fileNotChanged", { why: result.problem }), say("discovery.mendFile"));
  const { reload } = result;
  const words = reload && toldIn(reload.wordsSaid ?? reload.words, language ?? "en");
  return {
    ok: true,
    value: {
      added: result.added,
      reload: reload ? { at: reload.at, isTaken: reload.isTaken, words: words ?? "" } : null,
    },
  };
}

/** Tells one entry from another. */
export function hashOfEntry(text: string): string {
  return sha256(text).slice(0, 16);
}
