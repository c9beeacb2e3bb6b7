import { AsyncLocalStorage } from "node:async_hooks";
import { AwsFailure, type AwsServiceName } from "./errors.ts";

/** Why a write may not be sent any more, in words; null while it may. */
export type WriteGuard = () => string | null;

const guards = new AsyncLocalStorage<WriteGuard>();

/** Runs `work`; every AWS write within it asks `guard` at the last moment before it is sent, however long it waited for its turn. */
export function guardWrites<T>(guard: WriteGuard, work: () => Promise<T>): Promise<T> {
  return guards.run(guard, work);
}

/** @throws AwsFailure "WriteNotAllowed", of which nothing can have happened, when the guard around this call says why not */
export function checkWriteGuard(service: AwsServiceName, operation: string): void {
  const why = guards.getStore()?.() ?? null;
  if (why === null) return;
  throw new AwsFailure({
    code: "WriteNotAllowed",
    message: why,
    kind: "other",
    retryable: true,
    requestId: null,
    service,
    operation,
    isOutcomeUnknown: false,
  });
}

/** Commands that change nothing; whatever is not one of these is a write. */
export function isReadCommand(name: string): boolean {
  return /^(Describe|List|Get|Batch|Filter|Start(LiveTail|Query))/.test(name);
}
