import {
  type Action,
  AddListenerCertificatesCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  DescribeListenerAttributesCommand,
  DescribeListenerCertificatesCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DuplicateListenerException,
  DuplicateLoadBalancerNameException,
  ListenerNotFoundException,
  LoadBalancerNotFoundException,
  ModifyListenerCommand,
  ModifyLoadBalancerAttributesCommand,
  RemoveListenerCertificatesCommand,
  TargetGroupAssociationLimitException,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createListener,
  createLoadBalancer,
  createTargetGroup,
  get,
  setAttribute,
  startElb,
  type TestElb,
  weighted,
} from "./elb-fixture.ts";

const GONE = "arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:targetgroup/gone/0123456789abcdef";
let world: TestElb;
let loadBalancer: string;
let blue: string;
let green: string;

beforeEach(async () => {
  world = await startElb();
  loadBalancer = await createLoadBalancer(world);
  blue = await createTargetGroup(world, "library-blue-tg");
  green = await createTargetGroup(world, "library-green-tg");
});

afterEach(() => world.close());

async function actionsOf(ListenerArn: string): Promise<Action[] | undefined> {
  const { Listeners } = await world.client.send(new DescribeListenersCommand({ ListenerArns: [ListenerArn] }));
  return Listeners?.[0]?.DefaultActions;
}

async function modify(ListenerArn: string, ...DefaultActions: Action[]): Promise<Action[] | undefined> {
  const { Listeners } = await world.client.send(new ModifyListenerCommand({ ListenerArn, DefaultActions }));
  return Listeners?.[0]?.DefaultActions;
}

describe("a listener", () => {
  it("has AWS's ARN, opens a real port and closes it when deleted", async () => {
    const arn = await createListener(world, loadBalancer, { Type: "forward", TargetGroupArn: blue });
    expect(arn).toMatch(
      /^arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:listener\/app\/library-alb\/[0-9a-f]{16}\/[0-9a-f]{16}$/,
    );
    const url = world.elb.controls.listenerUrls()["library-alb:80"] ?? "";
    expect((await get(url)).status).toBe(503);
    await world.client.send(new DeleteListenerCommand({ ListenerArn: arn }));
    expect(world.elb.controls.listenerUrls()).toEqual({});
    await expect(get(url)).rejects.toThrow("ECONNREFUSED");
    await expect(actionsOf(arn)).rejects.toThrow(ListenerNotFoundException);
  });

  it("reports one target group in both of AWS's forms", async () => {
    const arn = await createListener(world, loadBalancer, { Type: "forward", TargetGroupArn: blue });
    expect(await actionsOf(arn)).toEqual([
      {
        Type: "forward",
        TargetGroupArn: blue,
        ForwardConfig: {
          TargetGroups: [{ TargetGroupArn: blue, Weight: 1 }],
          TargetGroupStickinessConfig: { Enabled: false },
        },
      },
    ]);
  });

  it("reports several groups in ForwardConfig only, with their exact weights, 0 included", async () => {
    const arn = await createListener(world, loadBalancer, { Type: "forward", TargetGroupArn: blue });
    expect(await modify(arn, weighted({ [blue]: 0, [green]: 100 }, 3600))).toEqual([
      {
        Type: "forward",
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: blue, Weight: 0 },
            { TargetGroupArn: green, Weight: 100 },
          ],
          TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 3600 },
        },
      },
    ]);
  });

  it("loses what a modification leaves out: the list is replaced as a whole", async () => {
    const arn = await createListener(world, loadBalancer, weighted({ [blue]: 100, [green]: 0 }, 60));
    const [action] = (await modify(arn, weighted({ [green]: 5 }))) ?? [];
    expect(action?.TargetGroupArn).toBe(green);
    expect(action?.ForwardConfig?.TargetGroupStickinessConfig).toEqual({ Enabled: false });
    const { Listeners } = await world.client.send(new ModifyListenerCommand({ ListenerArn: arn, Port: 8080 }));
    expect(Listeners?.[0]).toMatchObject({ Port: 8080, DefaultActions: [{ TargetGroupArn: green }] });
    expect(Object.keys(world.elb.controls.listenerUrls())).toEqual(["library-alb:8080"]);
  });

  it("shows its default actions as its last rule", async () => {
    const arn = await createListener(world, loadBalancer, weighted({ [blue]: 1, [green]: 2 }));
    const { Rules } = await world.client.send(new DescribeRulesCommand({ ListenerArn: arn }));
    expect(Rules).toEqual([
      {
        RuleArn: expect.stringContaining(`${arn.replace(":listener/", ":listener-rule/")}/`),
        Priority: "default",
        IsDefault: true,
        Conditions: [],
        Actions: await actionsOf(arn),
      },
    ]);
  });

  it.each([
    ["a weight over 999", () => weighted({ [blue]: 1000 }), "less than or equal to 999"],
    ["a weight below 0", () => weighted({ [blue]: -1 }), "greater than or equal to 0"],
    ["stickiness over a week", () => weighted({ [blue]: 1 }, 604_801), "less than or equal to 604800"],
    ["stickiness of no time", () => weighted({ [blue]: 1 }, 0), "greater than or equal to 1"],
    [
      "stickiness without a duration",
      () => ({
        Type: "forward" as const,
        ForwardConfig: { TargetGroups: [{ TargetGroupArn: blue }], TargetGroupStickinessConfig: { Enabled: true } },
      }),
      "stickiness duration must be specified",
    ],
    ["no target group", () => ({ Type: "forward" as const }), "target group ARN must be specified"],
    [
      "two different target groups",
      () => ({ ...weighted({ [green]: 1 }), TargetGroupArn: blue }),
      "must contain only the same target group",
    ],
    ["an unknown target group", () => weighted({ [GONE]: 1 }), `Target groups '${GONE}' not found`],
    [
      "a redirect to itself",
      () => ({ Type: "redirect" as const, RedirectConfig: { StatusCode: "HTTP_301" as const } }),
      "creates a loop",
    ],
    [
      "authentication without HTTPS",
      () => ({
        Type: "authenticate-cognito" as const,
        Order: 1,
        AuthenticateCognitoConfig: { UserPoolArn: "a", UserPoolClientId: "b", UserPoolDomain: "c" },
      }),
      "'forward', 'redirect' or 'fixed-response' action must be specified",
    ],
  ])("refuses %s and stays as it was", async (_what, action, message) => {
    const arn = await createListener(world, loadBalancer, { Type: "forward", TargetGroupArn: blue });
    const before = await actionsOf(arn);
    await expect(modify(arn, action())).rejects.toThrow(message);
    expect(await actionsOf(arn)).toEqual(before);
  });

  it("refuses a sixth target group in one forward", async () => {
    const arns = [blue, green];
    for (const name of ["c", "d", "e", "f"]) arns.push(await createTargetGroup(world, name));
    const all = (count: number) => weighted(Object.fromEntries(arns.slice(0, count).map((arn) => [arn, 1])));
    await expect(createListener(world, loadBalancer, all(6))).rejects.toThrow("at most 5 target groups");
    await createListener(world, loadBalancer, all(5));
  });

  it("keeps authentication in order before the forward, never returns the client secret, and asks for it again", async () => {
    const authenticate = {
      Type: "authenticate-oidc",
      Order: 1,
      AuthenticateOidcConfig: {
        Issuer: "https://idp",
        AuthorizationEndpoint: "https://idp/a",
        TokenEndpoint: "https://idp/t",
        UserInfoEndpoint: "https://idp/u",
        ClientId: "client",
        ClientSecret: "secret",
      },
    } satisfies Action;
    const forward = { ...weighted({ [blue]: 100, [green]: 0 }), Order: 2 };
    const Certificates = [{ CertificateArn: "arn:aws:acm:ap-northeast-2:123456789012:certificate/1" }];
    const input = { LoadBalancerArn: loadBalancer, Port: 443, DefaultActions: [forward, authenticate] };
    await expect(world.client.send(new CreateListenerCommand({ ...input, Protocol: "HTTP" }))).rejects.toThrow(
      "supported only on HTTPS listeners",
    );
    await expect(world.client.send(new CreateListenerCommand({ ...input, Protocol: "HTTPS" }))).rejects.toThrow(
      "certificate must be specified",
    );
    const { Listeners } = await world.client.send(
      new CreateListenerCommand({ ...input, Protocol: "HTTPS", Certificates }),
    );
    const [listener] = Listeners ?? [];
    expect(listener).toMatchObject({ Protocol: "HTTPS", SslPolicy: "ELBSecurityPolicy-2016-08", Certificates });
    expect(listener?.DefaultActions?.map((action) => action.Type)).toEqual(["authenticate-oidc", "forward"]);
    expect(JSON.stringify(listener)).not.toContain("ClientSecret");

    const arn = listener?.ListenerArn ?? "";
    const [readAuthenticate, readForward] = listener?.DefaultActions ?? [];
    if (!readAuthenticate?.AuthenticateOidcConfig || !readForward) throw new Error("actions are missing");
    await expect(modify(arn, readAuthenticate, readForward)).rejects.toThrow(
      "either specify a client secret or set UseExistingClientSecret to true",
    );
    const again = {
      ...readAuthenticate,
      AuthenticateOidcConfig: { ...readAuthenticate.AuthenticateOidcConfig, UseExistingClientSecret: true },
    };
    expect(await modify(arn, again, readForward)).toEqual([readAuthenticate, readForward]);
    const url = world.elb.controls.listenerUrls()["library-alb:443"] ?? "";
    expect((await get(url)).status).toBe(503);
  });

  it("has further certificates by host beside its default one, over HTTPS alone", async () => {
    const certificate = (name: string) => ({
      CertificateArn: `arn:aws:acm:ap-northeast-2:123456789012:certificate/${name}`,
    });
    const plain = await createListener(world, loadBalancer, weighted({ [blue]: 1 }));
    const { Listeners } = await world.client.send(
      new CreateListenerCommand({
        LoadBalancerArn: loadBalancer,
        Protocol: "HTTPS",
        Port: 443,
        Certificates: [certificate("default")],
        DefaultActions: [weighted({ [blue]: 1 })],
      }),
    );
    const ListenerArn = Listeners?.[0]?.ListenerArn;
    const further = { ListenerArn, Certificates: [certificate("shop")] };
    await world.client.send(new AddListenerCertificatesCommand(further));
    const read = async () =>
      (await world.client.send(new DescribeListenerCertificatesCommand({ ListenerArn }))).Certificates;
    expect(await read()).toEqual([
      { ...certificate("default"), IsDefault: true },
      { ...certificate("shop"), IsDefault: false },
    ]);
    await world.client.send(new RemoveListenerCertificatesCommand(further));
    expect(await read()).toHaveLength(1);
    const first = { ListenerArn, Certificates: [certificate("default")] };
    await expect(world.client.send(new RemoveListenerCertificatesCommand(first))).rejects.toThrow("cannot be removed");
    const onPlain = new AddListenerCertificatesCommand({ ...further, ListenerArn: plain });
    await expect(world.client.send(onPlain)).rejects.toThrow("cannot be specified for HTTP listeners");
  });

  it("answers a fixed response and a redirect as told", async () => {
    const FixedResponseConfig = { StatusCode: "410", ContentType: "text/plain", MessageBody: "moved away" };
    const arn = await createListener(world, loadBalancer, { Type: "fixed-response", FixedResponseConfig });
    const url = world.elb.controls.listenerUrls()["library-alb:80"] ?? "";
    expect(await get(url)).toMatchObject({ status: 410, body: "moved away" });
    const RedirectConfig = { Protocol: "HTTPS", Port: "443", Path: "/new/#{path}", StatusCode: "HTTP_301" } as const;
    await modify(arn, { Type: "redirect", RedirectConfig });
    const got = await get(url, { path: "/a/b?c=d", headers: { host: "library.example:8080" } });
    expect(got.status).toBe(301);
    expect(got.headers.location).toBe("https://library.example:443/new/a/b?c=d");
  });

  it("is the same when created twice alike, and refused when different", async () => {
    const arn = await createListener(world, loadBalancer, weighted({ [blue]: 1 }));
    expect(await createListener(world, loadBalancer, weighted({ [blue]: 1 }))).toBe(arn);
    await expect(createListener(world, loadBalancer, weighted({ [green]: 1 }))).rejects.toThrow(
      DuplicateListenerException,
    );
  });

  it("cannot forward to a group of another load balancer", async () => {
    await createListener(world, loadBalancer, weighted({ [blue]: 1, [green]: 0 }));
    const other = await createLoadBalancer(world, "other-alb");
    await expect(createListener(world, other, weighted({ [green]: 1 }))).rejects.toThrow(
      TargetGroupAssociationLimitException,
    );
  });

  it("cannot leave group stickiness off where a target group is sticky, nor can a group become so behind it", async () => {
    const arn = await createListener(world, loadBalancer, weighted({ [blue]: 1, [green]: 0 }));
    await expect(setAttribute(world, blue, "stickiness.enabled", "true")).rejects.toThrow(
      "You must enable group stickiness before enabling target stickiness",
    );
    await modify(arn, weighted({ [blue]: 1 }));
    await setAttribute(world, blue, "stickiness.enabled", "true");
    await expect(modify(arn, weighted({ [blue]: 1, [green]: 0 }))).rejects.toThrow("must enable group stickiness");
    await modify(arn, weighted({ [blue]: 1, [green]: 0 }, 60));
  });

  it("has AWS's default attributes", async () => {
    const arn = await createListener(world, loadBalancer, weighted({ [blue]: 1 }));
    const { Attributes } = await world.client.send(new DescribeListenerAttributesCommand({ ListenerArn: arn }));
    expect(Attributes).toContainEqual({ Key: "routing.http.response.server.enabled", Value: "true" });
  });

  it("shows what a control changed behind the API's back", async () => {
    const arn = await createListener(world, loadBalancer, weighted({ [blue]: 100, [green]: 0 }, 60));
    world.elb.controls.setWeights("library-alb:80", { "library-blue-tg": 0, "library-green-tg": 100 });
    expect(await actionsOf(arn)).toMatchObject([weighted({ [blue]: 0, [green]: 100 }, 60)]);
    expect(() => world.elb.controls.setWeights("library-alb:81", { "library-blue-tg": 1 })).toThrow("not found");
    expect(() => world.elb.controls.setWeights("library-alb:80", { "no-such-tg": 1 })).toThrow("not found");
  });
});

describe("load balancers", () => {
  it("are provisioning for a moment, then active, and found by name or ARN, at most 20 at a time", async () => {
    const byName = () => world.client.send(new DescribeLoadBalancersCommand({ Names: ["library-alb"] }));
    expect((await byName()).LoadBalancers?.[0]).toMatchObject({
      LoadBalancerArn: loadBalancer,
      State: { Code: "provisioning" },
      Type: "application",
      Scheme: "internet-facing",
    });
    world.clock.advance(1000);
    expect((await byName()).LoadBalancers?.[0]?.State).toEqual({ Code: "active" });
    const Names = Array.from({ length: 21 }, (_, at) => `lb-${at}`);
    await expect(world.client.send(new DescribeLoadBalancersCommand({ Names }))).rejects.toThrow("maximum of 20");
    await expect(
      world.client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: ["arn:gone"] })),
    ).rejects.toThrow(LoadBalancerNotFoundException);
  });

  it("come in pages", async () => {
    for (const name of ["b", "c"]) await createLoadBalancer(world, name);
    const first = await world.client.send(new DescribeLoadBalancersCommand({ PageSize: 2 }));
    expect(first.LoadBalancers?.map((one) => one.LoadBalancerName)).toEqual(["library-alb", "b"]);
    const last = await world.client.send(new DescribeLoadBalancersCommand({ PageSize: 2, Marker: first.NextMarker }));
    expect(last.LoadBalancers?.map((one) => one.LoadBalancerName)).toEqual(["c"]);
    expect(last.NextMarker).toBeUndefined();
  });

  it("are the same when created twice alike, and refused when different", async () => {
    expect(await createLoadBalancer(world)).toBe(loadBalancer);
    const Subnets = ["subnet-0c", "subnet-0d"];
    await expect(world.client.send(new CreateLoadBalancerCommand({ Name: "library-alb", Subnets }))).rejects.toThrow(
      DuplicateLoadBalancerNameException,
    );
  });

  it("go with their listeners, unless deletion protection is on", async () => {
    await createListener(world, loadBalancer, weighted({ [blue]: 1 }));
    const url = world.elb.controls.listenerUrls()["library-alb:80"] ?? "";
    const protect = (Value: string) =>
      world.client.send(
        new ModifyLoadBalancerAttributesCommand({
          LoadBalancerArn: loadBalancer,
          Attributes: [{ Key: "deletion_protection.enabled", Value }],
        }),
      );
    await protect("true");
    const remove = () => world.client.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: loadBalancer }));
    await expect(remove()).rejects.toThrow("deletion protection");
    await protect("false");
    await remove();
    await expect(get(url)).rejects.toThrow("ECONNREFUSED");
    expect(world.elb.targets.findTargetGroup(blue)).toEqual({
      name: "library-blue-tg",
      isAssociated: false,
      targetType: "ip",
    });
  });

  it("are all gone after a reset, and their ports free", async () => {
    await createListener(world, loadBalancer, weighted({ [blue]: 1 }));
    const url = world.elb.controls.listenerUrls()["library-alb:80"] ?? "";
    await world.elb.reset();
    await expect(get(url)).rejects.toThrow("ECONNREFUSED");
    expect((await world.client.send(new DescribeLoadBalancersCommand({}))).LoadBalancers).toEqual([]);
    expect(world.elb.controls.stats()).toEqual({ listeners: {}, targetGroups: {} });
  });
});
