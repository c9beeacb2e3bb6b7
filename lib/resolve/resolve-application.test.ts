import { CreateRuleCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, onTestFinished, test } from "vitest";
import { FAST_LIMITS, libraryConfig, startLibraryWorld } from "../testing/library-world.ts";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";
import { resolveApplication } from "./resolve-application.ts";

test("finds the ARN behind every name", async () => {
  const { application } = await startLibraryWorld();
  expect(application).toMatchObject({
    name: "library",
    accountId: "123456789012",
    cluster: "library-management-cluster",
    listener: { kind: "listener", name: "library-alb HTTP:80", arn: /:listener\/app\/library-alb\// },
    testListener: { name: "library-alb HTTP:81" },
    slots: {
      blue: { service: "library-blue-service", targetGroupName: "library-blue-tg" },
      green: { targetGroupArn: /:targetgroup\/library-green-tg\// },
    },
  });
});

test("takes ARNs as they are", async () => {
  const { aws, application } = await startLibraryWorld();
  const again = await resolveApplication(
    aws,
    libraryConfig({
      cluster: "arn:aws:ecs:ap-northeast-2:123456789012:cluster/library-management-cluster",
      listener: application.listener.arn,
      testListener: null,
      blue: {
        service: "arn:aws:ecs:ap-northeast-2:123456789012:service/library-management-cluster/library-blue-service",
        targetGroup: application.slots.blue.targetGroupArn,
      },
      // As older accounts have them, without the cluster.
      green: {
        service: "arn:aws:ecs:ap-northeast-2:123456789012:service/library-green-service",
        targetGroup: "library-green-tg",
      },
    }),
  );
  expect(again).toEqual({ ...application, testListener: null });
});

test("refuses a service's ARN of another cluster, and a network load balancer where Switchyard moves the traffic", async () => {
  const { aws } = await startLibraryWorld();
  const service = "arn:aws:ecs:ap-northeast-2:123456789012:service/other/library-blue-service";
  const elsewhere = resolveApplication(aws, libraryConfig({ blue: { service, targetGroup: "library-blue-tg" } }));
  await expect(elsewhere).rejects.toThrow("is in cluster other, and the application in library-management-cluster");
  const listener = "arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:listener/net/library-nlb/1/2";
  await expect(resolveApplication(aws, libraryConfig({ listener }))).rejects.toThrow(
    "library-nlb is a network load balancer",
  );
});

test.each([
  ["load balancer", { listener: { loadBalancer: "no-alb", port: 80 } }, /no-alb/],
  ["listener", { listener: { loadBalancer: "library-alb", port: 8443 } }, /no listener on port 8443; it has 80, 81/],
  ["rule", { rule: { priority: 77 } }, /no rule with priority 77/],
  ["target group", { green: { service: "library-green-service", targetGroup: "no-tg" } }, /no-tg/],
  ["service", { green: { service: "no-service", targetGroup: "library-green-tg" } }, /no-service/],
])("says which %s is missing", async (_what, changes, message) => {
  const { aws } = await startLibraryWorld();
  const failure = await resolveApplication(aws, libraryConfig(changes)).catch((error) => error);
  expect(failure).toMatchObject({ kind: "missing", retryable: false });
  expect(failure.message).toMatch(message);
});

test("finds every listener that moves together, and each once", async () => {
  const { aws } = await startLibraryWorld({ aws: { limits: FAST_LIMITS } });
  const at = (port: number) => ({ loadBalancer: "library-alb", port });
  const config = { ...libraryConfig(), testListener: null };
  const found = await resolveApplication(aws, { ...config, listeners: [at(80), at(81), at(80)] });
  expect(found.listener.name).toBe("library-alb HTTP:80");
  expect(found.together?.map(({ name }) => name)).toEqual(["library-alb HTTP:81"]);
  const missing = resolveApplication(aws, { ...config, listeners: [at(80), at(443)] });
  await expect(missing).rejects.toThrow("no listener on port 443");
  const rules = resolveApplication(aws, { ...config, rules: [{ priority: 7 }, { priority: 8 }] });
  await expect(rules).rejects.toThrow(/no rule with priority [78]/);
});

test("test traffic comes by what no switch moves, and the smoke check by what the test rule takes", async () => {
  const { sandbox, aws, application } = await startLibraryWorld({ aws: { limits: FAST_LIMITS } });
  const elb = new ElasticLoadBalancingV2Client({
    region: sandbox.place.region,
    endpoint: sandbox.url,
    credentials: ADMINISTRATOR,
  });
  onTestFinished(() => elb.destroy());
  const created = await elb.send(
    new CreateRuleCommand({
      ListenerArn: application.listener.arn,
      Priority: 7,
      Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/preview/*"] } }],
      Actions: [{ Type: "forward", TargetGroupArn: application.slots.blue.targetGroupArn }],
    }),
  );
  const arn = created.Rules?.[0]?.RuleArn ?? "";
  const at = (changes: object) => resolveApplication(aws, libraryConfig({ testListener: null, ...changes }));
  for (const testRule of [arn, { priority: 7 }, { loadBalancer: "library-alb", port: 80, priority: 7 }])
    expect((await at({ testRule })).testListener).toMatchObject({
      arn,
      kind: "rule",
      name: "library-alb HTTP:80 rule 7",
    });
  await expect(at({ testListener: { loadBalancer: "library-alb", port: 80 } })).rejects.toThrow(
    "Test traffic of library would come by library-alb HTTP:80, which moves with a switch",
  );
  await expect(at({ rule: { priority: 7 }, testRule: arn })).rejects.toThrow("rule 7, which moves with a switch");
  const testUrl = "http://test.example.com";
  const asked = (path: string) => at({ testRule: arn, testUrl, smoke: { path } });
  expect((await asked("/preview/health")).testRequest).toMatchObject({
    takes: "path /preview/*",
    headers: {},
    query: [],
  });
  await expect(asked("/health")).rejects.toThrow("/health is not among the paths that it takes (path /preview/*)");
});

test("refuses an application of another Region", async () => {
  const { aws } = await startLibraryWorld();
  await expect(resolveApplication(aws, libraryConfig({ region: "eu-central-1" }))).rejects.toThrow(
    /eu-central-1.*ap-northeast-2/,
  );
});
