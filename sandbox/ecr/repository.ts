import { createHash } from "node:crypto";
import type { ImageBehaviour } from "../service.ts";

/** An image as the registry keeps it. `version` is the first tag it was pushed with, and names its behaviour. */
export interface StoredImage {
  digest: string;
  manifest: string;
  tags: Set<string>;
  version: string;
  /** What it was built for, "linux/amd64". */
  platforms: readonly string[];
  pushedAt: Date;
  sizeBytes: number;
}

/** A repository and its images by digest. */
export interface Repository {
  name: string;
  /** Whose registry it is in, and where. */
  registryId: string;
  region: string;
  /** Whether its own policy lets other accounts look. */
  isShared: boolean;
  createdAt: Date;
  tagMutability: string;
  /** Wildcards of tags that `tagMutability` does not hold for. */
  exclusions: readonly string[];
  scanOnPush: boolean;
  tags: readonly { Key: string | undefined; Value: string | undefined }[];
  /** Its own policy; left out where it has none. */
  policyText?: string;
  lifecycle?: { text: string; setAt: Date };
  images: Map<string, StoredImage>;
  /** Contents of blobs by digest; layers are known by their manifests alone. */
  blobs: Map<string, string>;
}

const MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json";
const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
export const CONFIG_TYPE = "application/vnd.docker.container.image.v1+json";
const LAYER_TYPE = "application/vnd.docker.image.rootfs.diff.tar.gzip";
const USUAL_PLATFORM = "linux/amd64";

/** What makes an image: its manifest, the configurations behind it, and what it was built for. */
export interface SampleImage {
  manifest: string;
  blobs: readonly string[];
  platforms: readonly string[];
}

/**
 * An image whose digest is the same for the same repository, tag and platforms in every run: one manifest for one platform, for
 * several (or where `isIndex`) a list of them, with an attestation beside, as buildx makes it.
 */
export function sampleImage(
  repository: string,
  tag: string,
  sizeBytes: number,
  platforms: readonly string[] = [USUAL_PLATFORM],
  isIndex = platforms.length > 1,
): SampleImage {
  const images = platforms.map((platform) => {
    const [os = "", architecture = ""] = platform.split("/");
    const blob = JSON.stringify({ architecture, os, config: { Labels: { version: `${repository}:${tag}` } } });
    const config = { mediaType: CONFIG_TYPE, size: blob.length, digest: digestOf(blob) };
    const layer = {
      mediaType: LAYER_TYPE,
      size: sizeBytes - blob.length,
      digest: digestOf(`layer of ${repository}:${tag}`),
    };
    const manifest = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST_TYPE, config, layers: [layer] });
    return { os, architecture, blob, manifest };
  });
  const blobs = images.map(({ blob }) => blob);
  const [only] = images;
  if (!isIndex && only) return { manifest: only.manifest, blobs, platforms };
  const entries = [
    ...images,
    { os: "unknown", architecture: "unknown", manifest: `attestation of ${repository}:${tag}` },
  ];
  const manifests = entries.map(({ os, architecture, manifest }) => ({
    mediaType: MANIFEST_TYPE,
    digest: digestOf(manifest),
    size: manifest.length,
    platform: { architecture, os },
  }));
  return { manifest: JSON.stringify({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests }), blobs, platforms };
}

/** The media type that a manifest says it has. */
export function mediaTypeOf(manifest: string): string {
  return readManifest(manifest).mediaType ?? MANIFEST_TYPE;
}

/** The content address of a manifest. */
export function digestOf(content: string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** Stores the image; its tag moves away from the image that had it. Pushing the same again changes nothing. */
export function storeImage(
  repository: Repository,
  image: { manifest: string; tag: string | null; pushedAt: Date; platforms?: readonly string[] },
): StoredImage {
  const digest = digestOf(image.manifest);
  let stored = repository.images.get(digest);
  if (!stored) {
    const sizeBytes = sizeOf(image.manifest);
    const version = image.tag ?? digest.slice(7, 19);
    const { manifest, pushedAt, platforms = platformsOf(image.manifest) } = image;
    stored = { digest, manifest, tags: new Set(), version, platforms, pushedAt, sizeBytes };
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
  return { tag: image.version, digest: image.digest, platforms: image.platforms, kind: kind ?? "healthy" };
}

/** Whether a push may not move the tag away from the image that has it. */
export function isImmutable({ tagMutability, exclusions }: Repository, tag: string): boolean {
  const isExcluded = exclusions.some((filter) =>
    new RegExp(`^${filter.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(tag),
  );
  return tagMutability.startsWith("IMMUTABLE") !== (isExcluded && tagMutability.endsWith("_WITH_EXCLUSION"));
}

interface Manifest {
  mediaType?: string;
  config?: { size?: number };
  layers?: { size?: number }[];
  manifests?: { platform?: { os?: string; architecture?: string } }[];
}

function readManifest(manifest: string): Manifest {
  try {
    return JSON.parse(manifest) as Manifest;
  } catch {
    return {};
  }
}

/** Those of a list of images; a single image that was pushed by its manifest alone is for the usual one. */
function platformsOf(manifest: string): string[] {
  const { manifests } = readManifest(manifest);
  if (!Array.isArray(manifests)) return [USUAL_PLATFORM];
  return manifests.flatMap(({ platform }) => (platform ? [`${platform.os}/${platform.architecture}`] : []));
}

function sizeOf(manifest: string): number {
  const { config, layers = [] } = readManifest(manifest);
  return (config?.size ?? 0) + layers.reduce((sum, layer) => sum + (layer.size ?? 0), 0);
}
