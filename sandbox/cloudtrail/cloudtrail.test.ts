import { CloudTrailClient, LookupEventsCommand, type LookupEventsCommandInput } from "@aws-sdk/client-cloudtrail";
import { ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testClock } from "../clock.ts";
import { createSandbox, type Sandbox } from "../sandbox.ts";

let sandbox: Sandbox;
let trail: CloudTrailClient;
const clock = testClock();

beforeAll(async () => {
  sandbox = await createSandbox({ clock, ecs: { virtual: true }, profile: "aws" });
  const shared = { endpoint: sandbox.url, region: sandbox.place.region, maxAttempts: 1 };
  trail = new CloudTrailClient({ ...shared, credentials: { accessKeyId: "sandbox", secretAccessKey: "s" } });
  const ecs = new ECSClient({ ...shared, credentials: { accessKeyId: "administrator", secretAccessKey: "s" } });
  const service = { cluster: "library-management-cluster", service: "catalog-blue-service" };
  for (let count = 1; count <= 3; count += 1) {
    await ecs.send(new UpdateServiceCommand({ ...service, desiredCount: 1 }));
    await clock.advance(2_000);
  }
  await ecs.send(new UpdateServiceCommand({ ...service, service: "none" })).catch(() => undefined);
  await clock.advance(1_000);
});

afterAll(() => sandbox.close());

const BY_NAME = [{ AttributeKey: "EventName", AttributeValue: "UpdateService" }] as const;

async function lookUp(input: Partial<LookupEventsCommandInput> = {}) {
  await clock.advance(1_000);
  return trail.send(new LookupEventsCommand({ LookupAttributes: [...BY_NAME], ...input }));
}

test("a call is in the history minutes later, refused ones as well, newest first, in whole seconds, with who made it", async () => {
  expect((await lookUp()).Events).toEqual([]);
  await clock.advance(15 * 60_000);
  const { Events = [] } = await lookUp();
  const records = Events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent ?? ""));
  expect(records.map(({ errorCode }) => errorCode ?? null)).toEqual(["ServiceNotFoundException", null, null, null]);
  expect(Events.every(({ EventTime }) => (EventTime?.getTime() ?? 1) % 1000 === 0)).toBe(true);
  expect(records[3]).toMatchObject({
    eventSource: "ecs.amazonaws.com",
    eventName: "UpdateService",
    userIdentity: { type: "IAMUser", userName: "administrator" },
    requestParameters: { service: "catalog-blue-service", desiredCount: 1 },
    responseElements: { service: { serviceName: "catalog-blue-service" } },
  });
});

test("pages go on with their token and no other request", async () => {
  const first = await lookUp({ MaxResults: 3 });
  expect(first.Events).toHaveLength(3);
  const rest = await lookUp({ MaxResults: 3, NextToken: first.NextToken });
  expect(rest).toMatchObject({ Events: [{ EventName: "UpdateService" }] });
  expect(rest.NextToken).toBeUndefined();
  await expect(lookUp({ NextToken: first.NextToken, StartTime: new Date(0) })).rejects.toMatchObject({
    name: "InvalidNextTokenException",
  });
});

test.each([
  [{ LookupAttributes: [...BY_NAME, ...BY_NAME] }, "InvalidLookupAttributesException"],
  [{ MaxResults: 51 }, "InvalidMaxResultsException"],
  [{ StartTime: new Date(2), EndTime: new Date(1) }, "InvalidTimeRangeException"],
] as [Partial<LookupEventsCommandInput>, string][])("%j is refused", async (input, name) => {
  await expect(lookUp(input)).rejects.toMatchObject({ name });
});

test("the third look-up within a second is too many", async () => {
  const input = { LookupAttributes: [...BY_NAME] };
  await clock.advance(5_000);
  const all = await Promise.allSettled([1, 2, 3].map(() => trail.send(new LookupEventsCommand(input))));
  const refused = all.filter(({ status }) => status === "rejected");
  expect(refused).toMatchObject([{ reason: { name: "ThrottlingException" } }]);
});
