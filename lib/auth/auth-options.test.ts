import type { NextApiRequest, NextApiResponse } from "next";
import NextAuth from "next-auth";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { accessSchema } from "../config/access-config.ts";
import type { Config } from "../config/config.ts";
import { startIssuer, type TestIssuer } from "../testing/test-issuer.ts";
import { type AccessCache, setAccessCache } from "./access-cache.ts";
import { createAuthOptions, type SignInEvent } from "./auth-options.ts";
import { identityOf } from "./request-identity.ts";
import { createSignInLimits } from "./sign-in-limits.ts";

const URL_ = "http://127.0.0.1:3999";
const KIM = { sub: "1", name: "Kim", email: "kim@example.com", email_verified: true };
let config: Pick<Config, "auth" | "access">;
let events: SignInEvent[];
let address: string | null;
let cache: AccessCache | null;
let browser: ReturnType<typeof createBrowser>;

/** A browser as far as sign-in needs one: a jar of cookies in front of Auth.js's own handler. */
function createBrowser() {
  const jar = new Map<string, string>();
  const limits = createSignInLimits(Date.now);
  const handler = (request: NextApiRequest, response: NextApiResponse) =>
    NextAuth(
      createAuthOptions({
        config,
        limits,
        address,
        onEvent: (event) => events.push(event),
        ...(cache ? { cache } : {}),
      }),
    )(request, response);
  const send = async (method: string, path: string, body: Record<string, string> = {}) => {
    const { pathname, searchParams } = new URL(path, URL_);
    const headers = new Headers();
    let status = 200;
    let answer: unknown;
    const request = {
      method,
      headers: { host: new URL(URL_).host },
      cookies: Object.fromEntries(jar),
      query: { ...Object.fromEntries(searchParams), nextauth: pathname.split("/").slice(3) },
      body,
    };
    const response = {
      status(code: number) {
        status = code;
        return response;
      },
      setHeader(name: string, value: string | string[]) {
        headers.delete(name);
        for (const one of [value].flat()) headers.append(name, one);
      },
      getHeader: (name: string) => (name.toLowerCase() === "set-cookie" ? headers.getSetCookie() : headers.get(name)),
      send: (value: unknown) => {
        answer = value;
      },
      json: (value: unknown) => {
        answer = value;
      },
      end() {},
    };
    // Safe because the handler uses no more of Next's request and response than is here.
    await handler(request as unknown as NextApiRequest, response as unknown as NextApiResponse);
    for (const line of headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split(/=(.*)/s);
      if (value === "") jar.delete(name);
      else jar.set(name, decodeURIComponent(value));
    }
    return { status, location: headers.get("location") ?? "", cookies: headers.getSetCookie(), answer };
  };
  return {
    send,
    async post(path: string, body: Record<string, string> = {}) {
      const { csrfToken } = (await send("GET", "/api/auth/csrf")).answer as { csrfToken: string };
      return await send("POST", path, { ...body, csrfToken });
    },
    async identity() {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
      return (await identityOf(new Request(URL_, { headers: { cookie } }), config)).identity;
    },
  };
}

beforeEach(() => {
  process.env.NEXTAUTH_URL = URL_;
  events = [];
  address = "192.0.2.1";
  cache = null;
  config = {
    access: accessSchema.parse({ operator: { claims: ["deployers"] }, viewer: { addresses: ["*@example.com"] } }),
    auth: {
      secret: "0123456789abcdef0123456789abcdef",
      url: URL_,
      oidc: null,
      sandboxUsers: true,
      apiToken: null,
    },
  };
});
afterEach(() => {
  delete process.env.NEXTAUTH_URL;
});

describe("signing in on the sandbox", () => {
  const signIn = (username: string, password: string) =>
    browser.post("/api/auth/callback/sandbox", { username, password });
  beforeEach(() => {
    browser = createBrowser();
  });

  test.each(["viewer", "operator", "approver", "admin"])("as %s gives that role", async (user) => {
    const { location, cookies } = await signIn(user, "sandbox");
    expect(location).toBe(URL_);
    expect(cookies.find((line) => line.startsWith("next-auth.session-token="))).toMatch(/HttpOnly.*SameSite=Lax/i);
    expect(await browser.identity()).toMatchObject({ id: `${user}@sandbox.local`, role: user });
    expect(events).toMatchObject([{ action: "session.started", who: `${user}@sandbox.local`, provider: "sandbox" }]);
  });

  test("by address works too; a wrong password and an unknown user do not", async () => {
    for (const [user, password] of [
      ["operator", "wrong"],
      ["nobody", "sandbox"],
      ["", ""],
    ] as const) {
      expect((await signIn(user, password)).location).toContain("error=CredentialsSignin");
      expect(await browser.identity()).toBeNull();
    }
    expect(events.map((event) => event.action)).toEqual(["session.refused", "session.refused", "session.refused"]);
    await signIn("operator@sandbox.local", "sandbox");
    expect((await browser.identity())?.role).toBe("operator");
  });

  test("is refused for a while after ten wrong passwords, the right one included, but only for that user", async () => {
    for (let i = 0; i < 10; i++) await signIn("operator", `wrong-${i}`);
    expect((await signIn("operator", "sandbox")).location).toContain("error=TooManyAttempts");
    expect(await browser.identity()).toBeNull();
    await signIn("viewer", "sandbox");
    expect((await browser.identity())?.role).toBe("viewer");
  });

  test("is refused from an address with thirty wrong passwords, whoever is tried, but not from others", async () => {
    const users = ["viewer", "operator", "approver", "admin"];
    for (let i = 0; i < 30; i++) await signIn(users[i % 4] ?? "", `wrong-${i}`);
    expect((await signIn("guest", "sandbox")).location).toContain("error=TooManyAttempts");
    address = "192.0.2.2";
    await signIn("guest", "sandbox");
    expect(await browser.identity()).toMatchObject({ id: "guest@sandbox.local", role: null });
  });

  test("a session that was ended is none, also to who asks Auth.js itself", async () => {
    await signIn("operator", "sandbox");
    const sid = events.at(-1)?.session?.id;
    expect(sid).toMatch(/^[0-9a-f-]{36}$/);
    expect((await browser.send("GET", "/api/auth/session")).answer).toMatchObject({ user: { name: "Otto Operator" } });
    cache = {
      grants: () => [],
      isEnded: ({ id }) => id === sid,
      canJudge: () => true,
      noteUse() {},
      async refresh() {},
    };
    setAccessCache(cache);
    try {
      expect(await browser.identity()).toBeNull();
      expect((await browser.send("GET", "/api/auth/session")).answer).toEqual({});
    } finally {
      setAccessCache(null);
    }
  });

  test("needs the form's own token, and goes nowhere else afterwards", async () => {
    await browser.send("POST", "/api/auth/callback/sandbox", { username: "admin", password: "sandbox" });
    expect(await browser.identity()).toBeNull();
    const answer = await browser.post("/api/auth/callback/sandbox", {
      username: "admin",
      password: "sandbox",
      callbackUrl: "https://evil.example/",
    });
    expect(answer.location).toBe(URL_);
  });

  test("ends with signing out", async () => {
    await signIn("operator", "sandbox");
    await browser.post("/api/auth/signout");
    expect(await browser.identity()).toBeNull();
    expect(events.at(-1)).toMatchObject({ action: "session.ended", who: "operator@sandbox.local" });
  });
});

test("there are no sandbox users where they are turned off", async () => {
  config.auth.sandboxUsers = false;
  browser = createBrowser();
  await browser.post("/api/auth/callback/sandbox", { username: "admin", password: "sandbox" });
  expect(await browser.identity()).toBeNull();
});

describe("signing in with OpenID Connect", () => {
  let issuer: TestIssuer;
  beforeEach(async () => {
    issuer = await startIssuer("switchyard");
    config.auth.sandboxUsers = false;
    config.auth.oidc = {
      issuer: issuer.url,
      clientId: "switchyard",
      clientSecret: "secret",
      name: "Company",
      scope: "openid profile email",
      roleClaim: "groups",
    };
    browser = createBrowser();
  });
  afterEach(() => issuer.stop());

  async function signIn() {
    const start = await browser.post("/api/auth/signin/oidc");
    expect(start.location).toMatch(new RegExp(`^${issuer.url}/authorize\\?.*scope=openid\\+?.*code_challenge=`));
    const back = await fetch(start.location, { redirect: "manual" });
    return await browser.send("GET", back.headers.get("location") ?? "");
  }

  test("gives the role of a claim's value", async () => {
    issuer.claims = {
      ...KIM,
      email: "Kim@Example.com",
      groups: ["staff", "deployers"],
      auth_time: Math.floor(Date.now() / 1000),
    };
    expect((await signIn()).location).toBe(URL_);
    expect(await browser.identity()).toEqual({
      id: "kim@example.com",
      name: "Kim",
      role: "operator",
      via: "session",
      authenticatedAt: expect.any(Number),
      groups: ["deployers", "staff"],
      people: [`${issuer.url}|1`],
      sessionId: expect.any(String),
    });
  });

  test("gives the role of a claim that only userinfo has", async () => {
    issuer.claims = { sub: "7" };
    issuer.userinfo = {
      sub: "7",
      name: "Kim",
      email: "kim@example.com",
      email_verified: true,
      groups: ["deployers"],
    };
    expect((await signIn()).location).toBe(URL_);
    expect(await browser.identity()).toMatchObject({ id: "kim@example.com", name: "Kim", role: "operator" });
  });

  test("refuses userinfo about somebody else, and goes on with the ID token where there is none", async () => {
    for (const userinfo of [{ sub: "8", groups: ["deployers"] }, "broken"] as const) {
      browser = createBrowser();
      issuer.claims = { sub: "7", name: "Kim" };
      issuer.userinfo = { ...(userinfo === "broken" ? {} : userinfo) };
      if (userinfo === "broken") issuer.userinfo = "broken";
      await signIn();
      expect(await browser.identity()).toMatchObject({ id: "7", role: null });
    }
  });

  test.each([undefined, false, "false", "true", null, 0, 1, {}])(
    "gives nothing for an address whose email_verified is %j",
    async (said) => {
      issuer.claims = { sub: "2", name: "Mallory", email: "ceo@example.com", email_verified: said };
      await signIn();
      expect(await browser.identity()).toMatchObject({ id: "2", name: "Mallory", role: null, via: "session" });
      expect(events.at(-1)).toMatchObject({ who: "2" });
    },
  );

  test("takes an address that was never said to be verified only where the settings say so, and never one that is not", async () => {
    if (config.auth.oidc) config.auth.oidc.assumesVerifiedEmail = true;
    issuer.claims = { sub: "3", name: "Lee", email: "lee@example.com" };
    await signIn();
    expect(await browser.identity()).toMatchObject({ id: "lee@example.com", role: "viewer" });
    for (const said of [false, "false", null, 0]) {
      browser = createBrowser();
      issuer.claims = { ...issuer.claims, email_verified: said };
      await signIn();
      expect(await browser.identity()).toMatchObject({ id: "3", role: null });
    }
  });

  test("an address with another alphabet's letters is nobody else's, though JavaScript's small letters are the same", async () => {
    issuer.claims = { sub: "9", name: "Mallory", email: "\u212aim@example.com", email_verified: true };
    config.access.admin.addresses = ["kim@example.com"];
    await signIn();
    expect(await browser.identity()).toMatchObject({ id: "\u212aim@example.com", role: "viewer" });
  });

  test("does not take a subject for an address", async () => {
    issuer.claims = { sub: "ceo@example.com", name: "Mallory" };
    await signIn();
    expect(await browser.identity()).toMatchObject({ id: "ceo%40example.com", role: null });
  });

  test("counts from when the provider says that the person proved who they are", async () => {
    const provedAt = Math.floor(Date.now() / 1000) - 3_000;
    issuer.claims = { ...KIM, auth_time: provedAt };
    await signIn();
    expect((await browser.identity())?.authenticatedAt).toBe(provedAt * 1000);
  });

  test.each([undefined, null, "1800000000", Number.NaN])(
    "takes no sign-in for fresh where the provider's auth_time is %j",
    async (provedAt) => {
      issuer.claims = { ...KIM, auth_time: provedAt };
      await signIn();
      const identity = await browser.identity();
      expect(identity).toMatchObject({ id: "kim@example.com" });
      expect(identity?.authenticatedAt).toBeUndefined();
    },
  );

  test("asks the provider for every sign-in when the person proved who they are", async () => {
    const start = await browser.post("/api/auth/signin/oidc");
    expect(new URL(start.location).searchParams.get("max_age")).toBe("0");
  });

  test("asks the provider to make the person sign in again where that is needed", async () => {
    const start = await browser.post("/api/auth/signin/oidc?prompt=login&max_age=0");
    expect(new URL(start.location).searchParams.get("prompt")).toBe("login");
    expect(new URL(start.location).searchParams.get("max_age")).toBe("0");
  });

  test("refuses an answer that does not belong to this browser", async () => {
    issuer.claims = KIM;
    const start = await browser.post("/api/auth/signin/oidc");
    const back = await fetch(start.location, { redirect: "manual" });
    browser = createBrowser();
    const answer = await browser.send("GET", back.headers.get("location") ?? "");
    expect(answer.location).toContain("error=OAuthCallback");
    expect(await browser.identity()).toBeNull();
  });
});
