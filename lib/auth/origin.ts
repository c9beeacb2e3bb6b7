import { currentConfig } from "../config/current-config.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";

/**
 * Whether a request that changes something comes from our own pages: its Origin is the configured address, or the host it
 * was sent to. A missing Origin is refused. Takes a Request, or `{ headers: await headers() }` in a server action.
 */
export function isSameOrigin(request: { headers: Headers }, url: string = currentConfig().auth.url): boolean {
  return findOriginProblem(request, url) === null;
}

/** Why a request does not come from our own pages, and what to do if it should; null when it does. */
export function findOriginProblem({ headers }: { headers: Headers }, url: string): Sentence | null {
  const origin = headers.get("origin");
  // Browsers that send it say outright where a request comes from.
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin") return say("rest.otherSite");
  if (origin === null) return site === null ? say("rest.noPage") : say("rest.noOrigin");
  if (!URL.canParse(origin)) return say("rest.noPage");
  if (new URL(origin).origin === new URL(url).origin) return null;
  const hosts = [headers.get("x-forwarded-host")?.split(",")[0]?.trim(), headers.get("host")];
  const first = hosts.find((host) => host !== undefined && host !== null && host !== "");
  if (first !== undefined && first !== null && new URL(origin).host === first.toLowerCase()) return null;
  const { origin: opened } = new URL(origin);
  return say("rest.openedAt", { opened, url });
}
