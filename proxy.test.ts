import { NextRequest } from "next/server";
import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setAccessCache } from "./lib/auth/access-cache.ts";
import { contentSecurityPolicy } from "./lib/auth/content-security-policy.ts";
import type { SessionToken } from "./lib/auth/session.ts";
import { proxy } from "./proxy.ts";

const SECRET = "proxy-secret-0123456789abcdef-0123";
const APP = "http://127.0.0.1:3000";
const before = { ...process.env };

beforeAll(() => {
  Object.assign(process.env, {
    SWITCHYARD_CONFIG: new URL("sandbox/switchyard.yaml", import.meta.url).pathname,
    AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
    NEXTAUTH_SECRET: SECRET,
    NEXTAUTH_URL: APP,
  });
});
afterAll(() => {
  process.env = before;
});

const now = () => Math.floor(Date.now() / 1000);
async function session(change: Partial<SessionToken> = {}): Promise<string> {
  const token: SessionToken = {
    sub: "operator",
    provider: "sandbox",
    name: "Otto Operator",
    email: "operator@sandbox.local",
    roleValues: [],
    sid: "session-1",
    signedInAt: now(),
    authenticatedAt: now(),
    ...change,
  };
  return `next-auth.session-token=${await encode({ token, secret: SECRET, maxAge: 3600 })}`;
}
const ask = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  proxy(new NextRequest(new URL(path, APP), { headers, method }));

const goesTo = (response: Response) => {
  const { pathname, search } = new URL(response.headers.get("location") ?? "", APP);
  return pathname + search;
};

describe("pages", () => {
  test("of nobody lead to the sign-in page and back", async () => {
    const response = await ask("/library/logs?slot=blue");
    expect(response.status).toBe(303);
    expect(goesTo(response)).toBe("/sign-in?callbackUrl=%2Flibrary%2Flogs%3Fslot%3Dblue");
    expect(goesTo(await ask("/"))).toBe("/sign-in");
  });

  test("may be kept by the browser to be shown again, but never by what stands between", async () => {
    const document = { cookie: await session(), "sec-fetch-dest": "document" };
    const { headers } = await ask("/library", document);
    expect(headers.get("cache-control")).toBe("private, no-cache, max-age=0, must-revalidate");
    expect((await ask("/api/v1/applications", document)).headers.get("cache-control") ?? "").not.toContain("private");
  });

  test("are given to who is signed in, and the sign-in page to everybody", async () => {
    expect((await ask("/library", { cookie: await session() })).status).toBe(200);
    expect((await ask("/sign-in")).status).toBe(200);
  });

  test("take a POST only from our own pages", async () => {
    const cookie = await session();
    expect((await ask("/library", { cookie }, "POST")).status).toBe(403);
    expect((await ask("/library", { cookie, origin: "https://evil.example" }, "POST")).status).toBe(403);
    expect((await ask("/library", { cookie, origin: APP }, "POST")).status).toBe(200);
  });
});

test("under /api everything is problem details: what there is not, by no method of its own, or with a parameter that there is not", async () => {
  const told = async (path: string, method = "GET") => {
    const response = await ask(path, {}, method);
    expect(response.headers.get("content-type"), path).toBe("application/problem+json");
    return [response.status, response.headers.get("allow")];
  };
  expect(await told("/api")).toEqual([404, null]);
  expect(await told("/api/v9")).toEqual([404, null]);
  for (const path of ["/api/health", "/api/health/live", "/api/health/ready"])
    expect(await told(path, "POST")).toEqual([405, "GET, HEAD, OPTIONS"]);
  expect(await told("/api/v1/applications", "NO-TRACE")).toEqual([405, "GET, HEAD, OPTIONS"]);
  expect(await told("/api/v1/audit?aplication=library")).toEqual([422, null]);
  expect((await ask("/api/health?probe=1")).headers.get("content-type")).toBeNull();
});

test("an action that never ran says so in plain text, which is what the page shows", async () => {
  const cookie = await session();
  const act = { "next-action": "a", "sec-fetch-site": "same-origin" };
  const told = async (headers: Record<string, string>) => {
    const response = await ask("/library", headers, "POST");
    expect(response.headers.get("content-type")).toBe("text/plain");
    return `${response.status} ${await response.text()}`;
  };
  expect(await told({ ...act, cookie })).toMatch(/^403 Nothing was done: .* removes the Origin header/);
  expect(await told({ ...act, cookie, origin: "https://in.example" })).toMatch(
    /^403 Nothing was done: .*set NEXTAUTH_URL=https:\/\/in\.example/,
  );
  expect(await told({ ...act, origin: APP })).toMatch(/^401 Nothing was done: you are signed out/);
});

test("an action is seen at the host of its origin, whatever Host a proxy sends", async () => {
  const cookie = await session();
  const response = await ask("/library", { cookie, origin: APP, host: "upstream", "next-action": "a" }, "POST");
  expect(response.headers.get("x-middleware-request-x-forwarded-host")).toBe("127.0.0.1:3000");
});

test("the API is never redirected: it decides for itself", async () => {
  expect((await ask("/api/v1/applications")).status).toBe(200);
  expect((await ask("/api/v1/applications/library/switch", {}, "POST")).status).toBe(200);
});

test("every answer has a policy with a nonce of its own, which the page is told", async () => {
  const [one, two] = [await ask("/sign-in"), await ask("/sign-in")];
  const nonce = one.headers.get("x-middleware-request-x-nonce");
  expect(nonce).toMatch(/^[\da-f]{32}$/);
  expect(one.headers.get("content-security-policy")).toContain(`'nonce-${nonce}' 'strict-dynamic'`);
  expect(two.headers.get("x-middleware-request-x-nonce")).not.toBe(nonce);
});

test("answers that only lead elsewhere, or nowhere, have the policy as well", async () => {
  for (const response of [await ask("/library"), await ask("/library", { cookie: await session() }, "POST")]) {
    expect(response.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(response.headers.get("strict-transport-security")).toBeNull();
  }
});

test("a session that was ended leads to the sign-in page", async () => {
  const cache = {
    grants: () => [],
    isEnded: () => true,
    canJudge: () => true,
    noteUse() {},
    async refresh() {},
  };
  setAccessCache(cache);
  try {
    expect(goesTo(await ask("/", { cookie: await session() }))).toBe("/sign-in");
  } finally {
    setAccessCache(null);
  }
});

test("a session in use is renewed, within its eight hours", async () => {
  expect((await ask("/library", { cookie: await session({ iat: now() }) })).cookies.getAll()).toEqual([]);
  // `encode` stamps the present time, so an older session is one whose clock was set back.
  const realNow = Date.now;
  Date.now = () => realNow() + 10 * 60_000;
  try {
    const response = await ask("/library", { cookie: await session({ signedInAt: now() - 600 }) });
    expect(response.cookies.get("next-auth.session-token")).toMatchObject({
      httpOnly: true,
      sameSite: "lax",
      maxAge: 3600,
    });
  } finally {
    Date.now = realNow;
  }
});

describe("the content security policy", () => {
  const http = { url: APP, oidc: null };

  test("lets no inline script or foreign source in", () => {
    const policy = contentSecurityPolicy("abc", http, false);
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|https?:|\*/);
    for (const directive of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"])
      expect(policy).toContain(directive);
  });

  test("upgrades requests over https and lets the sign-in form go on to the provider", () => {
    const oidc = {
      issuer: "https://login.example.com/realms/main",
      clientId: "",
      clientSecret: "",
      name: "",
      scope: "",
      roleClaim: null,
    };
    const policy = contentSecurityPolicy("abc", { url: "https://switchyard.example.com", oidc }, false);
    expect(policy).toContain("form-action 'self' https://login.example.com;");
    expect(policy).toContain("upgrade-insecure-requests");
  });
});
