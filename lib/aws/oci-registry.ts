import { createHash } from "node:crypto";
import { isIP } from "node:net";
import type { ImageFinding } from "../domain/observation/image-finding.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { MANIFEST_TYPES, readConfigPlatform, readManifest } from "./image-manifest.ts";
import { readBounded } from "./read-bounded.ts";

/** Registries outside AWS, asked as anybody may ask them, by the OCI distribution API. Credentials are never sent. */
export interface OciRegistry {
  /** The image behind a tag or digest. `uri` has its host, "ghcr.io/team/library". Never throws for what a registry does. */
  find(uri: string, reference: { tag: string } | { digest: string }): Promise<ImageFinding>;
  /** What the image with this digest was built for, "linux/amd64"; null where the registry does not say. Never throws either. */
  findPlatforms(uri: string, digest: string): Promise<string[] | null>;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const TIMEOUT_MS = 5000;
/** The specification lets a registry refuse more than 4 MiB; lists and configurations of real images have some kilobytes. */
const MAX_BYTES = 1024 * 1024;
const KEPT = 500;
/** Docker Hub's name is not where its API is. */
const API_HOSTS: Readonly<Record<string, string>> = { "docker.io": "registry-1.docker.io" };

/** A registry client over `request`, which is the platform's fetch but in tests. */
export function createOciRegistry(request: typeof fetch = fetch): OciRegistry {
  /** By digest, which never means another image. */
  const platforms = new Map<string, string[]>();

  async function find(uri: string, reference: { tag: string } | { digest: string }): Promise<ImageFinding> {
    const session = createSession(request, uri);
    const name = "tag" in reference ? reference.tag : reference.digest;
    const response = await session.ask("HEAD", `manifests/${name}`);
    await response.body?.cancel();
    if (response.status === 404) return { state: "absent" };
    if (!response.ok) return { state: "unknown", why: refusalSaid(session.host, response.status) };
    const digest = "digest" in reference ? reference.digest : response.headers.get("docker-content-digest");
    if (digest === null || !DIGEST.test(digest))
      return { state: "unknown", why: say("refusal.why.noDigest", { host: session.host }) };
    return { state: "found", digest, tags: null };
  }

  async function findPlatforms(uri: string, digest: string): Promise<string[] | null> {
    const known = platforms.get(digest) ?? (await readPlatforms(createSession(request, uri), digest));
    if (known === null) return null;
    if (platforms.size >= KEPT) platforms.delete(platforms.keys().next().value ?? "");
    platforms.set(digest, known);
    return known;
  }

  return {
    find: (uri, reference) =>
      find(uri, reference).catch((error: unknown) => ({
        state: "unknown",
        why: failureSaid(hostOf(uri), error),
      })),
    findPlatforms: (uri, digest) => findPlatforms(uri, digest).catch(() => null),
  };
}

interface Session {
  host: string;
  fetch: typeof fetch;
  ask(method: "GET" | "HEAD", path: string): Promise<Response>;
}

/** Asks one repository; signs in as nobody when it wants that. */
function createSession(request: typeof fetch, uri: string): Session {
  const host = hostOf(uri);
  const base = `${schemeOf(host)}://${host}/v2/${uri.slice(uri.indexOf("/") + 1)}`;
  let token: string | null = null;
  const send = (method: string, path: string) =>
    request(`${base}/${path}`, {
      method,
      headers: {
        accept: path.startsWith("manifests/") ? MANIFEST_TYPES.join(", ") : "*/*",
        "user-agent": "Switchyard",
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  return {
    host,
    fetch: request,
    async ask(method, path) {
      const first = await send(method, path);
      const where = first.status === 401 && token === null ? tokenAddress(host, first.headers) : null;
      if (where === null) return first;
      await first.body?.cancel();
      token = await readToken(request, where);
      return send(method, path);
    },
  };
}

/** Where the registry says that tokens are: over TLS, and on a host of the same domain, or a registry could send us anywhere. */
function tokenAddress(host: string, headers: Headers): string | null {
  const challenge = headers.get("www-authenticate") ?? "";
  if (!/^bearer /i.test(challenge)) return null;
  const part = (name: string) => new RegExp(`${name}="([^"]*)"`, "i").exec(challenge)?.[1];
  const realm = part("realm");
  const url = realm !== undefined && URL.canParse(realm) ? new URL(realm) : null;
  if (!url || url.protocol !== `${schemeOf(url.host)}:` || !isRelated(host, url.host)) return null;
  for (const name of ["service", "scope"]) {
    const value = part(name);
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}

function isRelated(host: string, other: string): boolean {
  const domain = (name: string) => name.split(".").slice(-2).join(".");
  return host === other || (isName(host) && isName(other) && domain(host) === domain(other));
}

async function readToken(request: typeof fetch, address: string): Promise<string | null> {
  const response = await request(address, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
  const answer: unknown = JSON.parse(await readBounded(response, MAX_BYTES));
  if (typeof answer !== "object" || answer === null) return null;
  const { token, access_token: other } = answer as { token?: unknown; access_token?: unknown };
  return typeof token === "string" ? token : typeof other === "string" ? other : null;
}

/** What a manifest, or the configuration behind it, was built for. Null where what comes is not what the digest names. */
async function readPlatforms(session: Session, digest: string): Promise<string[] | null> {
  const text = await readBounded(await session.ask("GET", `manifests/${digest}`), MAX_BYTES);
  if (digestOf(text) !== digest) return null;
  const manifest = readManifest(text);
  if (manifest?.kind !== "image") return manifest?.platforms ?? null;
  const config = await readBlob(session, manifest.configDigest);
  const platform = digestOf(config) === manifest.configDigest ? readConfigPlatform(config) : null;
  return platform === null ? null : [platform];
}

/** Registries keep blobs elsewhere: one redirect is followed, without the token, to a host with a name. */
async function readBlob(session: Session, digest: string): Promise<string> {
  const response = await session.ask("GET", `blobs/${digest}`);
  const location = response.headers.get("location");
  if (response.status < 300 || response.status >= 400 || location === null) return readBounded(response, MAX_BYTES);
  await response.body?.cancel();
  const url = new URL(location, `${schemeOf(session.host)}://${session.host}`);
  if (url.host !== session.host && (url.protocol !== "https:" || !isName(url.host)))
    throw new Error("The registry leads elsewhere than to a host with a name");
  return readBounded(
    await session.fetch(url, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) }),
    MAX_BYTES,
  );
}

function hostOf(uri: string): string {
  const host = uri.slice(0, uri.indexOf("/"));
  return API_HOSTS[host] ?? host;
}

/** As container runtimes do it: only a registry on this machine is reached without TLS. */
function schemeOf(host: string): "http" | "https" {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(host) ? "http" : "https";
}

/** Whether it is a host's public name, not an address and not a name of one network alone. */
function isName(host: string): boolean {
  const name = host.replace(/:\d+$/, "");
  return name.includes(".") && isIP(name) === 0 && !/\.(local|internal|localhost)$/.test(name);
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

function refusalSaid(host: string, status: number): Sentence {
  if (status === 401 || status === 403) return say("refusal.why.credentials", { host });
  if (status === 429) return say("refusal.why.tooMany", { host });
  return say("refusal.why.answers", { host, status });
}

function failureSaid(host: string, error: unknown): Sentence {
  if (error instanceof Error && error.name === "TimeoutError")
    return say("refusal.why.slow", { host, seconds: TIMEOUT_MS / 1000 });
  return say("refusal.why.unreachable", { host });
}
