import { z } from "zod";
import { fix } from "../config/fix.ts";
import { type CliCommand, renderCommand, renderScript } from "../domain/manual/cli-command.ts";
import { type Commands, findMoves } from "../domain/manual/manual-commands.ts";
import type { MoveRequest } from "../domain/manual/move.ts";
import { SLOT_COLORS } from "../domain/observation/slot.ts";
import { say } from "../domain/sentence/sentence.ts";
import { type Told, toldIn } from "../domain/sentence/told.ts";
import { ruleFacts, type SnapshotRecord } from "../domain/snapshot/compose-snapshot.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { VERBS } from "../domain/verb/verb.ts";
import type { Language } from "../messages/language.ts";
import { resolveRevision, revisionFields } from "../operations/resolve-revision.ts";
import { ASKS_AWS, ask } from "../request/ask.ts";
import type { Context, OperationRuntime } from "../request/context.ts";
import { describeIssues, membersOnly } from "../request/input.ts";
import { findApplication, RECENT_MS } from "../request/load-facts.ts";
import { findPermissionRefusal } from "../request/permission.ts";
import { refuse } from "../request/refusal.ts";
import { shareAnswer } from "../request/share-answer.ts";
import { readApplicationRecord } from "../store/application-record.ts";

const schema = membersOnly({
  action: z.enum(VERBS, fix(say("input.oneOf", { values: VERBS.join(", ") }))),
  to: z.enum(SLOT_COLORS, fix(say("input.either", { one: "blue", other: "green" }))).optional(),
  ...revisionFields,
});

/**
 * The AWS CLI's commands that come to the same as an action, by a look of now at AWS. Works while the database is down: then
 * from what was last known of the record. Nothing is written anywhere.
 */
export function getCommands(ctx: Context, name: string, request: unknown): Promise<Result<Commands>> {
  const answer = async (): Promise<Result<Commands>> => {
    const parsed = schema.safeParse(request);
    if (!parsed.success) return refuse("INVALID_INPUT", ...describeIssues(parsed.error, request));
    const wanted = parsed.data;
    // What a deploy would register names roles and secrets: for whoever may deploy.
    const denied =
      hasRevision(wanted) || wanted.action === "deploy" ? findPermissionRefusal(ctx, "deploy", name) : null;
    if (denied) return denied;
    const key = JSON.stringify([name, "commands", wanted]);
    const made = await shareAnswer(ctx.runtime, key, RECENT_MS, () => makeCommands(ctx.runtime, name, wanted));
    return made.ok ? { ok: true, value: inWords(made.value, ctx.language ?? "en") } : made;
  };
  return ask(ctx, name, answer, { cost: ASKS_AWS });
}

function hasRevision({ imageTag, image, taskDefinition }: z.infer<typeof schema>): boolean {
  return Boolean(imageTag || image || taskDefinition);
}

async function makeCommands(
  runtime: OperationRuntime,
  name: string,
  wanted: z.infer<typeof schema>,
): Promise<Result<MadeCommands>> {
  const { action, to, ...revision } = wanted;
  const found = findApplication(runtime, name);
  if (!found.ok) return found;
  const { application } = found;
  const controller = runtime.controllers[application.controller];
  if (!controller) return refuse("INVALID_INPUT", say("manual.notFromHere", { controller: application.controller }));
  const moveRequest: MoveRequest = { to };
  const [observation, record] = await Promise.all([
    runtime.observer.lookWithin(name, RECENT_MS),
    readRecord(runtime, name),
  ]);
  if (hasRevision(wanted)) {
    const resolved = await resolveRevision({ aws: runtime.awsFor(application) }, application, observation, revision);
    if (!resolved.ok) return resolved;
    moveRequest.revision = resolved.request;
  }
  const facts = ruleFacts(application, observation, record, runtime.now());
  const { moves, note } = findMoves(action, facts, moveRequest);
  const commands = moves.length > 0 ? await controller.manualCommands(application, moves) : [];
  return {
    ok: true,
    value: {
      application: name,
      action,
      readAt: observation.traffic.readAt,
      note,
      commands,
    },
  };
}

/** The commands in no language yet: one answer is shared by readers of either. */
type MadeCommands = Pick<Commands, "application" | "action" | "readAt"> & { note: Told | null; commands: CliCommand[] };

function inWords({ note, commands, ...made }: MadeCommands, language: Language): Commands {
  const words = (told: Told) => toldIn(told, language);
  return {
    ...made,
    note: note === null ? null : words(note),
    commands: commands.map((command) => ({
      ...command,
      purpose: words(command.purpose),
      shell: renderCommand(command),
    })),
    script: renderScript(commands, words),
  };
}

async function readRecord(runtime: OperationRuntime, name: string): Promise<SnapshotRecord> {
  try {
    return await readApplicationRecord(runtime.store, name, runtime.now());
  } catch {
    const known = await runtime.hub.lastSnapshot(name).catch(() => null);
    return { deployment: known?.deployment ?? null, lastDeployment: known?.lastDeployment ?? null };
  }
}
