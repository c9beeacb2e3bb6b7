import { ModifyListenerCommand, ModifyTargetGroupAttributesCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createListener,
  createLoadBalancer,
  createTargetGroup,
  type Got,
  get,
  register,
  setAttribute,
  startElb,
  type TestElb,
  weighted,
} from "./elb-fixture.ts";

let world: TestElb;
let blue: string;
let green: string;
let listener: string;
let url: string;

beforeEach(async () => {
  world = await startElb();
  blue = await createTargetGroup(world, "blue");
  green = await createTargetGroup(world, "green");
  listener = await createListener(world, await createLoadBalancer(world), weighted({ [blue]: 100, [green]: 0 }, 600));
  url = world.elb.controls.listenerUrls()["library-alb:80"] ?? "";
  await register(world, blue, "10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80");
  await register(world, green, "10.0.1.1:80", "10.0.1.2:80");
  world.clock.advance(1000);
});

afterEach(() => world.close());

function cookiesOf(got: Got): string {
  return (got.headers["set-cookie"] ?? []).map((one) => one.split(";")[0]).join("; ");
}

describe("group stickiness", () => {
  it("keeps a client on its group after a switch until the duration ends: the trap it sets", async () => {
    const first = await get(url);
    const cookie = cookiesOf(first);
    expect(cookie).toMatch(/^AWSALBTG=\S+; AWSALBTGCORS=\S+$/);
    const DefaultActions = [weighted({ [blue]: 0, [green]: 100 }, 600)];
    await world.client.send(new ModifyListenerCommand({ ListenerArn: listener, DefaultActions }));
    for (let at = 0; at < 4; at++) expect((await get(url, { headers: { cookie } })).body).toMatch(/^10\.0\.0\./);
    expect((await get(url)).body).toMatch(/^10\.0\.1\./);
    world.clock.advance(600_000);
    expect((await get(url, { headers: { cookie } })).body).toMatch(/^10\.0\.1\./);
  });

  it.each(["AWSALBTG=", "AWSALBTG=%%%", "AWSALBTG=eyJhIjoxfQ", "AWSALBTG=WyJub2JvZHkiLDk5OTk5OTk5OTk5OTk5XQ"])(
    "takes no notice of the foreign cookie %j",
    async (cookie) => {
      const got = await get(url, { headers: { cookie } });
      expect(got.body).toMatch(/^10\.0\.0\./);
      expect(cookiesOf(got)).toContain("AWSALBTG=");
    },
  );
});

describe("target stickiness", () => {
  it("keeps a client on its target, renewed with each answer, until the target goes", async () => {
    await setAttribute(world, blue, "stickiness.enabled", "true");
    const first = await get(url);
    const cookie = cookiesOf(first);
    expect(cookie).toMatch(/AWSALB=\S+; AWSALBCORS=\S+/);
    for (let at = 0; at < 5; at++) {
      const next = await get(url, { headers: { cookie } });
      expect(next.body).toBe(first.body);
      expect(cookiesOf(next)).toContain("AWSALB=");
    }
    world.elb.targets.deregister(blue, { id: first.body.split(":")[0] ?? "", port: 80 });
    expect((await get(url, { headers: { cookie } })).body).not.toBe(first.body);
  });

  it("by application cookie begins with the application's own cookie", async () => {
    await world.client.send(
      new ModifyTargetGroupAttributesCommand({
        TargetGroupArn: blue,
        Attributes: [
          { Key: "stickiness.enabled", Value: "true" },
          { Key: "stickiness.type", Value: "app_cookie" },
          { Key: "stickiness.app_cookie.cookie_name", Value: "session" },
        ],
      }),
    );
    expect(cookiesOf(await get(url))).not.toContain("AWSALBAPP");
  });
});
