import type { Sentence } from "../sentence/sentence.ts";

/** What a registry says of an image. */
export type ImageFinding =
  | {
      state: "found";
      /** "sha256:…": of the list where there is one for several platforms. */
      digest: string;
      /** Tags that the digest has now; null where the registry does not tell. */
      tags: string[] | null;
    }
  | { state: "absent" }
  /** Nobody could look; ECS may find it all the same. `why` goes on after "because". */
  | { state: "unknown"; why: Sentence };
