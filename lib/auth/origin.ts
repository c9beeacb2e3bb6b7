import { currentConfig } from "../config/current-config.ts";

/**
 * Whether a request that changes something comes from our own pages: its Origin is the configured address, or the host it
 * was sent to. A missing Origin is refused. Takes a Request, or `{ headers: await headers() }` in a server action.
 */
export function isSameOrigin(request: { headers: Headers }, url: string = currentConfig().auth.url): boolean {
  const { headers } = request;
  const origin = headers.get("origin");
  if (origin === null || !URL.canParse(origin)) return false;
  // Browsers that send it say outright where a request comes from.
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin") return false;
  if (new URL(origin).origin === new URL(url).origin) return true;
  const hosts = [headers.get("x-forwarded-host")?.split(",")[0]?.trim(), headers.get("host")];
  const first = hosts.find((host) => host !== undefined && host !== null && host !== "");
  return first !== undefined && first !== null && new URL(origin).host === first.toLowerCase();
}
