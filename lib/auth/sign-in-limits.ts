import { createAttemptLimit } from "./attempt-limit.ts";

const WINDOW_MS = 60_000;
/** Wrong passwords for one user, and from one address, within the window. */
const MOST_OF_USER = 10;
const MOST_OF_ADDRESS = 30;
/** Sign-ins begun from one address within the window, right or wrong: an office may share one. */
const MOST_BEGUN = 300;

/** How often signing in may be tried; kept in memory, so each process counts its own. */
export interface SignInLimits {
  /** Whether a password may be tried for this user from this address. */
  mayTry(user: string, address: string | null): boolean;
  fail(user: string, address: string | null): void;
  succeed(user: string): void;
  /** Whether another sign-in may begin from this address; counts it. */
  mayBegin(address: string | null): boolean;
}

export function createSignInLimits(now: () => number): SignInLimits {
  const users = createAttemptLimit(MOST_OF_USER, WINDOW_MS, now);
  const addresses = createAttemptLimit(MOST_OF_ADDRESS, WINDOW_MS, now);
  const begun = createAttemptLimit(MOST_BEGUN, WINDOW_MS, now);
  const key = (address: string | null) => address ?? "unknown";
  return {
    mayTry: (user, address) => users.isOpen(user) && addresses.isOpen(key(address)),
    fail(user, address) {
      users.fail(user);
      addresses.fail(key(address));
    },
    // Nothing is forgiven an address: whoever has one account must not guess others' in between.
    succeed: (user) => users.succeed(user),
    mayBegin(address) {
      if (!begun.isOpen(key(address))) return false;
      begun.fail(key(address));
      return true;
    },
  };
}
