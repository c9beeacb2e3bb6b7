import fc from "fast-check";
import { expect, test } from "vitest";
import type { Aws } from "../aws/aws.ts";
import { toActionList } from "../aws/elb-readings.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { ListenerRef } from "../domain/application/application.ts";
import type { Weights } from "../domain/observation/traffic.ts";
import { shiftWeights } from "./shift-weights.ts";
import { WeightsChanged } from "./weights-changed.ts";

const BLUE: Weights = { blue: 100, green: 0 };
const GREEN: Weights = { blue: 0, green: 100 };
const TG = { blue: "arn:x:targetgroup/blue/1", green: "arn:x:targetgroup/green/2" };
const slot = (color: "blue" | "green") => ({ targetGroupArn: TG[color], targetGroupName: color, service: color });
const SLOTS = { blue: slot("blue"), green: slot("green") };

const ref = (port: number): ListenerRef => ({
  arn: `arn:x:listener/app/alb/1/${port}`,
  kind: "listener",
  name: `alb HTTP:${port}`,
  url: null,
});
type Mishap = "none" | "denied" | "throttled" | "lost before" | "lost after";

/** Listeners in memory; `mishaps` are what becomes of each write in turn, `none` after the last. */
function memory(held: Weights[], mishaps: Mishap[] = []) {
  const refs = held.map((_, index) => ref(80 + index));
  const state = new Map(refs.map(({ arn }, index) => [arn, held[index] ?? BLUE]));
  let writes = 0;
  const failure = (kind: AwsFailure["kind"], isOutcomeUnknown: boolean) =>
    new AwsFailure({
      ...{ code: kind, message: kind, kind, retryable: kind !== "denied", requestId: null },
      ...{ service: "elasticloadbalancing", operation: "ModifyListener", isOutcomeUnknown },
    });
  const elb: Pick<Aws["elb"], "describeForwards" | "writeWeights"> = {
    async describeForwards(asked) {
      return new Map(
        asked.map(({ arn }) => {
          const { blue = 0, green = 0 } = state.get(arn) ?? {};
          const TargetGroups = [
            { TargetGroupArn: TG.blue, Weight: blue },
            { TargetGroupArn: TG.green, Weight: green },
          ];
          return [arn, toActionList([{ Type: "forward", ForwardConfig: { TargetGroups } }])];
        }),
      );
    },
    async writeWeights({ arn }, _list, weights) {
      const mishap = mishaps[writes] ?? "none";
      writes += 1;
      if (mishap === "denied") throw failure("denied", false);
      if (mishap === "throttled") throw failure("throttled", false);
      if (mishap === "lost before") throw failure("unavailable", true);
      const weight = (color: "blue" | "green") => weights.find((w) => w.targetGroupArn === TG[color])?.weight ?? 0;
      state.set(arn, { blue: weight("blue"), green: weight("green") });
      if (mishap === "lost after") throw failure("unavailable", true);
      return { requestId: `request-${writes}` };
    },
  };
  // Safe because a shift asks for nothing else.
  const aws = { elb } as unknown as Aws;
  const [first = ref(80), ...together] = refs;
  const shift = (from: Weights, to: Weights) =>
    shiftWeights(aws, { listener: first, together, slots: SLOTS }, from, to, () => 0);
  return { shift, held: () => [...state.values()], writes: () => writes };
}

test("all that move together are written and read back; the record names each write", async () => {
  const world = memory([BLUE, BLUE]);
  const { value } = await world.shift(BLUE, GREEN);
  expect(world.held()).toEqual([GREEN, GREEN]);
  expect(value).toMatchObject({ before: BLUE, after: GREEN, alreadyThere: false });
  expect(value.writes).toEqual([
    { name: "alb HTTP:80", requestId: "request-1" },
    { name: "alb HTTP:81", requestId: "request-2" },
  ]);
});

test("one that is there already, as after a crash in between, is not written again", async () => {
  const world = memory([GREEN, BLUE]);
  await world.shift(BLUE, GREEN);
  expect(world.held()).toEqual([GREEN, GREEN]);
  expect(world.writes()).toBe(1);
});

test("one that somebody else moved is not overwritten, and the other is left alone", async () => {
  const world = memory([BLUE, { blue: 50, green: 50 }]);
  await expect(world.shift(BLUE, GREEN)).rejects.toThrow(WeightsChanged);
  expect(world.writes()).toBe(0);
});

test("from weights that differ, as seen, all go to one side", async () => {
  const world = memory([GREEN, BLUE]);
  const { value } = await world.shift({ blue: 100, green: 100 }, BLUE);
  expect(world.held()).toEqual([BLUE, BLUE]);
  expect(value.before).toEqual({ blue: 100, green: 100 });
});

test("a second write that is denied says that something may have happened, so that it is turned back", async () => {
  const world = memory([BLUE, BLUE], ["none", "denied"]);
  await expect(world.shift(BLUE, GREEN)).rejects.toMatchObject({ kind: "denied", isOutcomeUnknown: true });
  // The same at the first says that nothing did.
  await expect(memory([BLUE, BLUE], ["denied"]).shift(BLUE, GREEN)).rejects.toMatchObject({ isOutcomeUnknown: false });
});

test("whatever becomes of single writes, trying again ends with all as asked, and turning back with all as before", async () => {
  const mishaps = fc.array(fc.constantFrom<Mishap>("none", "denied", "throttled", "lost before", "lost after"), {
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), mishaps, fc.boolean(), async (count, planned, isTurned) => {
      const world = memory(
        Array.from({ length: count }, () => BLUE),
        planned,
      );
      const failed = await world.shift(BLUE, GREEN).then(
        () => null,
        (error: unknown) => error,
      );
      // What is said not to have happened has not.
      if (failed instanceof AwsFailure && !failed.isOutcomeUnknown) expect(world.held()).not.toContainEqual(GREEN);
      const [from, to] = isTurned ? [GREEN, BLUE] : [BLUE, GREEN];
      for (let tries = 0; tries < 8; tries += 1)
        await world.shift(from, to).catch((error: unknown) => expect(error).toBeInstanceOf(AwsFailure));
      expect(world.held()).toEqual(Array.from({ length: count }, () => to));
    }),
    { numRuns: 8 },
  );
});
