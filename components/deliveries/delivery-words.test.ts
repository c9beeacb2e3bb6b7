import { expect, test } from "vitest";
import type { Delivery } from "@/lib/domain/notification/notification.ts";
import { inEnglish } from "@/lib/domain/sentence/in-language.ts";
import { say } from "@/lib/domain/sentence/sentence.ts";
import { deliveryState, findRetryBlock } from "./delivery-words.ts";

const delivery = (change: Partial<Delivery>) => ({ state: "pending", lastError: null, ...change }) as Delivery;

test.each<[Partial<Delivery>, string]>([
  [{}, "on its way"],
  [{ lastError: "HTTP 500" }, "trying"],
  [{ state: "delivered", lastError: "HTTP 500" }, "delivered"],
  [{ state: "failed", lastError: "HTTP 410" }, "given up"],
])("says how %j stands", (change, word) => {
  expect(inEnglish(deliveryState(delivery(change)).word)).toBe(word);
});

test("can be tried now unless it has arrived or its endpoint is gone", () => {
  expect(findRetryBlock(delivery({ state: "failed" }), true)).toBeNull();
  expect(findRetryBlock(delivery({}), true)).toBeNull();
  expect(findRetryBlock(delivery({}), false)).toEqual(say("deliveries.endpointGone"));
  expect(findRetryBlock(delivery({ state: "delivered" }), true)).toEqual(say("deliveries.hasArrived"));
});
