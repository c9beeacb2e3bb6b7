import type { SmokeAnswer, SmokeCheck } from "../domain/application/smoke-check.ts";
import type { TestRequest } from "../domain/observation/test-request.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";

/** More of an answer than this is not read. */
const MAX_BYTES = 64 * 1024;

/**
 * Asks the configured path of the test listener's own origin, with what brings a request to the test rule. A redirect is an answer like any other and never followed: it
 * could lead anywhere. Never rejects; whatever comes is an answer.
 */
export async function askSmoke(
  origin: string,
  check: SmokeCheck,
  test: Pick<TestRequest, "headers" | "query"> = { headers: {}, query: [] },
): Promise<{ url: string; answer: SmokeAnswer }> {
  const base = new URL(origin);
  const url = new URL(check.path, base);
  for (const [key, value] of test.query) url.searchParams.set(key, value);
  if (url.origin !== base.origin || !/^https?:$/.test(url.protocol))
    return { url: base.origin, answer: { status: null, failure: say("smoke.leaves") } };
  try {
    const response = await fetch(url, {
      redirect: "manual",
      cache: "no-store",
      headers: { "user-agent": "Switchyard", accept: "*/*", ...test.headers },
      signal: AbortSignal.timeout(check.timeoutSeconds * 1000),
    });
    const body = await readAtMost(response.body, MAX_BYTES);
    return { url: url.href, answer: { status: response.status, body, location: response.headers.get("location") } };
  } catch (error) {
    return { url: url.href, answer: { status: null, failure: failureSaid(error, check.timeoutSeconds) } };
  }
}

async function readAtMost(stream: ReadableStream<Uint8Array> | null, limit: number): Promise<string> {
  if (!stream) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= limit) break;
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, limit));
}

/** Codes alone: messages of the network stack may carry more than people should see. */
function failureSaid(error: unknown, timeoutSeconds: number): Sentence {
  if (error instanceof Error && error.name === "TimeoutError") return say("smoke.late", { seconds: timeoutSeconds });
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if ("code" in cause && typeof cause.code === "string") return say("smoke.noneCode", { code: cause.code });
  return say("smoke.noAnswer");
}
