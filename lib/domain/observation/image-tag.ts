/** One tagged image of a repository, as offered for a deploy. */
export interface ImageTag {
  tag: string;
  /** "sha256:…": what is registered, because a tag may be moved. */
  digest: string;
  /** Epoch ms; null when the registry does not say. */
  pushedAt: number | null;
  sizeBytes: number | null;
}

/** The parts of an image reference; null where the reference does not carry them. */
export interface ImageParts {
  /** Host and repository, without tag and digest. */
  repository: string;
  tag: string | null;
  digest: string | null;
}

/** Takes `host:port/repo:tag@sha256:…` apart. A port is never taken for a tag. */
export function parseImage(image: string): ImageParts {
  const at = image.indexOf("@");
  const name = at < 0 ? image : image.slice(0, at);
  const digest = at < 0 ? null : image.slice(at + 1) || null;
  const colon = name.lastIndexOf(":");
  const hasTag = colon > name.lastIndexOf("/");
  return {
    repository: hasTag ? name.slice(0, colon) : name,
    tag: hasTag ? name.slice(colon + 1) || null : null,
    digest,
  };
}

/** The reference that is registered: the tag for people, the digest for ECS, which pulls by it. */
export function pinnedImage(repository: string, tag: string | null, digest: string): string {
  return `${repository}${tag ? `:${tag}` : ""}@${digest}`;
}

/** Newest first; tags pushed at the same moment in the order of their names, later ones first. */
export function newestFirst(tags: readonly ImageTag[]): ImageTag[] {
  return [...tags].sort(
    (a, b) => (b.pushedAt ?? 0) - (a.pushedAt ?? 0) || b.tag.localeCompare(a.tag, "en", { numeric: true }),
  );
}
