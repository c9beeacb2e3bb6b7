import {
  CreateRuleCommand,
  type CreateRuleCommandInput,
  DeleteRuleCommand,
  DescribeRulesCommand,
  ModifyRuleCommand,
  PriorityInUseException,
  type RuleCondition,
  RuleNotFoundException,
  SetRulePrioritiesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createListener,
  createLoadBalancer,
  createTargetGroup,
  get,
  startElb,
  type TestElb,
  weighted,
} from "./elb-fixture.ts";

let world: TestElb;
let listener: string;
let blue: string;
let green: string;
let url: string;

beforeEach(async () => {
  world = await startElb();
  blue = await createTargetGroup(world, "blue");
  green = await createTargetGroup(world, "green");
  listener = await createListener(world, await createLoadBalancer(world), weighted({ [blue]: 1 }));
  url = world.elb.controls.listenerUrls()["library-alb:80"] ?? "";
  world.elb.targets.register(blue, { id: "10.0.0.1", port: 80 });
  world.elb.targets.register(green, { id: "10.0.1.1", port: 80 });
});

afterEach(() => world.close());

type Asked = Parameters<typeof get>[1];

const images: RuleCondition = { Field: "path-pattern", Values: ["/img/*"] };

async function createRule(Priority: number, input: Partial<CreateRuleCommandInput> = {}): Promise<string> {
  const { Rules } = await world.client.send(
    new CreateRuleCommand({
      ListenerArn: listener,
      Priority,
      Conditions: [images],
      Actions: [weighted({ [green]: 1 })],
      ...input,
    }),
  );
  return Rules?.[0]?.RuleArn ?? "";
}

async function priorities(): Promise<(string | undefined)[]> {
  const { Rules } = await world.client.send(new DescribeRulesCommand({ ListenerArn: listener }));
  return Rules?.map((rule) => rule.Priority) ?? [];
}

describe("rules", () => {
  it("have AWS's ARN and shape, and come by priority with the default last", async () => {
    await createRule(20);
    const arn = await createRule(3);
    expect(arn).toMatch(/:listener-rule\/app\/library-alb\/[0-9a-f]{16}\/[0-9a-f]{16}\/[0-9a-f]{16}$/);
    expect(await priorities()).toEqual(["3", "20", "default"]);
    const { Rules } = await world.client.send(new DescribeRulesCommand({ RuleArns: [arn] }));
    expect(Rules).toMatchObject([
      {
        RuleArn: arn,
        Priority: "3",
        IsDefault: false,
        Conditions: [{ Field: "path-pattern", Values: ["/img/*"], PathPatternConfig: { Values: ["/img/*"] } }],
        Actions: [{ Type: "forward", TargetGroupArn: green }],
      },
    ]);
  });

  it("with a lower number shadow a switched default action: the trap they set", async () => {
    await createRule(1, { Conditions: [{ Field: "path-pattern", Values: ["*"] }], Actions: [weighted({ [blue]: 1 })] });
    world.elb.controls.setWeights("library-alb:80", { green: 100 });
    expect((await get(url)).body).toBe("10.0.0.1:80\n");
  });

  it.each<[string, RuleCondition, Asked[], Asked[]]>([
    [
      "path-pattern",
      { Values: ["/img/?/*"] },
      [{ path: "/img/a/b.png?x" }],
      [{ path: "/IMG/a/b" }, { path: "/img/ab/c" }],
    ],
    [
      "host-header",
      { HostHeaderConfig: { Values: ["*.Example.com"] } },
      [{ headers: { host: "a.example.COM:80" } }],
      [{ headers: { host: "example.com" } }],
    ],
    [
      "http-header",
      { HttpHeaderConfig: { HttpHeaderName: "X-Test", Values: ["yes*"] } },
      [{ headers: { "x-test": "YES, please" } }],
      [{ headers: { "x-test": "no" } }, {}],
    ],
    ["http-request-method", { HttpRequestMethodConfig: { Values: ["POST"] } }, [{ method: "POST" }], [{}]],
    [
      "query-string",
      { QueryStringConfig: { Values: [{ Key: "version", Value: "v2*" }, { Value: "preview" }] } },
      [{ path: "/?a=b&version=V2.1" }, { path: "/?any=preview" }],
      [{ path: "/?version=v1" }, { path: "/" }],
    ],
    ["source-ip", { SourceIpConfig: { Values: ["127.0.0.0/8"] } }, [{}], []],
    ["source-ip", { SourceIpConfig: { Values: ["192.0.2.0/24"] } }, [], [{}]],
  ])("match on %s %j", async (Field, condition, matching, others) => {
    await createRule(1, { Conditions: [{ Field, ...condition }] });
    for (const request of matching) expect((await get(url, request)).body).toBe("10.0.1.1:80\n");
    for (const request of others) expect((await get(url, request)).body).toBe("10.0.0.1:80\n");
  });

  it("need every condition to match", async () => {
    await createRule(1, {
      Conditions: [images, { Field: "http-request-method", HttpRequestMethodConfig: { Values: ["GET"] } }],
    });
    expect((await get(url, { path: "/img/1" })).body).toBe("10.0.1.1:80\n");
    expect((await get(url, { path: "/img/1", method: "POST" })).body).toBe("10.0.0.1:80\n");
  });

  it("refuse a priority in use, out of range, or given twice", async () => {
    const one = await createRule(1);
    const two = await createRule(2);
    await expect(createRule(1)).rejects.toThrow(PriorityInUseException);
    await expect(createRule(1)).rejects.toThrow("Priority '1' is currently in use");
    await expect(createRule(50_001)).rejects.toThrow("less than or equal to 50000");
    const set = (...pairs: [string, number][]) =>
      world.client.send(
        new SetRulePrioritiesCommand({ RulePriorities: pairs.map(([RuleArn, Priority]) => ({ RuleArn, Priority })) }),
      );
    await expect(set([one, 2])).rejects.toThrow(PriorityInUseException);
    await expect(set([one, 7], [two, 7])).rejects.toThrow("multiple times");
    await set([one, 2], [two, 1]);
    const { Rules } = await world.client.send(new DescribeRulesCommand({ ListenerArn: listener }));
    expect(Rules?.map((rule) => rule.RuleArn).slice(0, 2)).toEqual([two, one]);
  });

  it("are modified in part: actions as a whole list, conditions as a whole list, what is left out stays", async () => {
    const arn = await createRule(1);
    const modify = (input: object) => world.client.send(new ModifyRuleCommand({ RuleArn: arn, ...input }));
    const { Rules } = await modify({ Actions: [weighted({ [blue]: 10, [green]: 90 })] });
    expect(Rules?.[0]).toMatchObject({ Conditions: [{ Values: ["/img/*"] }] });
    expect(Rules?.[0]?.Actions?.[0]).toMatchObject(weighted({ [blue]: 10, [green]: 90 }));
    expect(Rules?.[0]?.Actions?.[0]).not.toHaveProperty("TargetGroupArn");
    const after = await modify({ Conditions: [{ Field: "host-header", Values: ["a.example"] }] });
    expect(after.Rules?.[0]?.Conditions).toHaveLength(1);
    expect(after.Rules?.[0]?.Actions).toEqual(Rules?.[0]?.Actions);
    await expect(modify({})).rejects.toThrow("Either conditions or actions must be specified");
  });

  it("are gone after deletion; the default rule can be neither deleted nor modified", async () => {
    const arn = await createRule(1);
    const { Rules } = await world.client.send(new DescribeRulesCommand({ ListenerArn: listener }));
    const standard = Rules?.at(-1)?.RuleArn ?? "";
    await world.client.send(new DeleteRuleCommand({ RuleArn: arn }));
    expect(await priorities()).toEqual(["default"]);
    await expect(world.client.send(new DeleteRuleCommand({ RuleArn: arn }))).rejects.toThrow(RuleNotFoundException);
    await expect(world.client.send(new DeleteRuleCommand({ RuleArn: standard }))).rejects.toThrow("cannot be deleted");
    await expect(
      world.client.send(new ModifyRuleCommand({ RuleArn: standard, Actions: [weighted({ [green]: 1 })] })),
    ).rejects.toThrow("cannot be modified");
  });

  it.each([
    ["no value", [{ Field: "path-pattern" }], "condition value must be specified"],
    ["an unknown field", [{ Field: "moon-phase", Values: ["full"] }], "must be one of"],
    ["two paths conditions", [images, images], "only one 'path-pattern'"],
    [
      "six values",
      [{ Field: "path-pattern", PathPatternConfig: { Values: ["/1", "/2", "/3", "/4", "/5", "/6"] } }],
      "A rule can only have '5' condition values",
    ],
    [
      "six wildcards",
      [
        { Field: "path-pattern", PathPatternConfig: { Values: ["/*/a", "/*/b", "/*/c/*"] } },
        { Field: "query-string", QueryStringConfig: { Values: [{ Key: "v?", Value: "*" }] } },
      ],
      "only have '5' condition wildcards",
    ],
    [
      "two values in the old member",
      [{ Field: "path-pattern", Values: ["/1", "/2"] }],
      "only have one value in Values",
    ],
    [
      "the old member beside the new one",
      [{ Field: "host-header", Values: ["a.example"], HostHeaderConfig: { Values: ["a.example"] } }],
      "You cannot provide both Values and 'HostHeaderConfig' for a condition of type 'host-header'",
    ],
    [
      "a host with a port",
      [{ Field: "host-header", HostHeaderConfig: { Values: ["a.example:8443"] } }],
      "contains a character that is not valid",
    ],
    ["a bad CIDR block", [{ Field: "source-ip", SourceIpConfig: { Values: ["10.0.0.1"] } }], "not a valid CIDR block"],
  ])("refuse conditions with %s", async (_what, Conditions, message) => {
    await expect(createRule(1, { Conditions })).rejects.toThrow(message);
  });
});
