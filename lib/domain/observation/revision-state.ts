import type { Revision, SlotColor } from "./slot.ts";

/** What ran: its task definition, and its main container's image by digest, where that is known. */
export type RanRevision = Pick<Revision, "taskDefinition" | "image" | "digest">;

/** One thing that tasks need before they start, by its name, id or ARN. */
export interface Need {
  kind: "executionRole" | "taskRole" | "ssmParameter" | "managedSecret" | "subnet" | "securityGroup";
  name: string;
  /** Of what one side's service names: only its tasks need that. */
  side?: SlotColor;
}

/** Whether tasks can still be started from a revision: what ECS says of its task definition, and ECR of its images. */
export interface RevisionState {
  /** "ACTIVE", "INACTIVE" or "DELETE_IN_PROGRESS" as ECS says it; "MISSING" once it is deleted. */
  definition: string;
  /** `untagged`: there, but by digest alone, as lifecycle policies delete first. `unknown`: in a registry that is not asked. */
  image: "there" | "untagged" | "deleted" | "unknown";
  /** What its images that are named by a tag alone would be by now: digests, by the image as the task definition names it. */
  digests?: Readonly<Record<string, string>>;
  /** Of these images the tag is gone, and what ran by it is there all the same: by its digest. */
  lostTags?: readonly string[];
  /** What its tasks need besides and is gone: none of them starts without. */
  gone?: readonly Need[];
  /** Of these nobody could look whether they are there. */
  unseen?: readonly Need[];
  /** Epoch ms of the check. */
  checkedAt: number;
  /** Epoch ms at which a check first said the same. */
  since: number;
}
