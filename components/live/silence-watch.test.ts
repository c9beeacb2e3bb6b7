import { expect, test } from "vitest";
import { SilenceWatch } from "./silence-watch.ts";

function watching() {
  let now = 0;
  let due: { run: () => void; at: number } | null = null;
  const silentAt: number[] = [];
  const watch = new SilenceWatch(
    {
      setTimer: (run, ms) => {
        due = { run, at: now + ms };
      },
      clearTimer: () => {
        due = null;
      },
      now: () => now,
    },
    () => silentAt.push(now),
  );
  const pass = (seconds: number) => {
    now += seconds * 1000;
    if (due !== null && due.at <= now) due.run();
  };
  return { watch, pass, silentAt };
}

test("a stream that flows is never taken for held back, however quiet it is", () => {
  const { watch, pass, silentAt } = watching();
  watch.opened();
  watch.heard();
  for (let pings = 0; pings < 100; pings++) {
    pass(15);
    watch.heard(true);
  }
  expect([silentAt, watch.isHeldBack]).toEqual([[], false]);
});

test("one silence, as after a machine slept, tells nothing; two without a ping between them do", () => {
  const { watch, pass, silentAt } = watching();
  watch.opened();
  watch.heard();
  pass(3600);
  watch.opened();
  watch.heard();
  pass(15);
  watch.heard(true);
  pass(3600);
  expect([silentAt.length, watch.isHeldBack]).toEqual([2, false]);
  watch.opened();
  watch.heard();
  pass(45);
  expect([silentAt.length, watch.isHeldBack]).toEqual([3, true]);
});

test("held back, streams that give at once three times are asked for as any again", () => {
  const { watch, pass } = watching();
  watch.opened();
  pass(10);
  watch.opened();
  pass(10);
  const brief = (afterSeconds: number) => {
    watch.opened();
    pass(afterSeconds);
    watch.heard();
    pass(5 - afterSeconds);
    return watch.isHeldBack;
  };
  expect([4.9, 0.1, 0.1, 4.9, 0.1, 0.1, 0.1].map(brief)).toEqual([true, true, true, true, true, true, false]);
});
