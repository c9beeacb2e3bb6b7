import { createHash } from "node:crypto";

/** A registry as tests ask it: by fetch, without a socket. */
export interface TestRegistry {
  fetch: typeof fetch;
  /** "GET https://ghcr.io/v2/…", with " (signed in)" where a token came with it. */
  asked: string[];
  /** Adds an image for each platform, behind one manifest or a list of them; returns its digest. */
  push(name: string, tag: string, platforms: readonly string[]): string;
}

/** How the registry differs from one that gives tokens to everybody from its own host. */
interface Oddities {
  /** Where it says that tokens are. */
  realm?: string;
  /** What it answers whoever has a token. */
  status?: number;
  /** Whether blobs are elsewhere: at this address. */
  blobsAt?: string;
}

const digestOf = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** A registry at `host`. Any other host cannot be reached, but for its realm and where its blobs are. */
export function testRegistry(host: string, oddities: Oddities = {}): TestRegistry {
  const { realm = `https://${host}/token`, status, blobsAt } = oddities;
  const contents = new Map<string, string>();
  const tags = new Map<string, string>();
  const asked: string[] = [];
  const store = (text: string) => {
    contents.set(digestOf(text), text);
    return digestOf(text);
  };

  function answer(url: URL, isSignedIn: boolean): Response {
    if (`${url.origin}${url.pathname}` === realm) return Response.json({ token: "for anybody" });
    if (blobsAt !== undefined && url.href.startsWith(blobsAt))
      return isSignedIn
        ? new Response(null, { status: 400 })
        : new Response(contents.get(url.href.slice(blobsAt.length)));
    if (url.host !== host) throw new TypeError("fetch failed");
    const challenge = `Bearer realm="${realm}",service="${host}",scope="repository:x:pull"`;
    if (!isSignedIn) return new Response(null, { status: 401, headers: { "www-authenticate": challenge } });
    if (status !== undefined) return new Response(null, { status });
    const [, name = "", kind, reference = ""] = /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(url.pathname) ?? [];
    const digest = tags.get(`${name}:${reference}`) ?? reference;
    const text = contents.get(digest);
    if (text === undefined) return new Response(null, { status: 404 });
    if (kind === "blobs" && blobsAt !== undefined)
      return new Response(null, { status: 307, headers: { location: `${blobsAt}${digest}` } });
    return new Response(text, { headers: { "docker-content-digest": digest } });
  }

  return {
    asked,
    push(name, tag, platforms) {
      const images = platforms.map((platform) => {
        const [os, architecture] = platform.split("/");
        const config = { digest: store(JSON.stringify({ os, architecture, name, tag })) };
        return {
          digest: store(JSON.stringify({ schemaVersion: 2, config, layers: [] })),
          platform: { os, architecture },
        };
      });
      const [only] = images;
      const digest =
        images.length === 1 && only ? only.digest : store(JSON.stringify({ schemaVersion: 2, manifests: images }));
      tags.set(`${name}:${tag}`, digest);
      return digest;
    },
    async fetch(input, init) {
      const isSignedIn = new Headers(init?.headers).has("authorization");
      const url = new URL(String(input));
      asked.push(`${init?.method ?? "GET"} ${url.href}${isSignedIn ? " (signed in)" : ""}`);
      return answer(url, isSignedIn);
    },
  };
}
