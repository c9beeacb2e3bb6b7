/** What a manifest is: a list of images, or one image whose configuration says what it was built for. Null for anything else. */
export type ImageManifest = { kind: "index"; platforms: string[] } | { kind: "image"; configDigest: string } | null;

/** Media types that every registry is asked for: lists and images, as OCI and as Docker name them. */
export const MANIFEST_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
] as const;

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Reads a manifest. Attestations, which stand beside the images of a list, are for no platform. */
export function readManifest(text: string): ImageManifest {
  const manifest = parse(text);
  if (Array.isArray(manifest.manifests)) {
    const platforms = manifest.manifests.flatMap((entry) => platformName(partOf(partOf(entry).platform)) ?? []);
    return { kind: "index", platforms: [...new Set(platforms)] };
  }
  const { digest } = partOf(manifest.config);
  return typeof digest === "string" && DIGEST.test(digest) ? { kind: "image", configDigest: digest } : null;
}

/** What the configuration of an image says that it was built for, "linux/amd64"; null when it does not say. */
export function readConfigPlatform(text: string): string | null {
  return platformName(parse(text));
}

type Part = { readonly [member: string]: unknown };

function platformName({ os, architecture }: Part): string | null {
  if (typeof os !== "string" || typeof architecture !== "string" || os === "unknown") return null;
  return /^[a-z0-9]+$/.test(os) && /^[a-z0-9]+$/.test(architecture) ? `${os}/${architecture}` : null;
}

function parse(text: string): Part {
  try {
    return partOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function partOf(value: unknown): Part {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Part) : {};
}
