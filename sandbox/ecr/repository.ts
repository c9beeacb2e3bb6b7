import { createHash } from "node:crypto";
import type { ImageBehaviour } from "../service.ts";

/** An image as the registry keeps it. `version` is the first tag it was pushed with, and names its behaviour. */
export interface StoredImage {
  digest: string;
  manifest: string;
  tags: Set<string>;
  version: string;
  pushedAt: Date;
  sizeBytes: number;
}

/** A repository and its images by digest. */
export interface Repository {
  name: string;
  createdAt: Date;
  tagMutability: string;
  scanOnPush: boolean;
  images: Map<string, StoredImage>;
}

export const MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json";

/** A manifest whose digest is the same for the same repository and tag in every run. */
export function sampleManifest(repository: string, tag: string, sizeBytes: number): string {
  const config = { mediaType: "application/vnd.docker.container.image.v1+json", size: 1512 };
  const layer = { mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip", size: sizeBytes - 1512 };
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: { ...config, digest: digestOf(`config of ${repository}:${tag}`) },
    layers: [{ ...layer, digest: digestOf(`layer of ${repository}:${tag}`) }],
  });
}

/** The content address of a manifest. */
export function digestOf(content: string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** Stores the image; its tag moves away from the image that had it. Pushing the same again changes nothing. */
export function storeImage(
  repository: Repository,
  image: { manifest: string; tag: string | null; pushedAt: Date },
): StoredImage {
  const digest = digestOf(image.manifest);
  let stored = repository.images.get(digest);
  if (!stored) {
    const sizeBytes = sizeOf(image.manifest);
    const version = image.tag ?? digest.slice(7, 19);
    stored = { digest, manifest: image.manifest, tags: new Set(), version, pushedAt: image.pushedAt, sizeBytes };
    repository.images.set(digest, stored);
  }
  if (image.tag !== null) {
    for (const other of repository.images.values()) other.tags.delete(image.tag);
    stored.tags.add(image.tag);
  }
  return stored;
}

/** Null when the repository has no such image; a digest wins over a tag, as for every container runtime. */
export function findStoredImage(
  repository: Repository,
  id: { imageTag?: string | null; imageDigest?: string | null },
): StoredImage | null {
  if (id.imageDigest) {
    const image = repository.images.get(id.imageDigest) ?? null;
    return image && id.imageTag && !image.tags.has(id.imageTag) ? null : image;
  }
  for (const image of repository.images.values()) if (id.imageTag && image.tags.has(id.imageTag)) return image;
  return null;
}

/** What a container of the image does, told by the end of its version: `1.3.0-crash` crashes. */
export function behaviourOf(image: StoredImage): ImageBehaviour {
  const suffix = image.version.slice(image.version.lastIndexOf("-") + 1);
  const kind = (["unhealthy", "crash", "slow", "errors"] as const).find((candidate) => candidate === suffix);
  return { tag: image.version, digest: image.digest, kind: kind ?? "healthy" };
}

function sizeOf(manifest: string): number {
  try {
    const parsed = JSON.parse(manifest) as { config?: { size?: number }; layers?: { size?: number }[] };
    const layers = (parsed.layers ?? []).reduce((sum, layer) => sum + (layer.size ?? 0), 0);
    return (parsed.config?.size ?? 0) + layers;
  } catch {
    return manifest.length;
  }
}
