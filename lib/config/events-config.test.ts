import { expect, test } from "vitest";
import { eventsSchema, findEventsProblems } from "./events-config.ts";

const queueUrl = "https://sqs.eu-central-1.amazonaws.com/111122223333/library-events";

test("a queue is one's own unless an account is named", () => {
  expect(eventsSchema.parse([{ queueUrl }])).toEqual([{ queueUrl, account: null, region: null }]);
});

test.each([
  "library-events",
  "arn:aws:sqs:eu-central-1:111122223333:library-events",
  "https://sqs.eu-central-1.amazonaws.com/library-events",
  "https://sqs.eu-central-1.amazonaws.com/111122223333/a/b",
  "https://user:secret@example.com/111122223333/a?b",
])("%s is no queue's URL", (wrong) => {
  expect(eventsSchema.safeParse([{ queueUrl: wrong }]).success).toBe(false);
});

test("an account that is not there is named with those that are", () => {
  const queues = eventsSchema.parse([{ queueUrl }, { queueUrl, account: "shop" }]);
  expect(findEventsProblems(queues, [{ name: "shop" }])).toEqual([]);
  expect(findEventsProblems(queues, [{ name: "staging" }])).toMatchObject([{ path: ["events", 1, "account"] }]);
});
