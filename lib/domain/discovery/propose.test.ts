import fc from "fast-check";
import { expect, test } from "vitest";
import { parseConfigFile } from "../../config/config-file.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { toConfigText } from "./config-text.ts";
import type { Discovery, FoundEntrance, FoundService } from "./discovery.ts";
import { propose } from "./propose.ts";

const arn = (name: string) => `arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:targetgroup/${name}/1`;

function service(name: string, groups: readonly string[], change: Partial<FoundService> = {}): FoundService {
  return {
    ...{ name, cluster: "main", status: "ACTIVE", desired: 1, running: 1, taskDefinition: "td", native: null },
    ...{
      deploymentController: "ECS",
      strategy: "ROLLING",
      subnetIds: [],
      securityGroupIds: [],
      assignsPublicIp: false,
    },
    groups: groups.map((group) => ({ arn: arn(group), container: "app", port: 8081 })),
    ...change,
  };
}

function entrance(port: number, weights: Record<string, number>, change: Partial<FoundEntrance> = {}): FoundEntrance {
  const groups = Object.entries(weights).map(([name, weight]) => ({ arn: arn(name), weight }));
  return { loadBalancer: "main-alb", port, priority: null, groups, ...change };
}

function found(services: FoundService[], entrances: FoundEntrance[]): Discovery {
  return { region: "ap-northeast-2", services, entrances, definitions: new Map(), notSeen: [] };
}

test("two services that one listener leads to are a pair, by their colours", () => {
  const services = [service("shop-green-svc", ["shop-green-tg"]), service("shop-blue-svc", ["shop-blue-tg"])];
  const { proposals, undecided } = propose(
    found(services, [entrance(81, { "shop-green-tg": 1 }), entrance(80, { "shop-green-tg": 0, "shop-blue-tg": 100 })]),
  );
  expect(undecided).toEqual([]);
  expect(proposals).toMatchObject([
    {
      ...{ name: "shop", controller: "paired-services", service: null, container: "app" },
      ...{ listener: { port: 80, priority: null }, testListener: { port: 81 } },
      sides: {
        blue: { service: "shop-blue-svc", targetGroup: "shop-blue-tg" },
        green: { service: "shop-green-svc", targetGroup: "shop-green-tg" },
      },
    },
  ]);
});

test("without colours, blue is the side that serves", () => {
  const services = [service("a", ["tg-a"]), service("b", ["tg-b"])];
  const { proposals } = propose(found(services, [entrance(443, { "tg-a": 0, "tg-b": 1 }, { priority: 7 })]));
  expect(proposals[0]).toMatchObject({
    listener: { port: 443, priority: 7 },
    sides: { blue: { service: "b" }, green: { service: "a" } },
  });
});

test("one service with two task sets, and services that AWS moves", () => {
  const { proposals, undecided } = propose(
    found(
      [
        service("library-service", ["library-blue-tg", "library-green-tg"], { deploymentController: "EXTERNAL" }),
        service("orders-service", ["orders-tg"], { strategy: "BLUE_GREEN", native: { alternateGroupArn: arn("x") } }),
        service("members-service", ["members-tg"], { deploymentController: "CODE_DEPLOY" }),
      ],
      [entrance(80, { "library-blue-tg": 100, "library-green-tg": 0 })],
    ),
  );
  expect(undecided).toEqual([]);
  expect(Object.fromEntries(proposals.map(({ name, controller, service: one }) => [name, [controller, one]]))).toEqual({
    library: ["task-set", "library-service"],
    orders: ["ecs-native", "orders-service"],
    members: ["code-deploy", "members-service"],
  });
});

test("before the first release one task set is enough: the other group shares its listener", () => {
  const first = service("library-service", ["library-blue-tg"], { deploymentController: "EXTERNAL" });
  const ways = [entrance(80, { "library-blue-tg": 100, "library-green-tg": 0 })];
  expect(propose(found([first], ways)).proposals).toMatchObject([
    { name: "library", controller: "task-set", sides: { green: { targetGroup: "library-green-tg" } } },
  ]);
  // A group that another service's tasks register with is nobody's other side.
  const other = service("other", ["library-green-tg"]);
  expect(propose(found([first, other], ways)).undecided.map((one) => one.service)).toContain("library-service");
});

test.each([
  ["behind no load balancer", service("worker", []), []],
  ["registers with 2 target groups", service("two", ["a", "b"]), []],
  ["No other service", service("alone", ["a"]), [entrance(80, { a: 1 })]],
  ["task sets name 1 target group", service("half", ["a"], { deploymentController: "EXTERNAL" }), []],
  ["No listener or rule", service("dark", ["a", "b"], { deploymentController: "EXTERNAL" }), []],
])("a service that is no half of anything is left out, and why: %s", (why, one, entrances) => {
  const { proposals, undecided } = propose(found([one], entrances));
  expect(proposals).toEqual([]);
  expect(undecided.map(({ service: name, why: said }) => [name, inEnglish(said)])).toEqual([
    [one.name, expect.stringContaining(why)],
  ]);
});

test("three services behind one listener are not guessed at", () => {
  const services = ["a", "b", "c"].map((name) => service(name, [`tg-${name}`]));
  const entrances = [entrance(80, { "tg-a": 1, "tg-b": 1 }), entrance(81, { "tg-a": 1, "tg-c": 1 })];
  const { undecided } = propose(found(services, entrances));
  expect(undecided.map((one) => one.service)).toContain("a");
});

test("whatever is found, every service is proposed or left out once, and the text is a switchyard.yaml", () => {
  const group = fc.constantFrom("a-blue", "a-green", "b-blue", "b-green", "c");
  const services = fc.uniqueArray(
    fc.record({
      name: fc.oneof(
        fc.constantFrom("a-blue", "a-green", "Ünï: #x", "audit", "tokens-service"),
        fc.string({ minLength: 1, maxLength: 20 }),
      ),
      groups: fc.uniqueArray(group, { maxLength: 3 }),
      deploymentController: fc.constantFrom("ECS", "EXTERNAL", "CODE_DEPLOY"),
    }),
    { selector: ({ name }) => name, maxLength: 6 },
  );
  const entrances = fc.array(
    fc.record({ port: fc.constantFrom(80, 81, 443), weights: fc.dictionary(group, fc.nat(100), { maxKeys: 2 }) }),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(services, entrances, (some, ways) => {
      const discovery = found(
        some.map(({ name, groups, deploymentController }) => service(name, groups, { deploymentController })),
        ways.map(({ port, weights }) => entrance(port, weights)),
      );
      const proposed = propose(discovery);
      const named = [
        ...proposed.proposals.flatMap(({ service: one, sides }) => [one, sides?.blue.service, sides?.green.service]),
        ...proposed.undecided.map((one) => one.service),
      ].filter((name) => typeof name === "string");
      expect(named.toSorted()).toEqual(some.map(({ name }) => name).toSorted());
      // Names of ECS have no "$" and no control characters; a file with them is refused, and nothing of it is run.
      fc.pre(some.every(({ name }) => /^[\w -]*\w[\w -]*$/.test(name) && name.trim() === name));
      expect(parseConfigFile(toConfigText(discovery, proposed), "switchyard.yaml", {})).toMatchObject({ ok: true });
    }),
    { seed: 5 },
  );
});
