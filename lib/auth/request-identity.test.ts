import { encode } from "next-auth/jwt";
import { describe, expect, test } from "vitest";
import { accessSchema } from "../config/access-config.ts";
import type { Config } from "../config/config.ts";
import type { ApiToken } from "../domain/access/api-token.ts";
import { ABSOLUTE_SECONDS } from "../domain/access/person-session.ts";
import { hashOfSecret, newTokenSecret } from "./api-token.ts";
import { identityOf } from "./request-identity.ts";
import { readSession, renewSession, type SessionToken } from "./session.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const TOKEN = "token-0123456789abcdef-0123456789";
const NOW = Date.now();
const SECONDS = Math.floor(NOW / 1000);

function configWith(change: Partial<Config["auth"]> = {}, operators: string[] = []): Pick<Config, "auth" | "access"> {
  return {
    access: accessSchema.parse({ operator: { addresses: operators } }),
    auth: {
      secret: SECRET,
      url: "http://127.0.0.1:3000",
      oidc: { issuer: "", clientId: "", clientSecret: "", name: "", scope: "", roleClaim: null },
      sandboxUsers: false,
      apiToken: TOKEN,
      ...change,
    },
  };
}

const kim: SessionToken = {
  sub: "kim-1",
  provider: "oidc",
  name: "Kim",
  email: "kim@example.com",
  roleValues: [],
  sid: "session-1",
  signedInAt: SECONDS,
  authenticatedAt: SECONDS,
};

const cookie = async (token: SessionToken, secret = SECRET, name = "next-auth.session-token") =>
  `theme=dark; ${name}=${await encode({ token, secret, maxAge: 3600 })}`;
const ask = (headers: Record<string, string>, config = configWith(), now = NOW) =>
  identityOf(new Request("http://127.0.0.1:3000/api/v1/applications", { headers }), config, now);

describe("who sends a request", () => {
  test("nobody without a token or a session", async () => {
    expect(await ask({})).toEqual({ identity: null, via: null });
    expect(await ask({ cookie: "next-auth.session-token=garbage" })).toEqual({ identity: null, via: null });
  });

  test("the bootstrap token holds every role", async () => {
    const { identity, via } = await ask({ authorization: `Bearer ${TOKEN}` });
    expect(via).toBe("token");
    expect(identity).toMatchObject({ id: "bootstrap-token", role: "admin", via: "token" });
  });

  test("a wrong token is nobody, also beside a good session and where no token is set", async () => {
    const good = await cookie(kim);
    for (const authorization of ["Bearer wrong", `Basic ${TOKEN}`, `Bearer ${TOKEN}x`, "Bearer", ""])
      expect(await ask({ authorization, cookie: good })).toEqual({ identity: null, via: "token" });
    expect((await ask({ authorization: "Bearer undefined" }, configWith({ apiToken: null }))).identity).toBeNull();
  });

  test("a token made by an admin is looked up by its hash and carries its scope until it ends", async () => {
    const secret = newTokenSecret();
    const token: ApiToken = {
      id: "t-1",
      name: "ci",
      verbs: ["deploy"],
      applications: ["library"],
      createdBy: "Kim",
      createdAt: 0,
      expiresAt: 1000,
      lastUsedAt: null,
      revokedAt: null,
      revokedBy: null,
    };
    const seen: string[] = [];
    const find = async (hash: string) => {
      seen.push(hash);
      return hash === hashOfSecret(secret) ? token : null;
    };
    const bearer = async (text: string, now: number) => {
      const sent = new Request("http://127.0.0.1:3000/", { headers: { authorization: `Bearer ${text}` } });
      return (await identityOf(sent, configWith(), NOW, { find, now: () => now })).identity;
    };
    expect(await bearer(secret, 999)).toEqual({
      id: "token:t-1",
      name: "ci",
      role: "operator",
      via: "token",
      scope: { tokenId: "t-1", verbs: ["deploy"], applications: ["library"] },
    });
    expect(await bearer(secret, 1000)).toBeNull();
    expect(await bearer(newTokenSecret(), 999)).toBeNull();
    expect(seen).toHaveLength(3);
    expect(await bearer("swy_short", 999)).toBeNull();
    expect(await bearer(TOKEN, 999)).toMatchObject({ role: "admin" });
    expect(seen).toHaveLength(3);
  });

  test("a session's role is what the settings say now, not what they said at sign-in", async () => {
    const headers = { cookie: await cookie(kim) };
    expect((await ask(headers)).identity).toMatchObject({ id: "kim@example.com", role: null });
    expect((await ask(headers, configWith({}, ["kim@example.com"]))).identity?.role).toBe("operator");
  });

  test("a sandbox user's session is worth nothing outside the sandbox", async () => {
    const token: SessionToken = { ...kim, sub: "admin", provider: "sandbox", email: "admin@sandbox.local" };
    const headers = { cookie: await cookie(token) };
    expect((await ask(headers)).identity).toBeNull();
    expect((await ask(headers, configWith({ sandboxUsers: true }))).identity).toMatchObject({
      id: "admin@sandbox.local",
      role: "admin",
    });
  });

  test("a session signed with another secret, or under another scheme's name, is none", async () => {
    expect((await ask({ cookie: await cookie(kim, "another-secret") })).via).toBeNull();
    const https = configWith({ url: "https://switchyard.example.com" });
    expect((await ask({ cookie: await cookie(kim) }, https)).via).toBeNull();
    expect((await ask({ cookie: await cookie(kim, SECRET, "__Host-next-auth.session-token") }, https)).via).toBe(
      "session",
    );
  });

  test("a session ends after an hour of silence and eight hours after signing in", async () => {
    const headers = { cookie: await cookie(kim) };
    expect((await ask(headers, configWith(), NOW + 3590_000)).via).toBe("session");
    expect((await ask(headers, configWith(), NOW + 3601_000)).via).toBeNull();
    const old = { cookie: await cookie({ ...kim, signedInAt: SECONDS - ABSOLUTE_SECONDS }) };
    expect((await ask(old)).via).toBeNull();
  });
});

describe("renewing a session", () => {
  const readAt = async (value: string, now: number) =>
    readSession({ getAll: () => [{ name: "next-auth.session-token", value }] }, configWith(), now);

  test("waits five minutes, then gives another hour", async () => {
    const token = { ...kim, iat: SECONDS };
    expect(await renewSession(token, configWith(), NOW + 299_000)).toBeNull();
    const renewed = await renewSession(token, configWith(), NOW + 301_000);
    expect(renewed?.maxAge).toBe(3600);
    expect(await readAt(renewed?.value ?? "", NOW)).toMatchObject({ email: "kim@example.com", signedInAt: SECONDS });
  });

  test("never outlives eight hours", async () => {
    const late = { ...kim, iat: SECONDS - 600, signedInAt: SECONDS - ABSOLUTE_SECONDS + 90 };
    expect((await renewSession(late, configWith(), NOW))?.maxAge).toBe(90);
    expect(await renewSession({ ...late, signedInAt: SECONDS - ABSOLUTE_SECONDS }, configWith(), NOW)).toBeNull();
  });
});
