import type { Locator, Page } from "@playwright/test";
import { expectFits } from "./fits.ts";
import { awake, type Color, expect, side, signIn, test, type World } from "./world.ts";

/* Services that ECS deploys itself: `orders` waits at two gates, `payments` moves by canary. Every test leaves nothing in flight. */

type Native = "orders" | "payments";

interface Seen {
  traffic: { live: string; weights: Record<Color, number> };
  deployment: { id: string; stage: string; to: Color; aws?: { gate: { id: string } | null } } | null;
  lastDeployment: { status: string; aws?: { answered: { action: string }[] } } | null;
  slots: Record<Color, { revision: { tag: string | null } | null; counts: { healthy: number } }>;
}

async function read(world: World, name: Native): Promise<Seen> {
  return (await world.api("GET", `/api/v1/applications/${name}`)).body as Seen;
}

/** Nothing of it in flight, one side live and healthy, and nothing that somebody else changed. */
async function settle(world: World, name: Native): Promise<void> {
  await expect
    .poll(
      async () => {
        const { deployment, traffic, slots } = await read(world, name);
        if (deployment) await world.api("POST", `/api/v1/deployments/${deployment.id}/abort`, {});
        const isAsLeft = await world.acknowledgeDrifts(name);
        const live = traffic.live === "blue" || traffic.live === "green" ? traffic.live : null;
        return deployment === null && isAsLeft && live !== null && slots[live].counts.healthy === 2;
      },
      { timeout: 180_000, message: `${name} is at rest` },
    )
    .toBe(true);
}

/** The version that is not live, and the side that it goes to. */
async function next(world: World): Promise<{ tag: string; from: Color; to: Color }> {
  const { traffic, slots } = await read(world, "orders");
  const from: Color = traffic.live === "green" ? "green" : "blue";
  const tag = slots[from].revision?.tag === "3.1.0" ? "3.0.0" : "3.1.0";
  return { tag, from, to: from === "blue" ? "green" : "blue" };
}

async function release(world: World, name: Native, imageTag: string): Promise<void> {
  const { status, body } = await world.api("POST", `/api/v1/applications/${name}/deployments`, { imageTag });
  expect(status, JSON.stringify(body)).toBe(202);
}

async function gateOpens(world: World, stage: string): Promise<void> {
  await expect
    .poll(
      async () => {
        const { deployment } = await read(world, "orders");
        return deployment?.aws?.gate ? deployment.stage : null;
      },
      { timeout: 180_000, message: `ECS waits at ${stage}` },
    )
    .toBe(stage);
}

function button(page: Page, name: string | RegExp): Locator {
  return page.getByRole("button", { name }).locator("visible=true").first();
}

test.afterEach(async ({ world }) => {
  for (const name of ["orders", "payments"] as const) await settle(world, name);
});

test("a release of orders waits at ECS's gate, is answered with a receipt, held open and closed", async ({
  page,
  world,
}) => {
  test.setTimeout(600_000);
  await settle(world, "orders");
  const { tag, from, to } = await next(world);
  await signIn(page, "operator", "/orders/deploy");
  await awake(page);
  await page.getByRole("radio", { name: new RegExp(`^${tag.replaceAll(".", "\\.")}\\b`) }).check({ force: true });
  await expect(page.getByText("UpdateService")).toBeVisible();
  await expect(page.getByRole("radio", { name: "Canary" })).toHaveCount(0);
  await page.getByRole("button", { name: /^Start/ }).click();
  await expect(page).toHaveURL(/\/orders$/);

  await gateOpens(world, "POST_TEST_TRAFFIC_SHIFT");
  const answer = button(page, `Let ECS shift all traffic to ${to}`);
  await expect(answer).not.toHaveAttribute("aria-disabled", "true", { timeout: 60_000 });
  const otherwise = new RegExp(`If nobody answers by .* ECS rolls back: ${from} stays live`);
  await expect(page.getByText(otherwise).first()).toBeVisible();
  await answer.click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("ecs-pause-");
  await expect(dialog).toContainText(otherwise);
  await expect(dialog).toContainText("ContinueServiceDeployment");
  await expect(dialog.getByText("· change")).toHaveCount(0);
  await page.screenshot({ path: test.info().outputPath("receipt.png") });
  await dialog.getByRole("button", { name: /^Let ECS shift/ }).click();

  await gateOpens(world, "POST_PRODUCTION_TRAFFIC_SHIFT");
  const close = button(page, "Close the window");
  await expect(close).toBeVisible({ timeout: 30_000 });
  await expect(button(page, `Roll back to ${from}`)).toBeEnabled();
  await expect(page.getByRole("button", { name: /min longer/ })).toHaveCount(0);
  await expect(side(page, to)).toContainText("100 % of traffic");
  await page.screenshot({ path: test.info().outputPath("held-open.png") });
  await close.click();
  await expect(dialog).toContainText(`then stops ${from}`);
  await dialog.getByRole("button", { name: "Close the window" }).click();
  await expect
    .poll(async () => (await read(world, "orders")).deployment, { timeout: 240_000, message: "it has ended" })
    .toBeNull();
  const { lastDeployment, traffic } = await read(world, "orders");
  expect(lastDeployment?.status).toBe("SUCCESSFUL");
  expect(lastDeployment?.aws?.answered.map(({ action }) => action)).toEqual(["CONTINUE", "CONTINUE"]);
  expect(traffic.live).toBe(to);
  await expect(page.getByRole("link", { name: "Deploy a new version" })).toBeVisible();
});

test("at the gate ECS is told to roll back, and the board says rolled back", async ({ page, world }) => {
  test.setTimeout(400_000);
  await settle(world, "orders");
  const { tag, from } = await next(world);
  await release(world, "orders", tag);
  await gateOpens(world, "POST_TEST_TRAFFIC_SHIFT");
  await signIn(page, "operator", "/orders");
  await awake(page);
  await button(page, "Have ECS roll back").click();
  await expect
    .poll(async () => (await read(world, "orders")).deployment, { timeout: 180_000, message: "it has ended" })
    .toBeNull();
  const { lastDeployment, traffic } = await read(world, "orders");
  expect(lastDeployment?.status).toBe("ROLLBACK_SUCCESSFUL");
  expect(traffic.live).toBe(from);
  await expect(page.getByText(": rolled back").first()).toBeVisible();
});

test("a canary of payments shows its step, what ECS says of it, and comes back at once", async ({ page, world }) => {
  test.setTimeout(400_000);
  await settle(world, "payments");
  await signIn(page, "operator", "/payments");
  await awake(page);
  await release(world, "payments", "5.1.0");
  await expect
    .poll(async () => (await read(world, "payments")).traffic.weights, { timeout: 240_000, message: "its first step" })
    .toEqual({ blue: 90, green: 10 });
  await expect(side(page, "green")).toContainText("Canary, 10 % of traffic");
  await expect(page.getByRole("region", { name: "Where traffic goes" }).first()).toContainText("ECS says");
  await expect(page.getByText(/10 % for 2 min, then all/).first()).toBeVisible();
  await expect(page.getByText("StopServiceDeployment").first()).toBeVisible();
  await page.screenshot({ path: test.info().outputPath("canary.png") });
  await button(page, "Roll back to blue").click();
  await expect
    .poll(async () => (await read(world, "payments")).deployment, { timeout: 180_000, message: "it has ended" })
    .toBeNull();
  expect((await read(world, "payments")).traffic.weights).toEqual({ blue: 100, green: 0 });
});

test("what waits is answered in two taps on a phone", async ({ page, world }) => {
  test.setTimeout(400_000);
  await settle(world, "orders");
  const { tag, to } = await next(world);
  await release(world, "orders", tag);
  await gateOpens(world, "POST_TEST_TRAFFIC_SHIFT");
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, "operator", "/approvals");
  const mine = page.getByRole("region", { name: /^Waits for you/ });
  await expect(mine).toContainText(/At .* this rolls back: \w+ stays live/);
  await expectFits(page, 390);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: test.info().outputPath("waits.png") });
  await mine.getByRole("link", { name: new RegExp(`orders: Release ${tag} to ${to}`) }).click();
  const answer = page.getByRole("dialog").getByRole("button", { name: `Let ECS shift all traffic to ${to}` });
  await expect(answer).toBeInViewport();
  await expect(answer).not.toHaveAttribute("aria-disabled", "true", { timeout: 30_000 });
  await page.screenshot({ path: test.info().outputPath("receipt-phone.png") });
  await answer.click();
  await gateOpens(world, "POST_PRODUCTION_TRAFFIC_SHIFT");
  expect((await read(world, "orders")).traffic.live).toBe(to);
  await page.goto("/approvals");
  await expect(page.getByRole("region", { name: /^Waits for you/ })).toContainText(/the window closes: ECS bakes/);
});
