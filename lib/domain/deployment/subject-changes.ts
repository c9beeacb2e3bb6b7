import type { Revision } from "../observation/slot.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { ApprovalSubject } from "./approval.ts";

/** What differs between what was approved and what is now: "green now runs 1.2.0". */
export function subjectChanges(before: ApprovalSubject, after: ApprovalSubject): Sentence {
  const changes: Sentence[] = [];
  if (before.listenerOrRuleArn !== after.listenerOrRuleArn) changes.push(say("decision.approval.otherListener"));
  if (before.weights.blue !== after.weights.blue || before.weights.green !== after.weights.green)
    changes.push(say("decision.approval.otherWeights", { ...after.weights }));
  for (const color of ["blue", "green"] as const) {
    const [was, is] = [before.revisions[color], after.revisions[color]];
    if (was?.taskDefinition === is?.taskDefinition && was?.image === is?.image) continue;
    changes.push(
      is
        ? say("decision.approval.otherRevision", { side: color, revision: nameOf(is, was) })
        : say("decision.approval.noRevision", { side: color }),
    );
  }
  const [first = say("decision.approval.notTheSame"), ...rest] = changes;
  return rest.reduce((before, next) => say("told.also", { first: before, second: next }), first);
}

/** Its tag; with the task definition where the tag alone does not tell it from what was there. */
function nameOf(revision: Revision, was: Revision | null): string {
  const definition = revision.taskDefinition.replace(/^.*\//, "");
  if (!revision.tag) return definition;
  return revision.tag === was?.tag ? `${revision.tag} (${definition})` : revision.tag;
}
