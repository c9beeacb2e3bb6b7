import { expect, signIn, test } from "./world.ts";

/* What blocks deployments, and how long the way back stays instant. */

test("a drift is shown within one look and blocks the switch until it is acknowledged", async ({ page, world }) => {
  await signIn(page, "operator");
  await world.sandbox("POST", "/listeners", { listener: "library-alb:80", weights: { blue: 50, green: 0 } });
  const strip = page.getByRole("region", { name: "What blocks deployments" });
  await expect(strip).toContainText(/Weights changed from 100\/0 to 50\/0 at \d\d:\d\d UTC, not by Switchyard/);
  await expect(page.getByRole("button", { name: "Switch to green" }).first()).toHaveAttribute("aria-disabled", "true");
  const { hash } = await world.receipt("green");
  const refused = await world.api("POST", "/api/v1/applications/library/switch", { to: "green", receipt: hash });
  expect(refused.body).toMatchObject({ code: "DRIFT_NOT_ACKNOWLEDGED" });

  await strip.getByRole("button", { name: "Acknowledge" }).click();
  await expect(strip).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Switch to green" }).first()).not.toHaveAttribute("aria-disabled");
  expect((await world.snapshot()).traffic.weights).toEqual({ blue: 50, green: 0 });
});

test("a freeze by an admin stops a switch but not a rollback; the window is counted down and extended", async ({
  page,
  world,
}) => {
  test.setTimeout(180_000);
  const { hash } = await world.receipt("green");
  const moved = await world.api("POST", "/api/v1/applications/library/switch", { to: "green", receipt: hash });
  expect(moved.status, JSON.stringify(moved.body)).toBe(202);
  await expect.poll(async () => (await world.snapshot()).deployment, { timeout: 120_000 }).toBe(null);

  await signIn(page, "admin");
  await expect(page.getByText(/Instant: blue warm 2 of 2, window closes/).first()).toBeVisible();
  const until = async () => ((await world.snapshot()) as unknown as { window: { until: number } }).window.until;
  const before = await until();
  await page.getByRole("button", { name: "Keep blue 30 min longer" }).click();
  await expect.poll(until).toBe(before + 30 * 60_000);

  await page.goto("/freezes");
  await page.getByLabel("Reason").fill("audit week");
  await page.getByLabel("Until").selectOption("1 hour from now");
  await page.getByRole("button", { name: "Freeze deployments" }).click();
  await expect(page.getByRole("region", { name: "Freezes" })).toContainText("audit week");
  await page.goto("/library");
  await expect(page.getByRole("region", { name: "What blocks deployments" })).toContainText("audit week");
  const fresh = await world.receipt("blue");
  const refused = await world.api("POST", "/api/v1/applications/library/switch", { to: "blue", receipt: fresh.hash });
  expect(refused.body).toMatchObject({ code: "FROZEN" });

  await page.getByRole("button", { name: "Roll back to blue" }).first().click();
  await expect
    .poll(async () => (await world.snapshot()).traffic.weights, { timeout: 60_000 })
    .toEqual({ blue: 100, green: 0 });
  await page.goto("/freezes");
  await page.getByRole("button", { name: "Lift" }).first().click();
  await expect(page.getByRole("button", { name: "Lift" })).toHaveCount(0);
});
