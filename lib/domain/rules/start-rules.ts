import { parseImage, pinnedImage } from "../observation/image-tag.ts";
import type { Observation } from "../observation/observation.ts";
import type { Need, RevisionState } from "../observation/revision-state.ts";
import { type Revision, revisionName, type SlotColor } from "../observation/slot.ts";
import { listSaid } from "../sentence/list.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { shortName } from "../text/short-name.ts";
import type { Blocker } from "../verb/blocker.ts";
import { blocker } from "../verb/say-blocker.ts";

/** How tasks of a revision would be started on a side. */
export type StartWay =
  /** As it is registered, or nothing is known against it. */
  | { how: "start" }
  /** The side holds the revision, so that more tasks of it are asked for without naming it: AWS does that for any status. */
  | { how: "count"; said: Sentence }
  /** AWS starts nothing new from it: what it says is registered once more first. */
  | { how: "copy"; image: string; said: Sentence }
  | { how: "none"; blocker: Blocker };

/**
 * How tasks of the revision would be started on `to`, by what was last read of its task definition and its images. ECS goes on
 * launching tasks for a service or task set that holds a deregistered revision, and takes none for anything new.
 */
export function findStartWay(observation: Observation, to: SlotColor, revision: Revision | null): StartWay {
  const state = revision && observation.revisions?.[revision.taskDefinition];
  if (!revision || !state) return { how: "start" };
  const version = revisionName(revision);
  if (state.image === "deleted")
    return {
      how: "none",
      blocker: blocker("IMAGE_NOT_FOUND", say("blocker.imageDeleted", { to, version }), say("blocker.pushAgain")),
    };
  const lacking = ofSide(state.gone, to);
  if (lacking.length > 0)
    return {
      how: "none",
      blocker: blocker(
        "TASK_NEEDS_GONE",
        say("blocker.needsGone", { to, version, needs: needsSaid(lacking) }),
        say("blocker.makeNeedsAgain"),
      ),
    };
  const moved = findMovedTag(revision, state);
  if (moved && state.definition !== "DELETE_IN_PROGRESS" && state.definition !== "MISSING") return moved;
  if (state.definition === "ACTIVE") return { how: "start" };
  const definition = shortName(revision.taskDefinition);
  const isHeld = observation.slots[to].revision?.taskDefinition === revision.taskDefinition;
  const gone = { definition, status: state.definition };
  if (isHeld) return { how: "count", said: say("blocker.definitionHeld", { ...gone, side: to }) };
  if (state.definition === "INACTIVE")
    return { how: "copy", image: revision.image, said: say("blocker.definitionCopied", gone) };
  return {
    how: "none",
    blocker: blocker(
      "TASK_DEFINITION_NOT_FOUND",
      say("blocker.definitionGone", { to, version, definition, status: state.definition }),
      say("blocker.deployAnewVersion"),
    ),
  };
}

/** Of what the revision's tasks need nobody could look whether it is there, in words; null where everything was looked at. */
export function unseenSaid(observation: Observation, to: SlotColor, revision: Revision | null): Sentence | null {
  const unseen = ofSide((revision && observation.revisions?.[revision.taskDefinition])?.unseen, to);
  return unseen.length > 0 ? say("blocker.needsUnseen", { needs: needsSaid(unseen) }) : null;
}

/** What tasks on this side need: what the other side's service names does not concern it. */
function ofSide(needs: readonly Need[] = [], side: SlotColor): readonly Need[] {
  return needs.filter((need) => need.side === undefined || need.side === side);
}

/** "the parameter /library/db/url and the execution role …". */
export function needsSaid(needs: readonly Need[]): Sentence {
  return listSaid(
    needs.map(({ kind, name }) =>
      say(`blocker.need.${kind}`, { name: name.replace(/^arn:.*:(?:role\/|secret:)/, "") }),
    ),
    needs.length > 2 ? "comma" : "and",
  );
}

/** A tag names another image by now than was run, or none: what was run is pinned by its digest in a copy. */
function findMovedTag({ image, digest }: Revision, { digests = {}, lostTags = [] }: RevisionState): StartWay | null {
  const now = Object.hasOwn(digests, image) ? digests[image] : undefined;
  const isLost = lostTags.includes(image);
  const { repository, tag } = parseImage(image);
  if (digest === null || (!isLost && (now === undefined || now === digest))) return null;
  const which = { tag: tag ?? "latest", digest: digest.slice(0, 19) };
  const said = isLost ? say("blocker.tagLostCopied", which) : say("blocker.tagMovedCopied", which);
  return { how: "copy", image: pinnedImage(repository, tag, digest), said };
}

/** What threatens starting tasks of the revision on a side, in words: it has gone already, or is about to; null when nothing does. */
export function findThreat(
  observation: Observation,
  side: SlotColor,
  revision: Revision | null,
): { said: Sentence; since: number; isGone: boolean } | null {
  const state = revision && observation.revisions?.[revision.taskDefinition];
  if (!revision || !state) return null;
  const gone = ofSide(state.gone, side);
  const said = threatSaid(revision, { ...state, gone });
  const isGone = state.image === "deleted" || gone.length > 0;
  return said ? { said, since: state.since, isGone } : null;
}

function threatSaid(revision: Revision, { image, definition, gone = [] }: RevisionState): Sentence | null {
  const version = revisionName(revision);
  const name = shortName(revision.taskDefinition);
  if (image === "deleted") return say("alarm.imageDeleted", { version });
  if (gone.length > 0) return say("alarm.needsGone", { version, needs: needsSaid(gone) });
  if (definition === "MISSING") return say("alarm.definitionDeleted", { definition: name });
  if (definition !== "ACTIVE") return say("alarm.definitionIs", { definition: name, status: definition });
  return image === "untagged" ? say("alarm.imageUntagged", { version }) : null;
}
