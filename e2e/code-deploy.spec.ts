import {
  CodeDeployClient,
  CreateDeploymentConfigCommand,
  UpdateDeploymentGroupCommand,
} from "@aws-sdk/client-codedeploy";
import type { Locator, Page } from "@playwright/test";
import { ADMINISTRATOR } from "../lib/testing/shipped-policy.ts";
import { expectFits } from "./fits.ts";
import { awake, type Color, expect, SANDBOX_URL, side, signIn, test, type World } from "./world.ts";

/* `members`, which CodeDeploy deploys: its group waits before it reroutes traffic, and keeps the old side for half an hour. */

interface Seen {
  traffic: { live: string; weights: Record<Color, number> };
  deployment: { id: string; stage: string; status: string; aws?: { gate: { id: string } | null } } | null;
  lastDeployment: { status: string; statusReason: string | null; aws?: { answered: { gate: string }[] } } | null;
  slots: Record<Color, { revision: { tag: string | null } | null; counts: { healthy: number } }>;
}

const read = async (world: World) => (await world.api("GET", "/api/v1/applications/members")).body as Seen;

/** The group as these tests want it; a world that was reset since has its seeded one. */
async function configure(): Promise<void> {
  const client = new CodeDeployClient({
    endpoint: SANDBOX_URL,
    region: "ap-northeast-2",
    credentials: ADMINISTRATOR,
  });
  await client
    .send(
      new CreateDeploymentConfigCommand({
        deploymentConfigName: "a-fifth-for-a-minute",
        computePlatform: "ECS",
        trafficRoutingConfig: {
          type: "TimeBasedCanary",
          timeBasedCanary: { canaryPercentage: 20, canaryInterval: 1 },
        },
      }),
    )
    // Another test has made it already.
    .catch(() => null);
  await client.send(
    new UpdateDeploymentGroupCommand({
      applicationName: "members",
      currentDeploymentGroupName: "members-group",
      deploymentConfigName: "a-fifth-for-a-minute",
      blueGreenDeploymentConfiguration: {
        deploymentReadyOption: { actionOnTimeout: "STOP_DEPLOYMENT", waitTimeInMinutes: 60 },
        terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 30 },
      },
    }),
  );
  client.destroy();
}

/** Nothing in flight, one side live and healthy, and nothing that somebody else changed. */
async function settle(world: World): Promise<{ from: Color; to: Color; tag: string }> {
  await expect
    .poll(
      async () => {
        const { deployment, traffic, slots } = await read(world);
        if (deployment) await world.api("POST", `/api/v1/deployments/${deployment.id}/abort`, {});
        const isAsLeft = await world.acknowledgeDrifts("members");
        const live = traffic.live === "blue" || traffic.live === "green" ? traffic.live : null;
        return deployment === null && isAsLeft && live !== null && slots[live].counts.healthy === 2;
      },
      { timeout: 180_000, message: "members is at rest" },
    )
    .toBe(true);
  const { traffic, slots } = await read(world);
  const from: Color = traffic.live === "green" ? "green" : "blue";
  const tag = slots[from].revision?.tag === "1.9.0" ? "1.8.0" : "1.9.0";
  return { from, to: from === "blue" ? "green" : "blue", tag };
}

async function release(world: World, imageTag: string): Promise<void> {
  const { status, body } = await world.api("POST", "/api/v1/applications/members/deployments", { imageTag });
  expect(status, JSON.stringify(body)).toBe(202);
}

const waitsAt = (world: World, stage: string) =>
  expect
    .poll(
      async () => {
        const { deployment } = await read(world);
        return deployment?.aws?.gate ? deployment.stage : null;
      },
      { timeout: 180_000, message: `CodeDeploy waits at ${stage}` },
    )
    .toBe(stage);

const isOver = (world: World) =>
  expect.poll(async () => (await read(world)).deployment, { timeout: 180_000, message: "it has ended" }).toBeNull();

function button(page: Page, name: string | RegExp): Locator {
  return page.getByRole("button", { name }).locator("visible=true").first();
}

test.afterEach(async ({ world }) => {
  await settle(world);
});

test("a release of members is rerouted with a receipt, keeps the old side, and blue is ended early", async ({
  page,
  world,
}) => {
  test.setTimeout(600_000);
  await configure();
  const { from, to, tag } = await settle(world);
  await release(world, tag);
  await waitsAt(world, "PRE_PRODUCTION_TRAFFIC_SHIFT");
  await signIn(page, "operator", "/members");
  await awake(page);
  const answer = button(page, `Let CodeDeploy shift`);
  await expect(answer).not.toHaveAttribute("aria-disabled", "true", { timeout: 60_000 });
  await expect(
    page.getByText(new RegExp(`If nobody answers by .* CodeDeploy stops it: ${from} stays live`)).first(),
  ).toBeVisible();
  await answer.click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("READY_WAIT");
  await expect(dialog).toContainText("ContinueDeployment");
  await dialog.getByRole("button", { name: /^Let CodeDeploy shift/ }).click();

  await waitsAt(world, "BAKE_TIME");
  await expect(side(page, to)).toContainText("100 % of traffic");
  const close = button(page, "Close the window");
  await expect(close).toBeVisible({ timeout: 30_000 });
  await expect(button(page, `Roll back to ${from}`)).toBeEnabled();
  await page.screenshot({ path: test.info().outputPath("kept.png") });
  await close.click();
  await dialog.getByRole("button", { name: "Close the window" }).click();
  await isOver(world);
  const { lastDeployment, traffic } = await read(world);
  expect(lastDeployment?.status).toBe("SUCCESSFUL");
  expect(lastDeployment?.aws?.answered.map(({ gate }) => gate.split(":")[1])).toEqual([
    "READY_WAIT",
    "TERMINATION_WAIT",
  ]);
  expect(traffic.live).toBe(to);
});

test("on a phone a release in the middle of its shift is rolled back, and the record says who and by what", async ({
  page,
  world,
}) => {
  test.setTimeout(600_000);
  await configure();
  const { from, to, tag } = await settle(world);
  await release(world, tag);
  await waitsAt(world, "PRE_PRODUCTION_TRAFFIC_SHIFT");
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, "operator", "/approvals");
  const mine = page.getByRole("region", { name: /^Waits for you/ });
  await mine.getByRole("link", { name: new RegExp(`members: Release ${tag} to ${to}`) }).click();
  const answer = page.getByRole("dialog").getByRole("button", { name: /^Let CodeDeploy shift/ });
  await expect(answer).not.toHaveAttribute("aria-disabled", "true", { timeout: 30_000 });
  await answer.click();
  await expect
    .poll(async () => (await read(world)).traffic.weights[to], { timeout: 120_000, message: "its first step" })
    .toBe(20);
  await page.goto("/members");
  await awake(page);
  await expectFits(page, 390);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(side(page, to)).toContainText("20 % of traffic");
  await page.screenshot({ path: test.info().outputPath("shifting-phone.png") });
  await button(page, `Roll back to ${from}`).click();
  await isOver(world);
  const { lastDeployment, traffic } = await read(world);
  expect(lastDeployment).toMatchObject({ status: "ROLLBACK_SUCCESSFUL" });
  expect(lastDeployment?.statusReason).toMatch(/^Rolled back by .*operator/i);
  expect(traffic.weights).toEqual(from === "blue" ? { blue: 100, green: 0 } : { blue: 0, green: 100 });
  await expect(page.getByText(": rolled back").first()).toBeVisible();
});
