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
  | { state: "unknown"; why: string };

/** The words for an image whose digest nobody could read. */
export function unknownDigestWords(image: string, why: string): string {
  return `The digest of ${image} is unknown, because ${why}: ECS resolves the tag when the deployment starts`;
}
