import { log } from "../log.ts";
import type { AuditVerdict, Store } from "../store/store.ts";
import type { AuditHead } from "./audit-head.ts";

/** Whether the audit's chain held when this process started: null while it is walked, "unknown" when it could not be read. */
type AuditState = "intact" | "broken" | "unknown" | null;

/** The look at the audit's chain that every start makes. */
export interface AuditCheck {
  state(): AuditState;
  /** The chain was found to end before it did. */
  shortened(): void;
  /** Resolves when the walk is over; never rejects. */
  done: Promise<void>;
}

/** Walks the chain beside the start, which a long audit must not hold up, and says loudly where it does not hold. */
export function startAuditCheck(
  store: Pick<Store, "verifyAudit">,
  keys: readonly string[],
  known: AuditHead | null = null,
): AuditCheck {
  let state: AuditState = null;
  const done = store.verifyAudit(keys, known).then(
    (verdict) => {
      state = verdict.isIntact ? "intact" : "broken";
      say(verdict);
    },
    (error: unknown) => {
      state = "unknown";
      log.warn("The audit's chain could not be verified", { error });
    },
  );
  const shortened = () => {
    state = "broken";
  };
  return { state: () => state, shortened, done };
}

function say({ isIntact, rows, sequence, hash, breaks, breakCount, pruned }: AuditVerdict): void {
  // The head in the log is a copy of the chain's end outside the database.
  if (isIntact) {
    log.info("The audit's chain is intact", { rows, sequence, hash, pruned });
    return;
  }
  log.error("THE AUDIT WAS CHANGED IN THE DATABASE: its chain does not hold", {
    places: breakCount,
    breaks,
    fix: "find out who changed it and restore it from a back-up; npm run audit:verify names the places again",
  });
}
