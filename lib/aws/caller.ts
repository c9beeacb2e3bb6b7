import { span } from "../trace.ts";
import { type Budgets, PRIORITIES, type Priority } from "./budget.ts";
import type { BudgetFamily } from "./budget-limits.ts";
import { type AwsServiceName, toAwsFailure } from "./errors.ts";
import { priorityHere } from "./question.ts";

/** How one call is made. */
interface CallOptions {
  service: AwsServiceName;
  operation: string;
  family: BudgetFamily;
  priority: Priority;
  /** Reads are tried again on any passing failure; writes only when throttled, because then nothing happened. */
  effect: "read" | "write";
  signal?: AbortSignal;
}

/** Makes one call within its budget. @throws AwsFailure, or the signal's reason. */
export type Caller = <T>(options: CallOptions, send: (signal: AbortSignal) => Promise<T>) => Promise<T>;

/** An answer that does not end must not hold a caller for ever; longer than the SDK's own timeouts together. */
const DEADLINE_MS = 8000;
const RETRY_DELAYS_MS = [150, 400];

/** What of a call AWS does not accept, whatever is asked. */
export type UnacceptedPart = "credentials" | "clock";

/** A caller that waits for the budget, translates errors and tells the budget of throttles; `noteAnswer` hears what IAM let through. */
export function createCaller(
  budgets: Budgets,
  noteRefused: (refused: UnacceptedPart | null) => void = () => undefined,
  noteAnswer: (action: string, answer: "allowed" | "denied") => void = () => undefined,
): Caller {
  return async (options, send) => {
    const priority = priorityHere(options.priority);
    // The observer comes round again by itself; retrying there would only add to a throttle.
    const isPatient = PRIORITIES.indexOf(priority) < PRIORITIES.indexOf("observer");
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await span(`${options.service}.${options.operation}`, "client", async ({ attributes }) => {
          Object.assign(attributes, { "rpc.system": "aws-api", "rpc.service": options.service });
          Object.assign(attributes, { "rpc.method": options.operation, "switchyard.attempt": attempt + 1 });
          const askedAt = performance.now();
          await budgets.acquire(options.family, priority, options.signal);
          attributes["switchyard.budget_wait_ms"] = Math.round(performance.now() - askedAt);
          const deadline = AbortSignal.timeout(DEADLINE_MS);
          return send(options.signal ? AbortSignal.any([options.signal, deadline]) : deadline);
        });
        noteRefused(null);
        noteAnswer(`${options.service}:${options.operation}`, "allowed");
        return answer;
      } catch (error) {
        if (options.signal?.aborted) throw options.signal.reason;
        const failure = toAwsFailure(timedOut(error), options.service, options.operation);
        if (failure.kind === "credentials" || failure.kind === "clock") noteRefused(failure.kind);
        // A key that may not be used says nothing of who asked.
        if (failure.permission !== null && failure.denial?.policy !== "key") noteAnswer(failure.permission, "denied");
        if (failure.kind === "throttled") budgets.throttled(options.family);
        const mayRepeat = failure.kind === "throttled" || (options.effect === "read" && failure.retryable);
        const waitMs = RETRY_DELAYS_MS[attempt];
        if (!isPatient || !mayRepeat || waitMs === undefined) throw failure;
        await delay(waitMs, options.signal);
      }
    }
  };
}

/** Waits; ends early with the signal's reason. Leaves no listener and no timer behind. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** Our own deadline reaches us as the SDK's AbortError. */
function timedOut(error: unknown): unknown {
  if (error instanceof Error && error.name === "AbortError")
    return Object.assign(new Error(`No answer within ${DEADLINE_MS} ms`), { name: "TimeoutError", cause: error });
  return error;
}
