import { inEnglish } from "@/lib/domain/sentence/in-language.ts";
import { say } from "@/lib/domain/sentence/sentence.ts";
import type { Receipt } from "@/lib/domain/snapshot/receipt.ts";
import type { BlockerCode } from "@/lib/domain/verb/blocker.ts";
import type { Refusal } from "@/lib/request/refusal.ts";

/** Statuses that are not 422; the title of each is in the catalogue. */
const STATUS: Readonly<Partial<Record<BlockerCode, number>>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  FOREIGN_ORIGIN: 403,
  STEP_UP_REQUIRED: 403,
  NOT_FOUND: 404,
  OWN_DEPLOYMENT: 403,
  APPROVER_NOT_COUNTED: 403,
  RECEIPT_OUTDATED: 409,
  APPROVAL_NOT_NEEDED: 409,
  APPROVAL_EXPIRED: 409,
  APPROVAL_REJECTED: 409,
  DEPLOYMENT_IN_FLIGHT: 409,
  RATE_LIMITED: 429,
  NOT_ACCEPTABLE: 406,
  AWS_ERROR: 502,
  AWS_DENIED: 502,
  AWS_CREDENTIALS: 502,
  AWS_THROTTLED: 503,
  AWS_UNAVAILABLE: 503,
  STORE_UNAVAILABLE: 503,
  STARTING: 503,
  ISSUER_UNAVAILABLE: 503,
};

/** The HTTP status of a refusal. */
function statusOf(code: BlockerCode): number {
  return STATUS[code] ?? 422;
}

/** A refusal as RFC 9457 says it. */
export function problemResponse(refusal: Refusal<unknown>, status = statusOf(refusal.code)): Response {
  const { code, message, fix, said, fixSaid, blockers, extra, aws } = refusal;
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (status === 401) headers.set("www-authenticate", "Bearer");
  if (status === 429 || status === 503) headers.set("retry-after", "1");
  const receipt = (extra as { receipt?: Receipt } | undefined)?.receipt;
  const body = {
    type: `urn:switchyard:problem:${code}`,
    title: inEnglish({ code: `problem.title.${status}`, params: {} }),
    status,
    detail: message,
    code,
    ...(fix ? { fix } : {}),
    ...(said ? { said } : {}),
    ...(fixSaid ? { fixSaid } : {}),
    ...(blockers ? { blockers } : {}),
    ...(receipt ? { receipt } : {}),
    ...(aws ? { aws } : {}),
  };
  return new Response(JSON.stringify(body), { status, headers });
}

/** The answer when Switchyard itself failed: nothing of the error, which the log has. */
export function failedResponse(): Response {
  const said = say("rest.failed");
  const title = inEnglish(say("problem.title.500"));
  const body = { type: "about:blank", title, status: 500, detail: inEnglish(said), said };
  return new Response(JSON.stringify(body), { status: 500, headers: { "content-type": "application/problem+json" } });
}
