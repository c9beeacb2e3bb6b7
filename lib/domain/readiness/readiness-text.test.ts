import { expect, test } from "vitest";
import { LIBRARY_SUBJECT, readyFacts, seen } from "../../testing/readiness-facts.ts";
import { readinessReport } from "./readiness-report.ts";
import { toJunit, toText } from "./readiness-text.ts";

const ESCAPE = String.fromCharCode(27);
const report = readinessReport(
  LIBRARY_SUBJECT,
  {
    ...readyFacts(),
    cluster: seen(null),
    repository: { state: "denied", permission: "ecr:DescribeRepositories" },
    logGroup: seen({ name: `/ecs/<b>"${ESCAPE}[2J`, retentionDays: null }),
    loadBalancer: seen(null),
  },
  [{ application: "library", step: "load-balancer", reason: "it costs money", by: "Kim", at: 1, until: 4e12 }],
);

test("text says what passes, what is missing with its commands, and who put what off", () => {
  const text = toText(report);
  expect(text).toContain("library in ap-northeast-2: 19 of 24 steps pass");
  expect(text).toMatch(
    /FAIL {5}12 ECS cluster\n +there is no ECS cluster library-management-cluster\n +> aws ecs create-cluster/,
  );
  expect(text).toContain("could not look: denied ecr:DescribeRepositories");
  expect(text).toContain(
    "put off  15 Load balancer and listener\n             until 2096-10-02 by Kim: it costs money",
  );
  expect(text).not.toContain(ESCAPE);
});

test("JUnit counts what fails as failures, and what is unknown or put off as skipped", () => {
  const xml = toJunit([report]);
  expect(xml).toContain('<testsuite name="library" tests="24" failures="1" skipped="3">');
  expect(xml.match(/<failure /g)).toHaveLength(1);
  expect(xml).toContain("&lt;b&gt;&quot;");
  expect(xml).not.toContain(ESCAPE);
});
