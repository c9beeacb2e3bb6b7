import { currentConfig } from "../config/current-config.ts";

/**
 * Whether a request that changes something comes from our own pages: its Origin is the configured address, or the host it
 * was sent to. A missing Origin is refused. Takes a Request, or `{ headers: await headers() }` in a server action.
 */
export function isSameOrigin(request: { headers: Headers }, url: string = currentConfig().auth.url): boolean {
  return findOriginProblem(request, url) === null;
}

/** Why a request does not come from our own pages, and what to do if it should; null when it does. */
export function findOriginProblem({ headers }: { headers: Headers }, url: string): string | null {
  const origin = headers.get("origin");
  // Browsers that send it say outright where a request comes from.
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin") return "the request comes from another site";
  if (origin === null)
    return site === null
      ? "the request does not say which page it comes from"
      : "a proxy in front of Switchyard removes the Origin header; have it leave that header as it is (docs/proxy.md)";
  if (!URL.canParse(origin)) return "the request does not say which page it comes from";
  if (new URL(origin).origin === new URL(url).origin) return null;
  const hosts = [headers.get("x-forwarded-host")?.split(",")[0]?.trim(), headers.get("host")];
  const first = hosts.find((host) => host !== undefined && host !== null && host !== "");
  if (first !== undefined && first !== null && new URL(origin).host === first.toLowerCase()) return null;
  const { origin: opened } = new URL(origin);
  return `the page was opened at ${opened}, but NEXTAUTH_URL is ${url}; open ${url}, or set NEXTAUTH_URL=${opened} and start Switchyard again`;
}
