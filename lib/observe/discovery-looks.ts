import { within } from "../async/within.ts";
import type { Aws } from "../aws/aws.ts";
import type { Found } from "../domain/discovery/discovery-report.ts";
import { propose } from "../domain/discovery/propose.ts";
import { discover } from "../gather/discover.ts";

/** Looks at what an account has, on behalf of everybody: however many ask, AWS is asked once. */
export interface DiscoveryLooks {
  readonly region: string;
  /**
   * The newest look, after a new one was begun where there is none or it is old, or with `isFresh` where it is not of now. Waits
   * for one that is under way no longer than `patienceMs`, and answers with what there is. @throws what is no failure of AWS's
   */
  look(options: { isFresh?: boolean; patienceMs: number }): Promise<DiscoveryLook>;
}

/** How far looking is. */
interface DiscoveryLook {
  /** Of the newest look that is over; null before the first. */
  found: Found | null;
  /** Epoch ms at which that was over. */
  at: number | null;
  /** Epoch ms since when a look is under way; null when none is. */
  lookingSince: number | null;
}

/** An account changes by the hour, and whoever has changed it looks again. */
const USUAL_AGE_MS = 600_000;
/** Looks that are asked for begin no sooner than this after the last one, nor sooner than twice what that one took. */
const LEAST_AGE_MS = 5_000;

/** One a process. */
export function createDiscoveryLooks({ aws, now }: { aws: Aws; now: () => number }): DiscoveryLooks {
  let last: { found: Found; at: number; tookMs: number } | null = null;
  let underWay: { since: number; end: Promise<void> } | null = null;

  function begin(): Promise<void> {
    const since = now();
    const end = discover(aws)
      .then((discovery) => {
        const at = now();
        last = { found: { discovery, ...propose(discovery) }, at, tookMs: at - since };
      })
      .finally(() => {
        underWay = null;
      });
    underWay = { since, end };
    return end;
  }

  return {
    region: aws.region,
    async look({ isFresh = false, patienceMs }) {
      const age = last === null ? Number.POSITIVE_INFINITY : now() - last.at;
      const oldest = isFresh ? Math.max(LEAST_AGE_MS, 2 * (last?.tookMs ?? 0)) : USUAL_AGE_MS;
      const end = underWay?.end ?? (age > oldest ? begin() : null);
      if (end) await within(patienceMs, end).catch((error: unknown) => failedOf(error, underWay !== null));
      return { found: last?.found ?? null, at: last?.at ?? null, lookingSince: underWay?.since ?? null };
    },
  };
}

/** Patience that has run out is no failure of the look. */
function failedOf(error: unknown, isUnderWay: boolean): void {
  if (!isUnderWay) throw error;
}
