import type { Answer } from "./answer.ts";

/** One call that reached a simulated operation, before its input is read. */
export interface ApiCall {
  service: string;
  operation: string;
  requestId: string;
  /** What it was signed with; null where that could not be read. */
  accessKeyId: string | null;
  /** The request body as sent; equal calls have equal bodies. */
  body: string;
  signal: AbortSignal;
}

/**
 * Stands between the wire and the handler: may answer itself, change the answer, throw an AwsError or a
 * ConnectionFault. The first of a list is the outermost.
 */
export type Interceptor = (call: ApiCall, next: () => Promise<Answer>) => Promise<Answer>;

/** The connection breaks instead of an answer: at once, or after `holdMs` of silence. */
export class ConnectionFault extends Error {
  override readonly name = "ConnectionFault";
  readonly holdMs: number;

  constructor(holdMs = 0) {
    super("The sandbox was told to break this connection");
    this.holdMs = holdMs;
  }
}

/** Runs the interceptors around `handle`. */
export function intercept(
  interceptors: readonly Interceptor[],
  call: ApiCall,
  handle: () => Promise<Answer>,
): Promise<Answer> {
  let next = handle;
  for (const interceptor of interceptors.toReversed()) {
    const inner = next;
    next = () => interceptor(call, inner);
  }
  return next();
}
