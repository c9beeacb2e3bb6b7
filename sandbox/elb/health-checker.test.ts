import {
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
  ModifyListenerCommand,
  ModifyTargetGroupCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createListener,
  createLoadBalancer,
  createTargetGroup,
  healthOf,
  register,
  setAttribute,
  startElb,
  startTarget,
  type TestElb,
  until,
  weighted,
} from "./elb-fixture.ts";

let world: TestElb;
let blue: string;
let green: string;
let listener: string;

beforeEach(async () => {
  world = await startElb();
  const checks = { HealthCheckIntervalSeconds: 10, HealthyThresholdCount: 2, UnhealthyThresholdCount: 2 };
  blue = await createTargetGroup(world, "blue", checks);
  green = await createTargetGroup(world, "green", checks);
  listener = await createListener(world, await createLoadBalancer(world), weighted({ [blue]: 100 }));
});

afterEach(() => world.close());

describe("target health", () => {
  it("is initial on registration and healthy after the first check, within a second", async () => {
    await register(world, blue, "10.0.0.1:8081");
    expect(await healthOf(world, blue)).toEqual(["10.0.0.1 initial/Elb.RegistrationInProgress"]);
    world.clock.advance(1000);
    expect(await healthOf(world, blue)).toEqual(["10.0.0.1 healthy"]);
  });

  it("is unhealthy after the threshold of failed checks and healthy again after the other", async () => {
    await register(world, blue, "10.0.0.1:8081");
    world.clock.advance(1000);
    world.elb.controls.setVirtualHealth("10.0.0.1", 503);
    world.clock.advance(10_000);
    expect(await healthOf(world, blue)).toEqual(["10.0.0.1 healthy"]);
    world.clock.advance(10_000);
    expect(await healthOf(world, blue)).toEqual(["10.0.0.1 unhealthy/Target.ResponseCodeMismatch"]);
    world.elb.controls.setVirtualHealth("10.0.0.1", null);
    world.clock.advance(10_000);
    expect(await healthOf(world, blue)).toEqual(["10.0.0.1 unhealthy/Target.ResponseCodeMismatch"]);
    world.clock.advance(10_000);
    expect(await healthOf(world, blue)).toEqual(["10.0.0.1 healthy"]);
  });

  it.each([
    ["hang", "Target.Timeout", "Request timed out"],
    ["refused", "Target.FailedHealthChecks", "Health checks failed"],
    [404, "Target.ResponseCodeMismatch", "Health checks failed with these codes: [404]"],
  ] as const)("of a target that answers %s gives the reason %s", async (health, Reason, Description) => {
    world.elb.controls.setVirtualHealth("10.0.0.1", health);
    await register(world, blue, "10.0.0.1:8081");
    world.clock.advance(1000);
    expect(await healthOf(world, blue)).toEqual(["10.0.0.1 initial/Elb.InitialHealthChecking"]);
    world.clock.advance(10_000);
    const { TargetHealthDescriptions } = await world.client.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: blue }),
    );
    expect(TargetHealthDescriptions?.[0]?.TargetHealth).toEqual({ State: "unhealthy", Reason, Description });
  });

  it("is unused in a group that no rule names, and checked from the moment one does, weight 0 included", async () => {
    await register(world, green, "10.0.0.2:8081");
    world.clock.advance(60_000);
    expect(await healthOf(world, green)).toEqual(["10.0.0.2 unused/Target.NotInUse"]);
    const DefaultActions = [weighted({ [blue]: 100, [green]: 0 })];
    await world.client.send(new ModifyListenerCommand({ ListenerArn: listener, DefaultActions }));
    expect(await healthOf(world, green)).toEqual(["10.0.0.2 initial/Elb.RegistrationInProgress"]);
    world.clock.advance(1000);
    expect(await healthOf(world, green)).toEqual(["10.0.0.2 healthy"]);
    await world.client.send(
      new ModifyListenerCommand({ ListenerArn: listener, DefaultActions: [weighted({ [blue]: 1 })] }),
    );
    expect(await healthOf(world, green)).toEqual(["10.0.0.2 unused/Target.NotInUse"]);
  });

  it("stays draining for the whole delay, even with nothing in flight, and is then not registered", async () => {
    await setAttribute(world, blue, "deregistration_delay.timeout_seconds", "30");
    await register(world, blue, "10.0.0.1:8081", "10.0.0.3:8081");
    world.clock.advance(1000);
    const Targets = [{ Id: "10.0.0.1", Port: 8081 }];
    await world.client.send(new DeregisterTargetsCommand({ TargetGroupArn: blue, Targets }));
    expect(await healthOf(world, blue)).toContain("10.0.0.1 draining/Target.DeregistrationInProgress");
    world.clock.advance(29_900);
    expect(await healthOf(world, blue)).toContain("10.0.0.1 draining/Target.DeregistrationInProgress");
    world.clock.advance(200);
    expect(await healthOf(world, blue)).toEqual(["10.0.0.3 healthy"]);
    const { TargetHealthDescriptions } = await world.client.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: blue, Targets }),
    );
    expect(TargetHealthDescriptions?.[0]?.TargetHealth).toMatchObject({
      State: "unused",
      Reason: "Target.NotRegistered",
    });
  });

  it("begins anew for a draining target that is registered again", async () => {
    await register(world, blue, "10.0.0.1:8081");
    world.clock.advance(1000);
    const Targets = [{ Id: "10.0.0.1" }];
    await world.client.send(new DeregisterTargetsCommand({ TargetGroupArn: blue, Targets }));
    await register(world, blue, "10.0.0.1:8081");
    expect(await healthOf(world, blue)).toEqual(["10.0.0.1 initial/Elb.RegistrationInProgress"]);
    world.clock.advance(400_000);
    expect(await healthOf(world, blue)).toEqual(["10.0.0.1 healthy"]);
  });

  it("ends at once in a group that no load balancer uses, and ignores targets it does not know", async () => {
    await register(world, green, "10.0.0.2:8081");
    const Targets = [{ Id: "10.0.0.2", Port: 8081 }, { Id: "10.9.9.9" }];
    await world.client.send(new DeregisterTargetsCommand({ TargetGroupArn: green, Targets }));
    expect(await healthOf(world, green)).toEqual([]);
  });

  it("follows changed health check settings at once", async () => {
    world.elb.controls.setVirtualHealth("10.0.0.1", 404);
    await register(world, blue, "10.0.0.1:8081");
    world.clock.advance(11_000);
    expect(await healthOf(world, blue)).toEqual(["10.0.0.1 unhealthy/Target.ResponseCodeMismatch"]);
    const Matcher = { HttpCode: "200-404" };
    await world.client.send(
      new ModifyTargetGroupCommand({ TargetGroupArn: blue, Matcher, HealthCheckIntervalSeconds: 300 }),
    );
    world.clock.advance(1000);
    expect(await healthOf(world, blue)).toEqual(["10.0.0.1 unhealthy/Target.ResponseCodeMismatch"]);
    world.clock.advance(300_000);
    expect(await healthOf(world, blue)).toEqual(["10.0.0.1 healthy"]);
  });

  it("of real targets comes from real requests with ELB's user agent", async () => {
    const agents: (string | undefined)[] = [];
    let status = 200;
    const target = await startTarget((request, response) => {
      agents.push(`${request.method} ${request.url} ${request.headers["user-agent"]}`);
      response.writeHead(status).end();
    });
    try {
      await register(world, blue, target.key);
      world.clock.advance(1000);
      await until(async () => (await healthOf(world, blue))[0] === "127.0.0.1 healthy", "the target is healthy");
      expect(agents).toEqual(["GET / ELB-HealthChecker/2.0"]);
      status = 500;
      for (let check = 0; check < 2; check++) {
        const before = agents.length;
        world.clock.advance(10_000);
        await until(() => agents.length > before, "the next check arrived");
      }
      await until(
        async () => (await healthOf(world, blue))[0] === "127.0.0.1 unhealthy/Target.ResponseCodeMismatch",
        "the target is unhealthy",
      );
    } finally {
      await target.close();
    }
  });

  it("of a real target that never answers times out after the group's timeout", async () => {
    const target = await startTarget(() => {});
    try {
      const opened = new Promise((resolve) => target.server.once("request", resolve));
      await register(world, blue, target.key);
      world.clock.advance(1000);
      await opened;
      const again = new Promise((resolve) => target.server.once("request", resolve));
      world.clock.advance(10_000);
      await again;
      world.clock.advance(5000);
      expect(await healthOf(world, blue)).toEqual(["127.0.0.1 unhealthy/Target.Timeout"]);
    } finally {
      await target.close();
    }
  });

  it("of thousands of virtual targets is checked in time", async () => {
    const arns: string[] = [];
    for (let group = 0; group < 25; group++) {
      const arn = await createTargetGroup(world, `many-${group}`);
      arns.push(arn);
      for (let target = 0; target < 200; target++) {
        world.elb.targets.register(arn, { id: `10.${group}.1.${target}`, port: 80 });
      }
    }
    const actions = Array.from({ length: 5 }, (_, at) =>
      weighted(Object.fromEntries(arns.slice(at * 5, at * 5 + 5).map((arn) => [arn, 1]))),
    );
    const loadBalancer = await createLoadBalancer(world, "many");
    for (const [at, action] of actions.entries()) await createListener(world, loadBalancer, action, 1000 + at);
    world.clock.advance(15 * 60_000);
    expect(new Set((await healthOf(world, arns[24] ?? "")).map((one) => one.split(" ")[1]))).toEqual(
      new Set(["healthy"]),
    );
  });
});
