import {
  AddTagsCommand,
  DeleteTargetGroupCommand,
  DescribeAccountLimitsCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  DuplicateTargetGroupNameException,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  RegisterTargetsCommand,
  RemoveTagsCommand,
  ResourceInUseException,
  TargetGroupNotFoundException,
  TooManyTargetsException,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createListener,
  createLoadBalancer,
  createTargetGroup,
  register,
  setAttribute,
  startElb,
  type TestElb,
  weighted,
} from "./elb-fixture.ts";

const GONE = "arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:targetgroup/gone/0123456789abcdef";
let world: TestElb;

beforeEach(async () => {
  world = await startElb();
});

afterEach(() => world.close());

describe("target groups", () => {
  it("have AWS's ARN and defaults", async () => {
    const arn = await createTargetGroup(world, "library-blue-tg");
    expect(arn).toMatch(
      /^arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:targetgroup\/library-blue-tg\/[0-9a-f]{16}$/,
    );
    const { TargetGroups } = await world.client.send(new DescribeTargetGroupsCommand({ Names: ["library-blue-tg"] }));
    expect(TargetGroups).toEqual([
      {
        TargetGroupArn: arn,
        TargetGroupName: "library-blue-tg",
        Protocol: "HTTP",
        ProtocolVersion: "HTTP1",
        Port: 8081,
        VpcId: "vpc-0a1b2c3d",
        TargetType: "ip",
        IpAddressType: "ipv4",
        HealthCheckProtocol: "HTTP",
        HealthCheckPort: "traffic-port",
        HealthCheckEnabled: true,
        HealthCheckIntervalSeconds: 30,
        HealthCheckTimeoutSeconds: 5,
        HealthyThresholdCount: 5,
        UnhealthyThresholdCount: 2,
        HealthCheckPath: "/",
        Matcher: { HttpCode: "200" },
        LoadBalancerArns: [],
      },
    ]);
  });

  it("name the load balancer that uses them, and cannot be deleted meanwhile", async () => {
    const arn = await createTargetGroup(world, "blue");
    await createTargetGroup(world, "green");
    const loadBalancer = await createLoadBalancer(world);
    await createListener(world, loadBalancer, weighted({ [arn]: 0 }));
    const { TargetGroups } = await world.client.send(
      new DescribeTargetGroupsCommand({ LoadBalancerArn: loadBalancer }),
    );
    expect(TargetGroups?.map((group) => [group.TargetGroupName, group.LoadBalancerArns])).toEqual([
      ["blue", [loadBalancer]],
    ]);
    const remove = (TargetGroupArn: string) => world.client.send(new DeleteTargetGroupCommand({ TargetGroupArn }));
    await expect(remove(arn)).rejects.toThrow(ResourceInUseException);
    await expect(remove(arn)).rejects.toThrow("is currently in use by a listener or a rule");
  });

  it("are the same when created twice alike, and refused when different", async () => {
    const arn = await createTargetGroup(world, "blue");
    expect(await createTargetGroup(world, "blue")).toBe(arn);
    await expect(createTargetGroup(world, "blue", { Port: 9090 })).rejects.toThrow(DuplicateTargetGroupNameException);
  });

  it.each([
    [{ HealthCheckIntervalSeconds: 4 }, "greater than or equal to 5"],
    [{ HealthCheckIntervalSeconds: 301 }, "less than or equal to 300"],
    [{ HealthCheckTimeoutSeconds: 1 }, "greater than or equal to 2"],
    [{ HealthCheckTimeoutSeconds: 30 }, "interval must be greater than the timeout"],
    [{ HealthyThresholdCount: 1 }, "greater than or equal to 2"],
    [{ UnhealthyThresholdCount: 11 }, "less than or equal to 10"],
    [{ Matcher: { HttpCode: "199" } }, "must be within '200-499'"],
    [{ Matcher: { HttpCode: "200-500" } }, "must be within '200-499'"],
    [{ Matcher: { GrpcCode: "12" } }, "Health check matcher HTTP code cannot be empty"],
    [{ ProtocolVersion: "GRPC", Matcher: { GrpcCode: "200" } }, "GRPC code '200' must be within '0-99' inclusive"],
    [{ ProtocolVersion: "GRPC", Matcher: { GrpcCode: "0-100" } }, "GRPC code '0-100' must be within '0-99' inclusive"],
    [{ ProtocolVersion: "GRPC", Matcher: { HttpCode: "200" } }, "Health check matcher GRPC code cannot be empty"],
    [{ HealthCheckPath: "health" }, "must begin with a '/'"],
    [{ HealthCheckPort: "0" }, "must be 'traffic-port' or in the range"],
    [{ Name: "-blue" }, "cannot begin or end with '-'"],
    [{ Name: "b".repeat(33) }, "cannot be longer than '32' characters"],
    [{ VpcId: undefined }, "VPC ID must be specified"],
  ])("refuse %j", async (settings, message) => {
    await expect(createTargetGroup(world, "blue", settings)).rejects.toThrow(message);
  });

  it("have gRPC's own path and code where they speak it", async () => {
    const arn = await createTargetGroup(world, "blue", { ProtocolVersion: "GRPC" });
    const { TargetGroups } = await world.client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }));
    expect(TargetGroups?.[0]).toMatchObject({
      ProtocolVersion: "GRPC",
      HealthCheckPath: "/AWS.ALB/healthcheck",
      Matcher: { GrpcCode: "12" },
    });
  });

  it("change their health check in part", async () => {
    const arn = await createTargetGroup(world, "blue");
    const { TargetGroups } = await world.client.send(
      new ModifyTargetGroupCommand({
        TargetGroupArn: arn,
        HealthCheckPath: "/ready",
        Matcher: { HttpCode: "200-204" },
      }),
    );
    expect(TargetGroups?.[0]).toMatchObject({
      HealthCheckPath: "/ready",
      Matcher: { HttpCode: "200-204" },
      HealthCheckIntervalSeconds: 30,
    });
  });

  it("refuse unknown names and ARNs", async () => {
    await expect(world.client.send(new DescribeTargetGroupsCommand({ Names: ["gone"] }))).rejects.toThrow(
      TargetGroupNotFoundException,
    );
    const arn = await createTargetGroup(world, "blue");
    const gone = arn.replace("/blue/", "/gone/");
    const health = (TargetGroupArn: string) => world.client.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
    const groups = (...TargetGroupArns: string[]) =>
      world.client.send(new DescribeTargetGroupsCommand({ TargetGroupArns }));
    await expect(health(gone)).rejects.toThrow(TargetGroupNotFoundException);
    await expect(groups(arn, gone)).rejects.toThrow(TargetGroupNotFoundException);
    for (const nonsense of ["nonsense", "arn:gone", arn.replace(":targetgroup/", ":listener/app/")]) {
      const refusal = { name: "ValidationError", message: `'${nonsense}' is not a valid target group ARN` };
      await expect(health(nonsense)).rejects.toMatchObject(refusal);
      await expect(groups(arn, nonsense)).rejects.toMatchObject(refusal);
    }
  });
});

describe("target group attributes", () => {
  it("are AWS's, with AWS's defaults, and change one by one", async () => {
    const arn = await createTargetGroup(world, "blue");
    const read = async () => {
      const { Attributes = [] } = await world.client.send(
        new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }),
      );
      return Object.fromEntries(Attributes.map(({ Key, Value }) => [Key, Value]));
    };
    expect(await read()).toMatchObject({
      "deregistration_delay.timeout_seconds": "300",
      "stickiness.enabled": "false",
      "stickiness.type": "lb_cookie",
      "stickiness.lb_cookie.duration_seconds": "86400",
      "slow_start.duration_seconds": "0",
      "load_balancing.algorithm.type": "round_robin",
      "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
      "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
      "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
    });
    await setAttribute(world, arn, "deregistration_delay.timeout_seconds", "15");
    expect(await read()).toMatchObject({ "deregistration_delay.timeout_seconds": "15", "stickiness.enabled": "false" });
  });

  it("have no stickiness by address over HTTP", async () => {
    const TargetGroupArn = await createTargetGroup(world, "blue");
    const Attributes = [{ Key: "stickiness.type", Value: "source_ip" }];
    const modify = new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes });
    await expect(world.client.send(modify)).rejects.toMatchObject({
      name: "InvalidConfigurationRequestException",
      message: "Stickiness type 'source_ip' is not supported for target groups with the HTTP protocol",
    });
  });

  it.each([
    ["deregistration_delay.timeout_seconds", "3601"],
    ["deregistration_delay.timeout_seconds", "soon"],
    ["slow_start.duration_seconds", "29"],
    ["slow_start.duration_seconds", "901"],
    ["stickiness.lb_cookie.duration_seconds", "0"],
    ["stickiness.app_cookie.cookie_name", "AWSALBAPP"],
    ["load_balancing.algorithm.type", "random"],
    ["no.such.attribute", "1"],
    ["constructor", "1"],
  ])("refuse %s = %s, and the rest of the call with it", async (Key, Value) => {
    const TargetGroupArn = await createTargetGroup(world, "blue");
    const Attributes = [
      { Key: "deregistration_delay.timeout_seconds", Value: "10" },
      { Key, Value },
    ];
    await expect(
      world.client.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes })),
    ).rejects.toThrow();
    const read = await world.client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
    expect(read.Attributes).toContainEqual({ Key: "deregistration_delay.timeout_seconds", Value: "300" });
  });
});

describe("targets", () => {
  it("are described with their check port and zone, anomalies only when asked for", async () => {
    const TargetGroupArn = await createTargetGroup(world, "blue", { HealthCheckPort: "9000" });
    await world.client.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: "10.0.0.1" }] }));
    const read = (input: object) => world.client.send(new DescribeTargetHealthCommand({ TargetGroupArn, ...input }));
    const plain = (await read({})).TargetHealthDescriptions?.[0];
    expect(plain).toMatchObject({
      Target: { Id: "10.0.0.1", Port: 8081, AvailabilityZone: "ap-northeast-2b" },
      HealthCheckPort: "9000",
      AdministrativeOverride: { State: "no_override" },
    });
    expect(plain).not.toHaveProperty("AnomalyDetection");
    const full = (await read({ Include: ["AnomalyDetection"] })).TargetHealthDescriptions?.[0];
    expect(full?.AnomalyDetection).toEqual({ Result: "normal", MitigationInEffect: "no" });
  });

  it.each([
    ["8.8.8.8", "is not within the VPC"],
    ["i-0123456789abcdef0", "is not a valid IPv4 address"],
    ["10.0.0.256", "is not a valid IPv4 address"],
  ])("refuse the address %s", async (Id, message) => {
    const TargetGroupArn = await createTargetGroup(world, "blue");
    await expect(world.client.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id }] }))).rejects.toThrow(
      message,
    );
  });

  it("number at most 1000 in a group", async () => {
    const arn = await createTargetGroup(world, "blue");
    const keys = Array.from({ length: 1000 }, (_, at) => `10.0.${at >> 8}.${at & 255}:80`);
    await register(world, arn, ...keys);
    await expect(register(world, arn, "10.1.0.0:80")).rejects.toThrow(TooManyTargetsException);
    await register(world, arn, "10.0.0.0:80");
  });

  it("can be registered and watched by ECS without the API", async () => {
    const arn = await createTargetGroup(world, "blue");
    const target = { id: "10.0.0.1", port: 80 };
    const { targets } = world.elb;
    expect(targets.targetState(arn, target)).toBeNull();
    targets.register(arn, target);
    expect(targets.targetState(arn, target)).toMatchObject({ state: "unused", reason: "Target.NotInUse" });
    targets.deregister(arn, { id: "10.9.9.9", port: 1 });
    targets.deregister(arn, target);
    expect(targets.targetState(arn, target)).toBeNull();
    expect(targets.findTargetGroup(GONE)).toBeNull();
    expect(() => targets.register(GONE, target)).toThrow("not found");
  });
});

describe("tags and limits", () => {
  it("are kept by resource", async () => {
    const arn = await createTargetGroup(world, "blue", { Tags: [{ Key: "slot", Value: "blue" }] });
    await world.client.send(new AddTagsCommand({ ResourceArns: [arn], Tags: [{ Key: "team", Value: "library" }] }));
    await world.client.send(new RemoveTagsCommand({ ResourceArns: [arn], TagKeys: ["slot"] }));
    const { TagDescriptions } = await world.client.send(new DescribeTagsCommand({ ResourceArns: [arn] }));
    expect(TagDescriptions).toEqual([{ ResourceArn: arn, Tags: [{ Key: "team", Value: "library" }] }]);
    await expect(
      world.client.send(new AddTagsCommand({ ResourceArns: [arn], Tags: [{ Key: "aws:x", Value: "" }] })),
    ).rejects.toThrow("reserved");
    const gone = arn.replace("targetgroup/blue", "targetgroup/gone");
    await expect(world.client.send(new DescribeTagsCommand({ ResourceArns: [gone] }))).rejects.toThrow(
      TargetGroupNotFoundException,
    );
  });

  it("include the account's", async () => {
    const { Limits } = await world.client.send(new DescribeAccountLimitsCommand({}));
    expect(Limits).toContainEqual({ Name: "target-groups-per-action-on-application-load-balancer", Max: "5" });
  });
});
