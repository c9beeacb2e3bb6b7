import { expect, test } from "vitest";
import { parseConfigFile } from "./config-file.ts";

const ROLE = "roleArn: 'arn:aws:iam::111122223333:role/switchyard', regions: [eu-west-1]";

test("limits are of Switchyard's own account, and of each other one its own", () => {
  const text = `
rateLimits: { elb-read: { perSecond: 40, burst: 80 } }
accounts: [{ name: staging, ${ROLE}, rateLimits: { elb-read: { share: 0.2 } } }]
applications: []
`;
  const parsed = parseConfigFile(text, "switchyard.yaml", {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  expect(parsed.file.rateLimits).toEqual({ "elb-read": { perSecond: 40, burst: 80 } });
  expect(parsed.file.accounts[0]?.rateLimits).toEqual({ "elb-read": { share: 0.2 } });
});

test.each([
  ["elb-reads: { perSecond: 40 }", "rateLimits", "elb-read"],
  ["elb-read: { perSecond: 0 }", "rateLimits.elb-read.perSecond", "from 0.1 to 10000"],
  ["elb-read: { burst: 0.5 }", "rateLimits.elb-read.burst", "from 0.1 to 10000"],
  ["elb-read: { share: 1.5 }", "rateLimits.elb-read.share", "from 0.05 to 1"],
  ["elb-read: { perSecond: many }", "rateLimits.elb-read.perSecond", "from 0.1 to 10000"],
  ["elb-read: { perMinute: 40 }", "rateLimits.elb-read.perMinute", "perSecond"],
])("%s is refused with its place and fix", (limits, place, fix) => {
  const parsed = parseConfigFile(`rateLimits: { ${limits} }\napplications: []\n`, "switchyard.yaml", {});
  expect(parsed.ok).toBe(false);
  const problems = parsed.ok ? [] : parsed.problems;
  expect(problems).toHaveLength(1);
  expect(JSON.stringify(problems[0])).toContain(place);
  expect(JSON.stringify(problems[0])).toContain(fix);
});
