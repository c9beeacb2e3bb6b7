import type { Told } from "../sentence/told.ts";

/** What came of one look at AWS: what is there, or why nobody could look. */
export type Look<T> =
  | { state: "seen"; value: T }
  /** AWS refused; `permission` is the IAM action that the look needs. */
  | { state: "denied"; permission: string }
  /** AWS did not answer, or there was nothing to look for yet; `why` says which. */
  | { state: "not seen"; why: Told };
