import { BUDGET_LIMITS, type BudgetFamily, type BudgetLimit } from "./budget-limits.ts";

/**
 * Who asks, most urgent first. `write` is a write with the readings right before and after it; `action` is what a switch or a
 * rollback is decided on; `engine` follows a deployment; `question` is whatever people only want to know; `observer` looks at what
 * is watched or in flight, `fleet` at the weights and counts of all the others, and `idle` at what may wait for its turn.
 */
export const PRIORITIES = ["write", "action", "engine", "question", "observer", "fleet", "idle", "logs"] as const;
export type Priority = (typeof PRIORITIES)[number];

/**
 * The part of the bucket that each priority must leave untouched, so that no number of viewers can starve the button. Of
 * ELBv2's 20 reads four are kept for writes, two comparisons with their read-backs, and six more for actions, which the
 * engine leaves alone, too: a look takes three, and seven with every listener and rule of a load balancer that has two listeners.
 */
const FLOOR: Readonly<Record<Priority, number>> = {
  write: 0,
  action: 0.2,
  engine: 0.5,
  question: 0.6,
  observer: 0.6,
  fleet: 0.6,
  idle: 0.6,
  logs: 0.7,
};
/**
 * Whoever comes last would wait for ever where the rest could use every token: half of ELBv2's reads go round the target groups
 * nobody watches. After so many calls of those who look it is their turn, unless a click, a person's question or what follows a deployment waits.
 */
const TURN_OF_LAST = 3;
const LAST: Priority = "logs";
const GIVES_WAY: readonly Priority[] = ["observer", "fleet", "idle", LAST];
const isLast = ({ priority }: { priority: Priority }) => priority === LAST;
/** After a throttle the rate halves, down to this part, and comes back by this part of the full rate a second. */
const LEAST_FACTOR = 1 / 16;
const RECOVERY_PER_SECOND = 0.05;

/** One bucket as a pure state machine: time comes in as an argument and must not run backwards. */
export class TokenBucket {
  private readonly capacity: number;
  private readonly perSecond: number;
  private readonly isShared: boolean;
  private sharers = 1;
  private tokens: number;
  private factor = 1;
  private updatedAt: number;

  constructor(limit: BudgetLimit, now: number) {
    this.capacity = Math.max(1, limit.burst * limit.share);
    this.perSecond = limit.perSecond * limit.share;
    this.isShared = limit.share < 1;
    this.tokens = this.capacity;
    this.updatedAt = now;
  }

  /** Takes one token and answers 0, or answers in how many ms there may be one for this priority. */
  take(priority: Priority, now: number): number {
    this.refill(now);
    const floor = this.floorOf(priority);
    // A token regained through many small steps may lack its last bit.
    if (this.tokens - 1 >= floor - 1e-9) {
      this.tokens -= 1;
      return 0;
    }
    return Math.max(1, Math.ceil(((floor + 1 - this.tokens) / this.rate()) * 1000));
  }

  /** AWS refused: everyone but writes and actions starts again from an empty bucket, at half the rate. */
  throttled(now: number): void {
    this.refill(now);
    this.factor = Math.max(LEAST_FACTOR, this.factor / 2);
    this.tokens = Math.min(this.tokens, this.floorOf("engine"));
  }

  /**
   * So many replicas draw on AWS's bucket. Each sustains its part of our reads; what a click may take at once stays whole, and so do
   * writes, because few are made and none may wait for what others might do.
   */
  shareAmong(replicas: number, now: number): void {
    this.refill(now);
    this.sharers = this.isShared ? Math.max(1, replicas) : 1;
  }

  /** Calls a second that this bucket sustains now. */
  rate(): number {
    return (this.perSecond * this.factor) / this.sharers;
  }

  private floorOf(priority: Priority): number {
    return Math.min(this.capacity - 1, this.capacity * FLOOR[priority]);
  }

  private refill(now: number): void {
    const seconds = Math.max(0, now - this.updatedAt) / 1000;
    this.updatedAt = Math.max(now, this.updatedAt);
    this.tokens = Math.min(this.capacity, this.tokens + seconds * this.rate());
    this.factor = Math.min(1, this.factor + seconds * RECOVERY_PER_SECOND);
  }
}

/** How one family was used since the start. */
export interface BudgetUse {
  family: BudgetFamily;
  calls: number;
  throttles: number;
  /** Who waits for a token now. */
  waiting: number;
  /** Calls a second that it sustains now, and as many as it is allowed. */
  rate: number;
  fullRate: number;
}

/** Hands out the right to call AWS. */
export interface Budgets {
  /** Waits for a token; more urgent priorities go first. @throws the signal's reason when it aborts. */
  acquire(family: BudgetFamily, priority: Priority, signal?: AbortSignal): Promise<void>;
  /** To be told when AWS throttled a call. */
  throttled(family: BudgetFamily): void;
  /** Reads of every family are divided among so many replicas from now on. */
  shareAmong(replicas: number): void;
  /** Calls a second that the family sustains now: what polling intervals are made from. */
  rate(family: BudgetFamily): number;
  /** AWS refused the same to another process of ours in this account and Region. */
  throttledElsewhere(family: BudgetFamily): void;
  /** Of every family that was used. */
  use(): readonly BudgetUse[];
}

interface Waiter {
  priority: Priority;
  resolve(): void;
}

/** One set of buckets a process, account and Region. `limits` replaces single families, for tests and raised quotas. */
export function createBudgets(
  now: () => number = Date.now,
  limits: Partial<Record<BudgetFamily, BudgetLimit>> = {},
): Budgets {
  interface Family {
    bucket: TokenBucket;
    waiters: Waiter[];
    timer: NodeJS.Timeout | null;
    fullRate: number;
    calls: number;
    throttles: number;
    /** Calls of those who give way since somebody who comes last had a turn, while one waits. */
    before: number;
  }
  const families = new Map<BudgetFamily, Family>();
  let replicas = 1;

  function familyOf(name: BudgetFamily) {
    let family = families.get(name);
    if (!family) {
      const bucket = new TokenBucket(limits[name] ?? BUDGET_LIMITS[name], now());
      family = { bucket, waiters: [], timer: null, fullRate: bucket.rate(), calls: 0, throttles: 0, before: 0 };
      bucket.shareAmong(replicas, now());
      families.set(name, family);
    }
    return family;
  }

  function serve(name: BudgetFamily): void {
    const family = familyOf(name);
    if (family.timer) clearTimeout(family.timer);
    family.timer = null;
    for (let next = nextOf(family); next; next = nextOf(family)) {
      const { waiter, as } = next;
      const waitMs = family.bucket.take(as, now());
      if (waitMs > 0) {
        family.timer = setTimeout(serve, waitMs, name);
        return;
      }
      family.waiters.splice(family.waiters.indexOf(waiter), 1);
      family.calls += 1;
      if (waiter.priority === LAST) family.before = 0;
      else if (GIVES_WAY.includes(waiter.priority) && family.waiters.some(isLast)) family.before += 1;
      waiter.resolve();
    }
  }

  /** Whose turn it is, and with what right; null when nobody waits. */
  function nextOf({ waiters, before }: Family): { waiter: Waiter; as: Priority } | null {
    const first = waiters[0];
    if (!first) return null;
    const last = before >= TURN_OF_LAST ? waiters.find(isLast) : undefined;
    if (last && GIVES_WAY.includes(first.priority)) return { waiter: last, as: "idle" };
    return { waiter: first, as: first.priority };
  }

  return {
    acquire(name, priority, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      return new Promise<void>((resolve, reject) => {
        const family = familyOf(name);
        const waiter: Waiter = {
          priority,
          resolve() {
            signal?.removeEventListener("abort", leave);
            resolve();
          },
        };
        function leave(): void {
          family.waiters.splice(family.waiters.indexOf(waiter), 1);
          reject(signal?.reason);
          serve(name);
        }
        signal?.addEventListener("abort", leave, { once: true });
        const rank = PRIORITIES.indexOf(priority);
        const place = family.waiters.findIndex((other) => PRIORITIES.indexOf(other.priority) > rank);
        family.waiters.splice(place < 0 ? family.waiters.length : place, 0, waiter);
        serve(name);
      });
    },
    throttled(name) {
      const family = familyOf(name);
      family.throttles += 1;
      family.bucket.throttled(now());
    },
    throttledElsewhere(name) {
      familyOf(name).bucket.throttled(now());
    },
    shareAmong(count) {
      if (count === replicas) return;
      replicas = count;
      for (const [name, { bucket }] of families) {
        bucket.shareAmong(count, now());
        serve(name);
      }
    },
    rate: (name) => familyOf(name).bucket.rate(),
    use: () =>
      [...families].map(([family, { bucket, waiters, fullRate, calls, throttles }]) => ({
        family,
        calls,
        throttles,
        waiting: waiters.length,
        rate: bucket.rate(),
        fullRate,
      })),
  };
}
