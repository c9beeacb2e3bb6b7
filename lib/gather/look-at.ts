import { asAwsFailure, failureSaid } from "../aws/errors.ts";
import type { Look } from "../domain/readiness/look.ts";
import type { Sentence } from "../domain/sentence/sentence.ts";

/** Asks, and says why where nobody could look. @throws what is no failure of AWS's */
export async function lookAt<T>(ask: () => Promise<T>): Promise<Look<T>> {
  try {
    return { state: "seen", value: await ask() };
  } catch (error) {
    const failure = asAwsFailure(error);
    if (failure.permission !== null) return { state: "denied", permission: failure.permission };
    return { state: "not seen", why: failureSaid(failure) };
  }
}

/** Goes on with what was seen; otherwise the reason why it was not stays the reason. */
export async function lookOn<T, U>(look: Look<T>, next: (value: T) => Promise<Look<U>>): Promise<Look<U>> {
  return look.state === "seen" ? next(look.value) : look;
}

/** Nothing to look for yet. */
export function notYet<T>(why: Sentence): Promise<Look<T>> {
  return Promise.resolve({ state: "not seen", why });
}
