import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { startTraffic } from "./traffic.ts";
import { ALB_URL, expect, SANDBOX_URL, signIn, test } from "./world.ts";

/* A listener that forwards to one side alone, as every first one does, and the button that adds the other. */

/** Not the product: its policy does not bind this key. */
const ADMINISTRATOR = { accessKeyId: "administrator", secretAccessKey: "any" };

async function listenersOf(elb: ElasticLoadBalancingV2Client) {
  const balancers = await elb.send(new DescribeLoadBalancersCommand({ Names: ["library-alb"] }));
  const LoadBalancerArn = balancers.LoadBalancers?.[0]?.LoadBalancerArn;
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  return Listeners;
}

test("green is added at weight 0 from the plan of the first deploy; no request is lost or moved, and nobody else is said to have done it", async ({
  page,
  world,
}) => {
  test.setTimeout(180_000);
  const elb = new ElasticLoadBalancingV2Client({
    ...{ endpoint: SANDBOX_URL, region: "ap-northeast-2", credentials: ADMINISTRATOR },
  });
  const nameOf = (arn = "") => arn.split("/").at(-2);
  const groupsOf = async () => {
    const production = (await listenersOf(elb)).find(({ Port }) => Port === 80);
    return production?.DefaultActions?.at(-1)?.ForwardConfig?.TargetGroups ?? [];
  };
  const blue = (await groupsOf()).find(({ TargetGroupArn }) => nameOf(TargetGroupArn) === "library-blue-tg");
  const DefaultActions = [{ Type: "forward" as const, TargetGroupArn: blue?.TargetGroupArn }];
  // The test listener as well: a group that any of them names has its targets checked.
  for (const { ListenerArn } of await listenersOf(elb))
    await elb.send(new ModifyListenerCommand({ ListenerArn, DefaultActions }));
  // Somebody did that, and somebody takes note of it.
  await expect.poll(async () => (await world.snapshot()).drifts?.length ?? 0, { timeout: 60_000 }).toBeGreaterThan(0);
  await expect.poll(() => world.acknowledgeDrifts("library"), { timeout: 60_000 }).toBe(true);

  const traffic = startTraffic(ALB_URL, 20);
  try {
    await signIn(page, "operator", "/library/deploy");
    await page.getByRole("radio", { name: /^1\.1\.0\b/ }).check({ force: true });
    const offer = page.getByRole("region", { name: "Add library-green-tg at weight 0" });
    await expect(offer).toContainText("library-alb HTTP:80", { timeout: 30_000 });
    await expect(offer).toContainText("No request moves");
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: test.info().outputPath(`add-group-${colorScheme}.png`), fullPage: true });
    }
    await offer.getByRole("button", { name: "Add library-green-tg at weight 0" }).click();
    await expect(offer).toBeHidden({ timeout: 30_000 });
    expect((await groupsOf()).map(({ TargetGroupArn, Weight }) => [nameOf(TargetGroupArn), Weight])).toEqual([
      ["library-blue-tg", 1],
      ["library-green-tg", 0],
    ]);
    // Nobody else did it.
    expect((await world.snapshot()).drifts ?? []).toEqual([]);

    await expect(page.getByRole("button", { name: "Start deployment to green" })).toBeEnabled();
  } finally {
    await traffic.stop();
    elb.destroy();
  }
  expect(traffic.record.failures).toEqual([]);
  expect(traffic.record.bySlot.green).toBeUndefined();
  await page.goto("/audit");
  await expect(page.getByText("library-green-tg is now named, at weight 0", { exact: false }).first()).toBeVisible();
});
