import { expectFits } from "./fits.ts";
import { button, gateOpens, next, read, release, settle } from "./native-release.ts";
import { awake, expect, side, signIn, test } from "./world.ts";

/* Services that ECS deploys itself: `orders` waits at two gates, `payments` moves by canary. Every test leaves nothing in flight. */

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
