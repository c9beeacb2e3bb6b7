import { startTraffic } from "./traffic.ts";
import { ALB_URL, expect, side, signIn, test } from "./world.ts";

test("deploys 1.1.0, switches and rolls back while 50 requests a second lose none", async ({ page, world }) => {
  test.setTimeout(240_000);
  await signIn(page, "operator", "/library/deploy");
  const traffic = startTraffic(ALB_URL, 50);
  try {
    await page.getByRole("radio", { name: /^1\.1\.0\b/ }).check({ force: true });
    await expect(page.getByRole("region", { name: "1.1.0 to green" })).toContainText("+ 1.1.0");
    await page.getByRole("button", { name: /^Start/ }).click();
    await expect(page).toHaveURL(/\/library$/);
    await expect(side(page, "green")).toContainText("1.1.0", { timeout: 60_000 });
    await expect(side(page, "blue")).toContainText("1.0.0");

    const primary = page.getByRole("button", { name: "Switch to green" });
    await expect(primary).toBeEnabled({ timeout: 120_000 });
    await expect(primary).not.toHaveAttribute("aria-disabled", "true", { timeout: 120_000 });
    expect(traffic.record.bySlot.green).toBeUndefined();
    await primary.click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("blue 0, green 100");
    await dialog.getByLabel(/reason/i).fill("The new release");
    await dialog.getByRole("button", { name: "Switch to green" }).click();
    await expect(side(page, "green")).toContainText("Live, 100 % of traffic");
    await expect(page.getByText(/Verified in/).first()).toBeVisible({ timeout: 60_000 });
    const answeredByGreen = traffic.record.bySlot.green?.count ?? 0;
    expect(answeredByGreen).toBeGreaterThan(0);

    await page.getByRole("button", { name: "Roll back to blue" }).first().click();
    await expect(side(page, "blue")).toContainText("Live, 100 % of traffic");
    await expect.poll(async () => (await world.snapshot()).deployment, { timeout: 90_000 }).toBeNull();
  } finally {
    await traffic.stop();
  }
  expect(traffic.record.failures).toEqual([]);
  expect(traffic.record.answered).toBe(traffic.record.sent);

  await page.goto("/library/deployments");
  await expect(page.getByRole("row").filter({ hasText: "1.1.0" }).first()).toContainText(/rolled back/i);
});

test("a double click on rollback rolls back once", async ({ page, world }) => {
  test.setTimeout(120_000);
  await signIn(page, "operator");
  const { hash } = await world.receipt("green");
  const switched = await world.api("POST", "/api/v1/applications/library/switch", { to: "green", receipt: hash });
  expect(switched.status).toBe(202);
  await expect.poll(async () => (await world.snapshot()).traffic.live).toBe("green");
  await world.sandbox("DELETE", "/journal");
  await page.getByRole("button", { name: "Roll back to blue" }).first().dblclick();
  await expect.poll(async () => (await world.snapshot()).traffic.live).toBe("blue");
  await expect.poll(async () => (await world.snapshot()).deployment, { timeout: 90_000 }).toBeNull();
  const calls = (await world.sandbox("GET", "/journal")) as { operation: string }[];
  expect(calls.filter((call) => call.operation === "ModifyListener")).toHaveLength(1);
});
