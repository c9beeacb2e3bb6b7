import { actorSaid } from "../deployment/actor-said.ts";
import type { Deployment } from "../deployment/deployment.ts";
import type { Revision } from "../observation/slot.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { englishOf, type Told } from "../sentence/told.ts";
import { oneLine } from "../text/one-line.ts";
import type { Notification } from "./notification.ts";

/** Longer titles are cut. */
export const TITLE_LENGTH = 200;

/** "1.4.0", else the digest's or the task definition's short form. */
export function revisionSaid(revision: Revision | null): Told {
  if (!revision) return say("notice.itsRevision");
  return revision.tag ?? revision.digest?.slice(0, 19) ?? revision.taskDefinition.replace(/^.*\//, "");
}

/** Who asked for it and why. */
export function startedBy(deployment: Pick<Deployment, "actor" | "reason" | "aws">): Sentence {
  const who = actorSaid(deployment);
  return deployment.reason ? say("notice.by", { who, reason: deployment.reason }) : say("notice.byNoReason", { who });
}

/** Title and lines as a notification has them: in English, and in no language yet. One sentence a line. */
export function told(
  titleSaid: Sentence,
  lines: readonly (Told | null | undefined)[],
): Pick<Notification, "title" | "text" | "titleSaid" | "lines"> {
  const kept = lines.flatMap((line) => (line ? [line] : []));
  return {
    title: oneLine(englishOf(titleSaid), TITLE_LENGTH),
    text: kept.map((line) => ended(englishOf(line))).join("\n"),
    titleSaid,
    lines: kept,
  };
}

/** One line that ends in a full stop. */
export function ended(text: string): string {
  const line = oneLine(text);
  return /[.!?…]$/.test(line) ? line : `${line}.`;
}
