import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Config } from "../config/config.ts";
import { log } from "../log.ts";
import { createProxyLook } from "./proxy-look.ts";
import { clientAddressOf, isTrustedPeer, trustedProxies } from "./trusted-proxies.ts";

/** Of answers that nothing else gives a policy: files, and what Next answers by itself. They load nothing and are framed nowhere. */
const BARE_POLICY = "default-src 'none'; frame-ancestors 'none'";

type Settings = Pick<Config, "auth" | "trustedProxies">;

/**
 * Looks at every request of this process before Next does: sets `X-Forwarded-For` to the one address that counts, drops what an
 * untrusted sender says about the address people open, gives each request and its answer one id and each answer the headers that keep
 * it from being framed or sniffed, and says once what a proxy in front does wrong.
 */
export function watchIncoming(settings: Settings): void {
  const prepare = createPreparation(settings, (message, fields) => log.warn(message, fields));
  subscribe("http.server.request.start", (message) => {
    // Safe because Node publishes exactly these on this channel.
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    prepare(request, response);
  });
}

/** The look at one request, apart from Node's channel. */
export function createPreparation({ auth, trustedProxies: ranges }: Settings, warn: (typeof log)["warn"]) {
  const trusted = trustedProxies(ranges);
  const look = createProxyLook(auth.url, warn);
  const isSecure = auth.url.startsWith("https://");
  return (request: IncomingMessage, response: ServerResponse): void => {
    const { headers, socket } = request;
    // The web's Request cannot be made of it, which would answer 500: as a method that nothing takes it is refused like any other.
    if (request.method === "TRACE") request.method = "NO-TRACE";
    const remote = socket.remoteAddress;
    const isProxy = isTrustedPeer(remote, trusted);
    const forwardedFor = headers["x-forwarded-for"];
    const address = clientAddressOf(remote, Array.isArray(forwardedFor) ? forwardedFor.join() : forwardedFor, trusted);
    if (address === null) delete headers["x-forwarded-for"];
    else headers["x-forwarded-for"] = address;
    if (!isProxy)
      for (const name of ["x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"]) delete headers[name];
    look(headers, isProxy || forwardedFor === undefined ? null : (remote ?? null));
    const asked = headers["x-request-id"];
    const requestId = typeof asked === "string" && /^[\w.-]{1,64}$/.test(asked) ? asked : crypto.randomUUID();
    headers["x-request-id"] = requestId;
    response.setHeader("x-request-id", requestId);
    response.setHeader("content-security-policy", BARE_POLICY);
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("x-frame-options", "DENY");
    if (isSecure) response.setHeader("strict-transport-security", "max-age=31536000; includeSubDomains");
  };
}
