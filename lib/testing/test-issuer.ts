import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";

/** A small OpenID Connect provider on loopback that signs everybody in at once, for tests. */
export interface TestIssuer {
  url: string;
  /** What the next ID token says besides the protocol's own claims. */
  claims: Record<string, unknown>;
  /** What its userinfo endpoint says; it has none while this is null, and fails while it is "broken". */
  userinfo: Record<string, unknown> | "broken" | null;
  stop(): Promise<void>;
}

export async function startIssuer(clientId: string): Promise<TestIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const codes = new Map<string, { nonce: string; challenge: string }>();
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const issuer: TestIssuer = { url: "", claims: {}, userinfo: null, stop: async () => {} };

  const idToken = (nonce: string) => {
    const now = Math.floor(Date.now() / 1000);
    const body = `${part({ alg: "RS256", kid: "key" })}.${part({
      iss: issuer.url,
      aud: clientId,
      iat: now,
      exp: now + 300,
      nonce,
      ...issuer.claims,
    })}`;
    return `${body}.${sign("sha256", Buffer.from(body), privateKey).toString("base64url")}`;
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", issuer.url);
    const json = (value: unknown, status = 200) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    switch (url.pathname) {
      case "/.well-known/openid-configuration":
        return json({
          issuer: issuer.url,
          authorization_endpoint: `${issuer.url}/authorize`,
          token_endpoint: `${issuer.url}/token`,
          jwks_uri: `${issuer.url}/keys`,
          ...(issuer.userinfo === null ? {} : { userinfo_endpoint: `${issuer.url}/userinfo` }),
          response_types_supported: ["code"],
          id_token_signing_alg_values_supported: ["RS256"],
        });
      case "/userinfo":
        if (request.headers.authorization !== "Bearer access") return json({ error: "invalid_token" }, 401);
        return issuer.userinfo === "broken" ? json({ error: "server_error" }, 500) : json(issuer.userinfo);
      case "/keys":
        return json({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "key", alg: "RS256", use: "sig" }] });
      case "/authorize": {
        const code = String(codes.size + 1);
        const { searchParams } = url;
        codes.set(code, {
          nonce: searchParams.get("nonce") ?? "",
          challenge: searchParams.get("code_challenge") ?? "",
        });
        const back = new URL(searchParams.get("redirect_uri") ?? "");
        back.search = String(new URLSearchParams({ code, state: searchParams.get("state") ?? "" }));
        return response.writeHead(302, { location: back.href }).end();
      }
      case "/token": {
        const form = new URLSearchParams(await bodyOf(request));
        const grant = codes.get(form.get("code") ?? "");
        const verifier = createHash("sha256")
          .update(form.get("code_verifier") ?? "")
          .digest("base64url");
        if (!grant || verifier !== grant.challenge) return json({ error: "invalid_grant" }, 400);
        return json({ access_token: "access", token_type: "Bearer", id_token: idToken(grant.nonce) });
      }
      default:
        return json({ error: "not_found" }, 404);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  issuer.url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  issuer.stop = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  return issuer;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}
