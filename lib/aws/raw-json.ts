import type { MiddlewareStack } from "@smithy/types";

/** A JSON object as AWS wrote it. */
export type JsonObject = { readonly [name: string]: unknown };

interface Sendable {
  middlewareStack: Pick<MiddlewareStack<never, never>, "add">;
}

/**
 * Makes a command keep the body that AWS answers as it stood on the wire, also members that this SDK's model does not know and
 * drops. Call what it answers once the command was sent. @throws SyntaxError when that was no JSON object
 */
export function keepAnswer(command: unknown): () => JsonObject {
  let text = "";
  stackOf(command).add(
    ((next: Handler) => async (args: { request?: unknown }) => {
      const result = await next(args);
      const { response } = result;
      const chunks: Uint8Array[] = [];
      for await (const chunk of (response.body ?? []) as AsyncIterable<unknown>)
        chunks.push(Buffer.from(chunk as Uint8Array));
      const body = Buffer.concat(chunks);
      text = body.toString("utf8");
      response.body = body;
      return result;
    }) as never,
    { step: "deserialize", priority: "low", name: "keepAnswer" },
  );
  return () => {
    const parsed: unknown = JSON.parse(text);
    if (!isObject(parsed)) throw new SyntaxError("AWS's answer is no JSON object");
    return parsed;
  };
}

/** Makes a command send exactly this as its body, also members that this SDK's model does not know and would drop. */
export function sendExactly(command: unknown, body: JsonObject): void {
  stackOf(command).add(
    ((next: Handler) => (args: { request: { body: string } }) => {
      args.request.body = JSON.stringify(body);
      return next(args);
    }) as never,
    // Before the length is counted and the request is signed.
    { step: "build", priority: "high", name: "sendExactly" },
  );
}

/** Whether it is a JSON object, not an array or a scalar. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type Handler = (args: unknown) => Promise<{ response: { body?: AsyncIterable<unknown> | Buffer } }>;

function stackOf(command: unknown): Sendable["middlewareStack"] {
  return (command as Sendable).middlewareStack;
}
