import { expectFits } from "./fits.ts";
import { startTraffic } from "./traffic.ts";
import { ALB_URL, expect, side, signIn, TEST_URL, test } from "./world.ts";

interface Shifting {
  status: string;
  statusReason: string | null;
  steps: { bakeUntil: number | null }[];
}

test("a canary of 1.1.0 gets its share of real requests, is watched, and then gets everything", async ({
  page,
  world,
}) => {
  test.setTimeout(300_000);
  await signIn(page, "operator", "/library/deploy");
  const traffic = startTraffic(ALB_URL, 100);
  const answered = () => ({
    blue: traffic.record.bySlot.blue?.count ?? 0,
    green: traffic.record.bySlot.green?.count ?? 0,
  });
  try {
    await page.getByRole("radio", { name: /^1\.1\.0\b/ }).check({ force: true });
    await page.getByRole("radio", { name: "Canary" }).check();
    await expect(page.getByText("5 % for 10 min, then all")).toBeVisible();
    await page.getByLabel("Percent to the new side").fill("20");
    await page.getByLabel("Watched for, min").fill("0.5");
    await expect(page.getByText("20 % for 30 s, then all")).toBeVisible();
    await page.getByRole("button", { name: /^Start/ }).click();
    await expect(page).toHaveURL(/\/library$/);

    const primary = page.getByRole("button", { name: "Switch to green" });
    await expect(primary).not.toHaveAttribute("aria-disabled", "true", { timeout: 120_000 });
    await expect(page.getByRole("link", { name: /green through library-alb HTTP:81/ })).toHaveAttribute(
      "href",
      TEST_URL,
    );
    expect(traffic.record.bySlot.green).toBeUndefined();
    await primary.click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("20 % for 30 s, then all");
    await expect(dialog).toContainText("20 %: blue 80, green 20");
    await dialog.getByRole("button", { name: "Switch to green" }).click();

    await expect(page.getByText("Canary 20 %, step 1 of 2").first()).toBeVisible();
    await expect(side(page, "green")).toContainText("Canary, 20 % of traffic");
    await expect(side(page, "blue")).toContainText("Live, 80 % of traffic");
    const before = answered();
    const { deployment } = await world.snapshot();
    const seen = (await world.api("GET", `/api/v1/deployments/${deployment?.id}`)).body as Shifting;
    const bakeUntil = seen.steps[0]?.bakeUntil ?? 0;
    await expect.poll(() => Date.now() > bakeUntil - 2_000, { timeout: 60_000 }).toBe(true);
    const after = answered();
    const green = after.green - before.green;
    const count = green + after.blue - before.blue;
    // Five standard deviations of a fair draw: what chance does in one run of a million.
    expect(count).toBeGreaterThan(300);
    expect(Math.abs(green / count - 0.2)).toBeLessThan(5 * Math.sqrt((0.2 * 0.8) / count));

    await expect(side(page, "green")).toContainText("Live, 100 % of traffic", { timeout: 60_000 });
    await expect(page.getByText(/Verified in/).first()).toBeVisible({ timeout: 60_000 });
  } finally {
    await traffic.stop();
  }
  expect(traffic.record.failures).toEqual([]);
  expect(traffic.record.answered).toBe(traffic.record.sent);
});

test("a canary of 1.5.0-errors is rolled back by itself before it gets everything", async ({ page, world }) => {
  test.setTimeout(300_000);
  await signIn(page, "operator");
  const traffic = startTraffic(ALB_URL, 60);
  try {
    const rollout = { strategy: "CANARY", percent: 50, bakeMinutes: 5 };
    const id = await world.release("1.5.0-errors", rollout);
    await expect
      .poll(async () => (await world.receipt("green")).blockers, {
        timeout: 120_000,
        message: "green may be switched to",
      })
      .toEqual([]);
    const { hash } = await world.receipt("green");
    const switched = await world.api("POST", "/api/v1/applications/library/switch", { to: "green", receipt: hash });
    expect(switched.status, JSON.stringify(switched.body)).toBe(202);
    await expect(page.getByText("Canary 50 %, step 1 of 2").first()).toBeVisible({ timeout: 30_000 });
    const read = async () => (await world.api("GET", `/api/v1/deployments/${id}`)).body as Shifting;
    await expect.poll(async () => (await read()).status, { timeout: 150_000 }).toBe("ROLLBACK_SUCCESSFUL");
    expect((await read()).statusReason).toMatch(/^Rolled back by Switchyard: green answered [\d.]+ % /);
    expect((await world.snapshot()).traffic.weights).toEqual({ blue: 100, green: 0 });
    await expect(side(page, "blue")).toContainText("Live, 100 % of traffic");

    // It stands before everything else, on every page's title and on a phone, until a person takes note.
    const banner = page.getByRole("region", { name: "Rolled back by Switchyard" });
    await expect(banner).toContainText(/Rolled back by Switchyard .* ago: green answered [\d.]+ %/);
    await expect(page).toHaveTitle(/^Rolled back: library · /);
    await page.screenshot({ path: test.info().outputPath("rolled-back.png") });
    for (const width of [1280, 390]) {
      await expectFits(page, width);
      const box = await banner.boundingBox();
      expect(box?.y).toBeLessThan(width === 390 ? 300 : 200);
      await page.screenshot({ path: test.info().outputPath(`rolled-back-${width}.png`) });
    }
    await page.goto("/");
    await expect(
      page.getByRole("row").filter({ has: page.getByRole("link", { name: "library", exact: true }) }),
    ).toContainText("Rolled back by Switchyard");
    const refused = await world.api("POST", "/api/v1/applications/library/deployments", { imageTag: "1.5.0-errors" });
    expect(refused.body).toMatchObject({ code: "ROLLBACK_NOT_ACKNOWLEDGED" });
    await page.goto("/library");
    await banner.getByRole("button", { name: "Acknowledge" }).click();
    await expect(banner).toHaveCount(0);
    await expect(page).toHaveTitle(/^library/);
  } finally {
    await traffic.stop();
  }
});
