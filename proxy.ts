import { type NextRequest, NextResponse } from "next/server";
import { contentSecurityPolicy } from "@/lib/auth/content-security-policy.ts";
import { findOriginProblem } from "@/lib/auth/origin.ts";
import { identityOfSession, readSession, renewSession, SIGNED_OUT, sessionCookie } from "@/lib/auth/session.ts";
import { currentConfig } from "@/lib/config/current-config.ts";
import type { Sentence } from "@/lib/domain/sentence/sentence.ts";
import { toldIn } from "@/lib/domain/sentence/told.ts";
import { languageOf } from "@/lib/messages/language.ts";
import { NOT_DONE } from "@/lib/messages/not-done.ts";
import { findRouteProblem } from "@/lib/request/api-routes.ts";

/** Not "no-store": a browser keeps no such page to show it again at once when somebody goes back; what a kept one says is paused until it follows anew. */
const KEPT_PAGE = "private, no-cache, max-age=0, must-revalidate";
const HEALTH = /^\/api\/health(\/live|\/ready)?$/;

/**
 * Headers, the way to the sign-in page and the renewal of sessions in use. Nothing is decided here that operations,
 * queries and streams do not decide again: a request that gets round this file gains nothing.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { pathname, search } = request.nextUrl;
  // Load balancers ask each second: nothing that could fail comes before their answer.
  if (HEALTH.test(pathname) && ["GET", "HEAD", "OPTIONS"].includes(request.method)) return NextResponse.next();
  const config = currentConfig();
  const session = await readSession(request.cookies, config, Date.now());
  const isSignedIn = session !== null && identityOfSession(session, config) !== null;

  const nonce = crypto.randomUUID().replaceAll("-", "");
  const policy = contentSecurityPolicy(nonce, config.auth, process.env.NODE_ENV === "development");
  const asked = request.headers.get("x-request-id") ?? "";
  const requestId = /^[\w.-]{1,64}$/.test(asked) ? asked : crypto.randomUUID();
  // On every answer, also those that only lead elsewhere.
  const guarded = (response: NextResponse) => {
    response.headers.set("content-security-policy", policy);
    response.headers.set("x-request-id", requestId);
    if (config.auth.url.startsWith("https://"))
      response.headers.set("strict-transport-security", "max-age=31536000; includeSubDomains");
    return response;
  };

  const headers = new Headers(request.headers);
  const isApi = pathname === "/api" || pathname.startsWith("/api/");
  if (!isApi) {
    const isRead = request.method === "GET" || request.method === "HEAD";
    const problem = isRead ? null : findOriginProblem(request, config.auth.url);
    if (problem !== null) return guarded(notDone(request, 403, problem));
    // Next compares an action's Origin with the host it was sent to, which a proxy in front may have replaced by its own.
    if (!isRead) headers.set("x-forwarded-host", new URL(request.headers.get("origin") ?? "").host);
    if (!isSignedIn && pathname !== "/sign-in") {
      // A redirect would answer the page's script with another page, which tells nobody that the action never ran.
      if (request.headers.has("next-action")) return guarded(notDone(request, 401, SIGNED_OUT));
      const to = new URL("/sign-in", request.nextUrl);
      if (pathname !== "/" || search !== "") to.searchParams.set("callbackUrl", `${pathname}${search}`);
      return guarded(NextResponse.redirect(to, 303));
    }
  }

  headers.set("content-security-policy", policy);
  headers.set("x-nonce", nonce);
  headers.set("x-request-id", requestId);
  const wrong = isApi
    ? findRouteProblem(request.method, pathname, request.nextUrl.searchParams, languageOf(request.headers))
    : null;
  if (wrong) return guarded(new NextResponse(wrong.body, wrong));
  const response = guarded(NextResponse.next({ request: { headers } }));
  if (!isApi && request.headers.get("sec-fetch-dest") === "document") response.headers.set("cache-control", KEPT_PAGE);

  const renewed = session && (await renewSession(session, config, Date.now()));
  if (renewed && !pathname.startsWith("/api/auth/")) {
    const { name, options } = sessionCookie(config.auth.url);
    response.cookies.set({ name, value: renewed.value, ...options, maxAge: renewed.maxAge });
  }
  return response;
}

/** For a page's script, which shows it as it is only when it is plain text and nothing more. */
function notDone({ headers }: NextRequest, status: number, why: Sentence): NextResponse {
  const language = languageOf(headers);
  return new NextResponse(`${NOT_DONE[language]}: ${toldIn(why, language)}`, {
    status,
    headers: { "content-type": "text/plain" },
  });
}

export const config = {
  // Everything but files that are the same for everybody.
  matcher: ["/((?!_next/static|_next/image|robots\\.txt|(?!api/).*\\.(?:ico|svg|png|woff2|webmanifest)$).*)"],
};
