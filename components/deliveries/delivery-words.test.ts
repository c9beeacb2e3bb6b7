import { expect, test } from "vitest";
import { type Delivery, NOTIFICATION_KINDS } from "@/lib/domain/notification/notification.ts";
import { deliveryState, findRetryBlock, KIND_WORDS } from "./delivery-words.ts";

const delivery = (change: Partial<Delivery>) => ({ state: "pending", lastError: null, ...change }) as Delivery;

test.each<[Partial<Delivery>, string]>([
  [{}, "on its way"],
  [{ lastError: "HTTP 500" }, "trying"],
  [{ state: "delivered", lastError: "HTTP 500" }, "delivered"],
  [{ state: "failed", lastError: "HTTP 410" }, "given up"],
])("says how %j stands", (change, word) => {
  expect(deliveryState(delivery(change)).word).toBe(word);
});

test("can be tried now unless it has arrived or its endpoint is gone", () => {
  expect(findRetryBlock(delivery({ state: "failed" }), true)).toBeNull();
  expect(findRetryBlock(delivery({}), true)).toBeNull();
  expect(findRetryBlock(delivery({}), false)).toMatch(/no longer/);
  expect(findRetryBlock(delivery({ state: "delivered" }), true)).toBe("It has arrived");
});

test("has words for every kind", () => {
  expect(Object.keys(KIND_WORDS).toSorted()).toEqual([...NOTIFICATION_KINDS].toSorted());
});
