import { expect, test } from "vitest";
import type { Step } from "../domain/decide/decision.ts";
import { createReadings } from "./readings.ts";

const PROVE: Step = { type: "prove", to: "green", sentAt: 1 };
const never = () => new Promise<string>(() => undefined);

test("a reading that lasts is not waited for, but taken up again and not begun twice", async () => {
  const readings = createReadings<string>(5);
  let begun = 0;
  let finish = (_: string) => {};
  const begin = () => {
    begun += 1;
    return new Promise<string>((resolve) => {
      finish = resolve;
    });
  };
  expect(await readings.take("d-1", PROVE, begin)).toEqual({ state: "late" });
  expect(await readings.take("d-1", PROVE, begin)).toEqual({ state: "late" });
  finish("seen");
  expect(await readings.take("d-1", PROVE, begin)).toEqual({ state: "done", value: "seen" });
  expect(begun).toBe(1);
  expect(await readings.take("d-1", PROVE, async () => "anew")).toEqual({ state: "done", value: "anew" });
});

test("another step, and another deployment, have readings of their own", async () => {
  const readings = createReadings<string>(5);
  await readings.take("d-1", PROVE, never);
  const back: Step = { ...PROVE, to: "blue", sentAt: 2 };
  expect(await readings.take("d-2", PROVE, async () => "other")).toEqual({ state: "done", value: "other" });
  expect(await readings.take("d-1", back, async () => "back")).toEqual({ state: "done", value: "back" });
});

test("a person's request ends the wait, and what was read is dropped", async () => {
  const readings = createReadings<string>(60_000);
  const waiting = readings.take("d-1", PROVE, never);
  readings.interrupt("d-1");
  expect(await waiting).toEqual({ state: "interrupted" });
  expect(await readings.take("d-1", PROVE, async () => "anew")).toEqual({ state: "done", value: "anew" });
});

test("a failure is told to whoever waits, even when it came while nobody did", async () => {
  const readings = createReadings<string>(5);
  let fail = (_: Error) => {};
  const begin = () =>
    new Promise<string>((_, reject) => {
      fail = reject;
    });
  expect(await readings.take("d-1", PROVE, begin)).toEqual({ state: "late" });
  fail(new Error("broken"));
  await new Promise((resolve) => setImmediate(resolve));
  await expect(readings.take("d-1", PROVE, begin)).rejects.toThrow("broken");
  expect(await readings.take("d-1", PROVE, async () => "anew")).toEqual({ state: "done", value: "anew" });
});
