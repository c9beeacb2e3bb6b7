import { expect, test } from "vitest";
import { logsFixture, writeLines } from "./logs-fixture.ts";

const ARN = "arn:aws:logs:ap-northeast-2:123456789012:log-group:/ecs/app";

test.each(["FilterLogEvents", "GetLogEvents", "DescribeLogStreams"])(
  "%s refuses an identifier that ends in an asterisk, as DescribeLogGroups answers it",
  (operation) => {
    const fixture = logsFixture();
    writeLines(fixture, "s", 1);
    const stream = operation === "GetLogEvents" ? { logStreamName: "s" } : {};
    const call = (logGroupIdentifier: string) => fixture.call(operation, { logGroupIdentifier, ...stream });
    expect(call(ARN)).toBeTruthy();
    expect(() => call(`${ARN}:*`)).toThrow(/Value '.+:\*' at 'logGroupIdentifier' failed to satisfy constraint/);
  },
);

test("a group of the infrequent access class has no live tail, and is listed with its class", () => {
  const fixture = logsFixture();
  fixture.call("CreateLogGroup", { logGroupName: "/ecs/app", logGroupClass: "INFREQUENT_ACCESS" });
  expect(fixture.call("DescribeLogGroups", { logGroupClass: "INFREQUENT_ACCESS" })).toMatchObject({
    logGroups: [{ logGroupName: "/ecs/app", logGroupClass: "INFREQUENT_ACCESS" }],
  });
  expect(fixture.call("DescribeLogGroups", { logGroupClass: "STANDARD" })).toMatchObject({ logGroups: [] });
  expect(() => fixture.call("StartLiveTail", { logGroupIdentifiers: [ARN] })).toThrow(/Standard log class only/);
});
