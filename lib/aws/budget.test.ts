import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { createBudgets, PRIORITIES, type Priority, TokenBucket } from "./budget.ts";
import { BUDGET_LIMITS, limitsOf } from "./budget-limits.ts";

const ELB = BUDGET_LIMITS["elb-read"];

function takeAll(bucket: TokenBucket, priority: Priority, now: number): number {
  let taken = 0;
  while (bucket.take(priority, now) === 0) taken += 1;
  return taken;
}

test("reads use at most half of AWS's burst, and viewers leave a share to the button", () => {
  const bucket = new TokenBucket(ELB, 0);
  expect(takeAll(bucket, "logs", 0)).toBe(6);
  expect(takeAll(bucket, "observer", 0)).toBe(2);
  expect(takeAll(bucket, "question", 0)).toBe(0);
  expect(takeAll(bucket, "engine", 0)).toBe(2);
  // A look at two target groups and a listener, and another one.
  expect(takeAll(bucket, "action", 0)).toBe(6);
  // Two comparisons and two read-backs.
  expect(takeAll(bucket, "write", 0)).toBe(4);
});

test("nobody else can take what a write and its read-back need, however long and however hard they ask", () => {
  const others = PRIORITIES.filter((priority) => priority !== "write");
  // Those that a switch, a rollback or a release goes through.
  const families = Object.entries(BUDGET_LIMITS).filter(([family]) => /^(ecs|elb)-/.test(family));
  for (const [family, limit] of families)
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...others), fc.nat(2000)), { maxLength: 200 }), (asked) => {
        const bucket = new TokenBucket(limit, 0);
        let now = 0;
        for (const [priority, after] of asked) {
          now += after;
          takeAll(bucket, priority, now);
        }
        expect(bucket.take("write", now), family).toBe(0);
        if (family === "elb-read") expect(takeAll(bucket, "write", now)).toBeGreaterThanOrEqual(3);
      }),
      { numRuns: 20 },
    );
});

test("over any time no more calls pass than half the burst and half the rate allow", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ after: fc.nat(3000), priority: fc.constantFrom(...PRIORITIES), tries: fc.nat(30) })),
      (steps) => {
        const bucket = new TokenBucket(ELB, 0);
        let now = 0;
        let passed = 0;
        for (const step of steps) {
          now += step.after;
          for (let i = 0; i < step.tries; i += 1) if (bucket.take(step.priority, now) === 0) passed += 1;
          expect(passed).toBeLessThanOrEqual(ELB.burst / 2 + (ELB.perSecond / 2) * (now / 1000) + 1e-6);
        }
      },
    ),
  );
});

test("the wait it names is long enough, and not a token longer", () => {
  fc.assert(
    fc.property(fc.constantFrom(...PRIORITIES), fc.nat(2000), (priority, later) => {
      const bucket = new TokenBucket(ELB, 0);
      takeAll(bucket, priority, 0);
      const waitMs = bucket.take(priority, later);
      if (waitMs > 0) {
        expect(bucket.take(priority, later + waitMs - 2)).toBeGreaterThan(0);
        expect(bucket.take(priority, later + waitMs)).toBe(0);
      }
    }),
  );
});

test("after a throttle the rate halves, and it comes back bit by bit", () => {
  const bucket = new TokenBucket(ELB, 0);
  bucket.throttled(0);
  bucket.throttled(0);
  expect(bucket.rate()).toBe(1.25);
  bucket.take("action", 5000);
  expect(bucket.rate()).toBeCloseTo(2.5);
  bucket.take("action", 60_000);
  expect(bucket.rate()).toBe(5);
});

test("after a throttle viewers wait, while an action may still try", () => {
  const bucket = new TokenBucket(ELB, 0);
  bucket.throttled(0);
  expect(bucket.take("observer", 0)).toBeGreaterThan(0);
  expect(bucket.take("action", 0)).toBe(0);
});

test("replicas divide what reads sustain; what a click takes at once and what is written stay whole", () => {
  const sustained = (limit: typeof ELB | (typeof BUDGET_LIMITS)["elb-modify"], replicas: number) => {
    const bucket = new TokenBucket(limit, 0);
    bucket.shareAmong(replicas, 0);
    const atOnce = takeAll(bucket, "write", 0);
    return [atOnce, takeAll(bucket, "write", 12_000)];
  };
  expect(sustained(ELB, 1)).toEqual([20, 20]);
  expect(sustained(ELB, 3)).toEqual([20, 20]);
  expect(sustained(ELB, 6)).toEqual([20, 10]);
  expect(sustained(BUDGET_LIMITS["elb-modify"], 6)).toEqual(sustained(BUDGET_LIMITS["elb-modify"], 1));
});

test("who waits for a token has it sooner once a replica is gone", async () => {
  vi.useFakeTimers({ now: 0 });
  try {
    const budgets = createBudgets(Date.now, { "elb-read": { burst: 2, perSecond: 2, share: 0.5 } });
    budgets.shareAmong(10);
    await budgets.acquire("elb-read", "write");
    let isThere = false;
    void budgets.acquire("elb-read", "write").then(() => {
      isThere = true;
    });
    await vi.advanceTimersByTimeAsync(5000);
    expect(isThere).toBe(false);
    budgets.shareAmong(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(isThere).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});

test("an action that comes last goes first", async () => {
  vi.useFakeTimers({ now: 0 });
  try {
    const budgets = createBudgets(Date.now, { sts: { burst: 1, perSecond: 50, share: 1 } });
    await budgets.acquire("sts", "action");
    const order: string[] = [];
    const all = Promise.all(
      [...PRIORITIES].reverse().map(async (priority) => {
        await budgets.acquire("sts", priority);
        order.push(priority);
      }),
    );
    await vi.runAllTimersAsync();
    await all;
    expect(order).toEqual([...PRIORITIES]);
  } finally {
    vi.useRealTimers();
  }
});

test.each(["observer", "fleet", "idle"] as const)(
  "%s uses every token there is, and who comes last has a turn all the same",
  async (priority) => {
    vi.useFakeTimers({ now: 0 });
    try {
      const budgets = createBudgets();
      const order: string[] = [];
      let isOver = false;
      const keepAsking = async () => {
        while (!isOver) {
          await budgets.acquire("elb-read", priority);
          order.push(priority);
        }
      };
      void keepAsking();
      void keepAsking();
      await vi.advanceTimersByTimeAsync(10_000);
      order.length = 0;
      const asked = Promise.all(
        Array.from({ length: 5 }, () => budgets.acquire("elb-read", "logs").then(() => order.push("logs"))),
      );
      await vi.advanceTimersByTimeAsync(5_000);
      await asked;
      // Half of ELBv2's ten a second, and one of four of them.
      expect(order.filter((one) => one === "logs")).toHaveLength(5);
      expect(order.length).toBeLessThanOrEqual(25);
      expect(order.filter((one) => one === priority).length).toBeGreaterThanOrEqual(15);
      isOver = true;
      await vi.advanceTimersByTimeAsync(1_000);
    } finally {
      vi.useRealTimers();
    }
  },
);

test("who comes last has no turn before a click, a question or what follows a deployment", async () => {
  vi.useFakeTimers({ now: 0 });
  try {
    const budgets = createBudgets();
    for (let taken = 0; taken < 20; taken += 1) void budgets.acquire("elb-read", "write");
    const order: Priority[] = [];
    const ask = (priority: Priority) => void budgets.acquire("elb-read", priority).then(() => order.push(priority));
    ask("logs");
    for (let i = 0; i < 8; i += 1) for (const priority of ["engine", "question", "action"] as const) ask(priority);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(order.at(-1)).toBe("logs");
  } finally {
    vi.useRealTimers();
  }
});

test("a wait that is aborted ends at once, and the others go on", async () => {
  const budgets = createBudgets(Date.now, { sts: { burst: 1, perSecond: 20, share: 1 } });
  await budgets.acquire("sts", "action");
  const leaving = new AbortController();
  const gone = budgets.acquire("sts", "action", leaving.signal);
  const stays = budgets.acquire("sts", "observer");
  leaving.abort(new Error("closed"));
  await expect(gone).rejects.toThrow("closed");
  await stays;
  await expect(budgets.acquire("sts", "action", leaving.signal)).rejects.toThrow("closed");
});

test("a raised limit is used, what is not named of it is as AWS documents it", () => {
  const limits = limitsOf({ "elb-read": { perSecond: 40 }, "ecs-service-read": { share: 0.1 } });
  expect(limits).toEqual({
    "elb-read": { perSecond: 40, burst: 40, share: 0.5 },
    "ecs-service-read": { perSecond: 20, burst: 100, share: 0.1 },
  });
  const budgets = createBudgets(() => 0, limits);
  expect(budgets.rate("elb-read")).toBe(20);
  expect(budgets.rate("ecs-service-read")).toBe(2);
  expect(budgets.rate("ecs-cluster-read")).toBe(10);
});
