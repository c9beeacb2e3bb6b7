/** Whether tasks can still be started from a revision: what ECS says of its task definition, and ECR of its images. */
export interface RevisionState {
  /** "ACTIVE", "INACTIVE" or "DELETE_IN_PROGRESS" as ECS says it; "MISSING" once it is deleted. */
  definition: string;
  /** `untagged`: there, but by digest alone, as lifecycle policies delete first. `unknown`: in a registry that is not asked. */
  image: "there" | "untagged" | "deleted" | "unknown";
  /** What its images that are named by a tag alone would be by now: digests, by the image as the task definition names it. */
  digests?: Readonly<Record<string, string>>;
  /** Epoch ms of the check. */
  checkedAt: number;
  /** Epoch ms at which a check first said the same. */
  since: number;
}
