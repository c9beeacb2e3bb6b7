import { clientAddress } from "@/lib/auth/client-address.ts";
import { currentOidcExchange } from "@/lib/auth/current-oidc-exchange.ts";
import { isJwt, type PipelineEntry } from "@/lib/auth/oidc-exchange.ts";
import { isSameOrigin } from "@/lib/auth/origin.ts";
import { identityOf } from "@/lib/auth/request-identity.ts";
import { FRESH_MS } from "@/lib/auth/token-memory.ts";
import type { Identity } from "@/lib/domain/access/role.ts";
import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";
import { lineMembers } from "@/lib/domain/sentence/told.ts";
import { cutText } from "@/lib/domain/text/cut-text.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import { log, logAs } from "@/lib/log.ts";
import { languageOf } from "@/lib/messages/language.ts";
import { getRuntime, type Runtime } from "@/lib/process/runtime.ts";
import { auditDenial } from "@/lib/request/audit-denial.ts";
import type { Context } from "@/lib/request/context.ts";
import { entityTagOf, namesTag } from "@/lib/request/entity-tag.ts";
import { NotAnObject, parseJsonObject } from "@/lib/request/json-object.ts";
import { chooseMediaType } from "@/lib/request/media-type.ts";
import { findPermissionRefusal } from "@/lib/request/permission.ts";
import { type Refusal, refusalOf, refuse } from "@/lib/request/refusal.ts";
import { failedResponse, problemResponse } from "./problem.ts";
import { inReadersLanguage } from "./problem-language.ts";

/** A signed-in asker's context with the whole runtime. */
export type RouteContext = Context & { runtime: Runtime };

const MAX_BODY_BYTES = 64 * 1024;

/**
 * Answers a read: who asks, may they look, in which of the offered media types, then the answer. JSON gets an entity tag, and is
 * not sent again to whoever has it.
 */
export function handleRead<T extends string = "application/json">(
  request: Request,
  answer: (ctx: RouteContext, mediaType: T) => Promise<Response>,
  // Safe because T is what is offered, and that is JSON when nothing is said.
  offered = ["application/json"] as unknown as readonly [T, ...T[]],
): Promise<Response> {
  return guarded(request, async (ctx) => {
    const denied = findPermissionRefusal(ctx, "view");
    if (denied) return problemResponse(denied);
    const twice = findParameterTwice(request);
    if (twice) return problemResponse(twice);
    const mediaType = chooseMediaType(request.headers.get("accept"), offered);
    if (mediaType === null) return notAcceptable(offered);
    return withEntityTag(request, await answer(ctx, mediaType));
  });
}

/** A parameter that is given twice says two things, and programs differ in which of them they take. */
function findParameterTwice(request: Request): Refusal<never> | null {
  const names = [...new URL(request.url).searchParams.keys()];
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return null;
  const name = cutText(twice, 80);
  return refuse("INVALID_INPUT", say("rest.twiceInAddress", { name }), say("rest.giveOnce", { name }));
}

/** The refusal of a request that accepts none of what is offered. */
export function notAcceptable(offered: readonly string[]): Response {
  const said = say("rest.answeredAs", { types: offered.join(", ") });
  return problemResponse(refuse("NOT_ACCEPTABLE", said, say("rest.nameOne")));
}

async function withEntityTag(request: Request, response: Response): Promise<Response> {
  if (response.status !== 200 || !response.headers.get("content-type")?.startsWith("application/json")) return response;
  const text = await response.text();
  const tag = entityTagOf(text);
  const headers = new Headers(response.headers);
  headers.set("etag", tag);
  if (!namesTag(request.headers.get("if-none-match"), tag)) return new Response(text, { headers });
  headers.delete("content-type");
  return new Response(null, { status: 304, headers });
}

/**
 * Answers a change: who asks, from our own pages or with a token, a JSON object of modest size, then the operation. Its input
 * is the body with what the address and headers name; a body that says one of those as well is refused.
 */
export function handleChange(
  request: Request,
  operation: (ctx: RouteContext, input: Record<string, unknown>) => Promise<Response>,
  named: () => Record<string, unknown> | Promise<Record<string, unknown>> = () => ({}),
): Promise<Response> {
  return guarded(request, async (ctx) => {
    if (!ctx.identity)
      return denied(ctx, request, refuse("UNAUTHENTICATED", say("refusal.nobody"), say("rest.sendToken")));
    if (ctx.identity.via === "session" && !isSameOrigin(request))
      return denied(ctx, request, refuse("FOREIGN_ORIGIN", say("refusal.foreignPage"), say("rest.sendTokenInstead")));
    const body = await readBody(request);
    if (body instanceof Response) return body;
    if (body instanceof NotAnObject)
      return denied(ctx, request, refuse("INVALID_INPUT", body.said, say("rest.bodyFix")));
    const given = await named();
    const twice = Object.keys(given).find((name) => Object.hasOwn(body, name));
    if (twice !== undefined)
      return denied(
        ctx,
        request,
        refuse(
          "INVALID_INPUT",
          say("rest.saidElsewhere", { name: cutText(twice, 80) }),
          say("rest.leaveOut", { name: cutText(twice, 80) }),
        ),
      );
    return operation(ctx, { ...body, ...given });
  });
}

/** The refusal of a change before its operation; the audit has it all the same. */
async function denied(ctx: RouteContext, request: Request, refusal: Refusal<never>): Promise<Response> {
  const asked = cutText(`${request.method} ${new URL(request.url).pathname}`, 200);
  // A token that was refused is in the audit as that already.
  if (ctx.identity || !request.headers.has("authorization"))
    await auditDenial(ctx, {
      action: "request.refused",
      code: refusal.code,
      ...lineMembers(say("told.why", { what: asked, why: refusal.said ?? refusal.message })),
    });
  return problemResponse(refusal);
}

/** A result as JSON, or as the problem it is. */
export function resultResponse<T>(result: Result<T>, status = 200, show: (value: T) => unknown = (value) => value) {
  if (!result.ok) return problemResponse(result);
  return Response.json(show(result.value), { status, headers: { "cache-control": "no-store" } });
}

/** What the Idempotency-Key header says, as operations take it. */
export function idempotencyKeyOf(request: Request): { idempotencyKey: string | null } {
  return { idempotencyKey: request.headers.get("idempotency-key") };
}

function guarded(request: Request, answer: (ctx: RouteContext) => Promise<Response>): Promise<Response> {
  return logAs(request.headers.get("x-request-id"), () => answerOrFail(request, answer));
}

async function answerOrFail(request: Request, answer: (ctx: RouteContext) => Promise<Response>): Promise<Response> {
  return inReadersLanguage(request, await answered(request, answer));
}

async function answered(request: Request, answer: (ctx: RouteContext) => Promise<Response>): Promise<Response> {
  try {
    const runtime = await getRuntime();
    // A rollback is not to queue behind those who look.
    if (isRead(request)) await runtime.engine.turn();
    const asked = await identify(request, runtime);
    if (!asked.ok) return problemResponse(asked);
    const { headers } = request;
    const own = {
      address: clientAddress(headers),
      traceparent: headers.get("traceparent"),
      language: languageOf(headers),
    };
    const ctx = { runtime, identity: asked.identity, ...own, again: asked.again };
    if (ctx.identity === null && request.headers.has("authorization"))
      await auditDenial(ctx, {
        action: "token.refused",
        code: "UNAUTHENTICATED",
        ...lineMembers(asked.why ?? say("auditRow.refusedToken")),
      });
    return await answer(ctx);
  } catch (error) {
    log.error("A request failed", {
      error,
      method: request.method,
      path: new URL(request.url).pathname,
    });
    return failedResponse();
  }
}

function isRead({ method }: Request): boolean {
  return method === "GET" || method === "HEAD";
}

/** Who asks; a refusal where a token cannot be looked up, because that says nothing about the token. */
async function identify(
  request: Request,
  runtime: Runtime,
): Promise<
  { ok: true; identity: Identity | null; again?: Context["again"]; why?: Sentence | undefined } | Refusal<never>
> {
  const { tokens, now } = runtime;
  const find = (hash: string) => tokens.find(hash, isRead(request) ? FRESH_MS : 0);
  try {
    const { identity, again } = await identityOf(request, undefined, undefined, { find, now });
    const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    if (!identity && bearer !== undefined && isJwt(bearer))
      return enterPipeline(await currentOidcExchange().enter(bearer), now);
    if (identity?.scope)
      tokens
        .noteUse(identity.scope.tokenId)
        .catch((error: unknown) => log.warn("A token's use could not be noted", { error }));
    return { ok: true, identity, again };
  } catch (error) {
    return refusalOf(error);
  }
}

function enterPipeline(entry: PipelineEntry, now: () => number): Awaited<ReturnType<typeof identify>> {
  if (entry.kind === "identity") {
    const { identity, endsAt } = entry;
    return { ok: true, identity, again: async () => (now() < endsAt ? identity : null) };
  }
  if (entry.kind === "refused") return { ok: true, identity: null, why: entry.why };
  return refuse("ISSUER_UNAVAILABLE", say("rest.saysNothing", { why: entry.why }), say("refusal.tryAgain"));
}

async function readBody(request: Request): Promise<Record<string, unknown> | Response | NotAnObject> {
  const tooLarge = () => problemResponse(refuse("INVALID_INPUT", say("rest.tooLarge"), say("rest.sendLess")), 413);
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return tooLarge();
  const bytes = await readAtMost(request.body, MAX_BODY_BYTES);
  if (bytes === null) return tooLarge();
  if (bytes.length === 0) return {};
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get("content-type") ?? ""))
    return problemResponse(refuse("INVALID_INPUT", say("rest.notJsonType"), say("rest.sendJsonType")), 415);
  try {
    return parseJsonObject(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    return error instanceof NotAnObject ? error : new NotAnObject(say("rest.notUtf8"));
  }
}

/** Null when there is more; what was not read is let go. */
async function readAtMost(stream: ReadableStream<Uint8Array> | null, limit: number): Promise<Uint8Array | null> {
  if (!stream) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
