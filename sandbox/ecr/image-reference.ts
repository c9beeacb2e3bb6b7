/** The parts of `host/repository:tag@sha256:…`; tag and digest are null where the reference has none. */
export interface ImageReference {
  host: string;
  repository: string;
  tag: string | null;
  digest: string | null;
}

/** Null when the text is no reference with a registry host. A reference with neither tag nor digest means `latest`. */
export function parseImageReference(image: string): ImageReference | null {
  const match = /^([^/\s]+\.[^/\s]+)\/([^:@\s]+)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(image);
  if (!match) return null;
  const [, host = "", repository = "", tag = null, digest = null] = match;
  return { host, repository, tag: tag ?? (digest ? null : "latest"), digest };
}
