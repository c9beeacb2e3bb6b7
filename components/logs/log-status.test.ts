import { expect, test } from "vitest";
import { inEnglish } from "@/lib/domain/sentence/in-language.ts";
import { LogRate } from "./log-rate.ts";
import { flowSaid } from "./log-status.tsx";

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);

test("while lines come, how they come and how many", () => {
  const rate = new LogRate();
  for (let second = 1; second <= 5; second++) for (let i = 0; i < 20; i++) rate.add(NOW - second * 1000, false);
  expect(inEnglish(flowSaid("live", rate, NOW))).toBe("live tail, 20 lines/s");
  expect(inEnglish(flowSaid("polling", rate, NOW))).toBe("polling, 20 lines/s");
});

test("silence is told as silence, and for how long", () => {
  const rate = new LogRate();
  expect(inEnglish(flowSaid("live", rate, NOW))).toBe("no line yet");
  rate.add(NOW - 40_000, false);
  expect(inEnglish(flowSaid("live", rate, NOW))).toBe("no line for 40 s");
});

test("what is wrong comes before how many lines there were", () => {
  const rate = new LogRate();
  rate.add(NOW, false);
  expect(inEnglish(flowSaid("failed", rate, NOW))).toBe("no lines");
  expect(inEnglish(flowSaid("reconnecting", rate, NOW))).toBe("reconnecting");
});
