// First: Next's stores look for it when they are made.
import "next/dist/server/node-environment-baseline.js";
import { workAsyncStorage } from "next/dist/server/app-render/work-async-storage.external.js";
import { workUnitAsyncStorage } from "next/dist/server/app-render/work-unit-async-storage.external.js";
import { HeadersAdapter } from "next/dist/server/web/spec-extension/adapters/headers.js";
import { RequestCookies } from "next/dist/server/web/spec-extension/cookies.js";

/**
 * Runs a page or a server action as Next would while it answers a request with these headers: `headers()` and `cookies()` read
 * them. There is no other way in without a server, so that thousands of requests can be tried in seconds. For tests.
 */
export function withNextRequest<T>(sent: Headers, work: () => Promise<T>): Promise<T> {
  const cookies = new RequestCookies(sent);
  const store = {
    type: "request",
    phase: "render",
    implicitTags: { tags: [], expirationsByCacheKind: new Map() },
    url: { pathname: "/", search: "" },
    headers: HeadersAdapter.seal(sent),
    cookies,
    mutableCookies: cookies,
    userspaceMutableCookies: cookies,
    draftMode: { isEnabled: false },
    revalidate: undefined,
    stale: undefined,
    usedDynamic: false,
  };
  // Safe because the request functions of Next read no more of either store than is here.
  const unit = store as unknown as Parameters<typeof workUnitAsyncStorage.run>[0];
  const whole = { route: "/", forceStatic: false, dynamicShouldError: false } as unknown as Parameters<
    typeof workAsyncStorage.run
  >[0];
  return workAsyncStorage.run(whole, () => workUnitAsyncStorage.run(unit, work));
}
