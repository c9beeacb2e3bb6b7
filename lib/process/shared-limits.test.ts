import { expect, test } from "vitest";
import { createBudgets } from "../aws/budget.ts";
import type { Place } from "../observe/place.ts";
import { sharedLimits } from "./shared-limits.ts";

// Safe because nothing but the name, the Region and the budgets of a place is read.
const place = (name: string | null, region: string) =>
  ({ account: name && { name }, region, aws: { budgets: createBudgets(() => 0) } }) as unknown as Place;

test("a throttle is told with its account and Region, and slows the same one elsewhere and no other", () => {
  const open = () => [place(null, "eu-west-1"), place("staging", "eu-west-1"), place("staging", "us-east-1")];
  const [throttled, other] = [open(), open()];
  throttled[1]?.aws.budgets.throttled("elb-read");
  throttled[1]?.aws.budgets.throttled("elb-read");
  const told = sharedLimits({ all: () => throttled }).throttles();
  expect(told).toEqual({ "staging eu-west-1 elb-read": 2 });
  const limits = sharedLimits({ all: () => other });
  for (const what of [...Object.keys(told), "gone eu-west-1 elb-read", "eu-west-1 no-such-family"])
    limits.throttledElsewhere(what);
  expect(other.map(({ aws }) => aws.budgets.rate("elb-read"))).toEqual([5, 2.5, 5]);
  // What was heard from others is not told on, or two of them would slow each other down for ever.
  expect(limits.throttles()).toEqual({});
});
