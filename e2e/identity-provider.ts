import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import Provider from "oidc-provider";
import { awake } from "./world.ts";

/** What the provider knows of a person; it may change at any time. */
interface Person {
  name: string;
  email: string;
  groups: string[];
}

/** A real OpenID Connect provider on this machine, behind a certificate of an authority of its own. */
export interface IdentityProvider {
  issuer: string;
  /** With which a dashboard sends people here. */
  env: Readonly<Record<string, string>>;
  people: Map<string, Person>;
  /** How often userinfo was asked, and with which `max_age` people were sent here. */
  asked: { userinfo: number; maxAges: unknown[] };
  stop(): Promise<void>;
}

/**
 * Starts it. Names and groups are in userinfo alone, as with Okta's organization server; any password of a person that there is
 * will do. Its own sign-in pages are the library's.
 */
export async function startIdentityProvider(port: number, redirectUri: string): Promise<IdentityProvider> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-provider-"));
  const [authority, key] = [join(folder, "authority.crt"), join(folder, "authority.key")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", authority, ...subject],
    { stdio: "ignore" },
  );
  const issuer = `https://127.0.0.1:${port}`;
  const [clientId, clientSecret] = ["switchyard", "a-secret-of-the-client-0123456789"];
  const people = new Map<string, Person>();
  const asked: IdentityProvider["asked"] = { userinfo: 0, maxAges: [] };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    cookies: { keys: ["cookies-of-the-provider"] },
    claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"], groups: ["groups"] },
    findAccount: (_ctx, id) => {
      const person = people.get(id);
      return person && { accountId: id, claims: () => ({ sub: id, email_verified: true, ...person }) };
    },
  });
  provider.use(async (ctx, next) => {
    if (ctx.path === "/me") asked.userinfo += 1;
    if (ctx.path === "/auth") asked.maxAges.push(ctx.query.max_age);
    await next();
  });
  const server = createServer({ cert: readFileSync(authority), key: readFileSync(key) }, provider.callback());
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    ...{ issuer, people, asked },
    env: {
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: clientId,
      OIDC_CLIENT_SECRET: clientSecret,
      OIDC_NAME: "the test's provider",
      OIDC_SCOPE: "openid profile email groups",
      OIDC_ROLE_CLAIM: "groups",
      // Nothing else makes the provider's certificate a good one.
      NODE_EXTRA_CA_CERTS: authority,
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As far as the provider's sign-in page of the dashboard at `url`, filled in and sent. */
export async function nameAtProvider(page: Page, url: string, id: string): Promise<void> {
  await page.goto(`${url}/library`);
  await page.getByRole("button", { name: "Sign in with the test's provider" }).click();
  await page.getByPlaceholder(/login/i).fill(id);
  await page.getByPlaceholder(/password/i).fill("any");
  await page.getByRole("button", { name: /sign-in/i }).click();
}

/** Through the provider's own pages: its sign-in, and its question for consent, once. Ends on a live board. */
export async function signInAtProvider(page: Page, url: string, id: string): Promise<void> {
  await nameAtProvider(page, url, id);
  const consent = page.getByRole("button", { name: /continue/i });
  await consent.or(page.getByRole("heading", { level: 1, name: /library/ })).waitFor();
  if (await consent.isVisible()) await consent.click();
  await page.waitForURL(`${url}/library`);
  await awake(page);
}
