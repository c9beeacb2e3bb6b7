import { expect, side, signIn, test } from "./world.ts";

test("whoever signs in sees which side is live and how both are", async ({ page }) => {
  await signIn(page, "viewer");
  await expect(side(page, "blue")).toContainText("Live, 100 % of traffic");
  await expect(side(page, "blue")).toContainText("1.0.0");
  await expect(side(page, "blue")).toContainText("2 / 2");
  await expect(side(page, "green")).toContainText("Standby, warm");
  await expect(side(page, "green").getByRole("row").filter({ hasText: "RUNNING" })).toHaveCount(2);
  await expect(page.getByRole("region", { name: "Where traffic goes" })).toContainText("100 / ");
});

test("the overview leads to the board and shows what is live", async ({ page }) => {
  await signIn(page, "viewer", "/");
  await page.getByRole("link", { name: "library", exact: true }).first().click();
  await expect(page).toHaveURL(/\/library$/);
});

test("a killed task appears without a reload, with why it stopped and its replacement", async ({ page, world }) => {
  await signIn(page, "operator");
  await page.evaluate(() => {
    (window as unknown as { loadedOnce: boolean }).loadedOnce = true;
  });
  const victim = (await world.snapshot()).slots.green.tasks.find((task) => task.lastStatus === "RUNNING");
  expect(victim).toBeDefined();
  const shortId = (victim?.id ?? "").slice(0, 8);
  const running = side(page, "green").getByRole("row").filter({ hasText: shortId }).filter({ hasText: "RUNNING" });
  await expect(running).toHaveCount(1);
  await world.sandbox("POST", `/tasks/${victim?.id}/kill`);
  await expect(running).toHaveCount(0);
  await expect(side(page, "green")).toContainText(/137/);
  await expect(side(page, "green")).toContainText("2 / 2", { timeout: 60_000 });
  expect(await page.evaluate(() => (window as unknown as { loadedOnce?: boolean }).loadedOnce)).toBe(true);
});

test("weights that somebody else changes show without a reload", async ({ page, world }) => {
  await signIn(page, "viewer");
  await world.sandbox("POST", "/listeners", { listener: "library-alb:80", weights: { blue: 80, green: 20 } });
  const strip = page.getByRole("region", { name: "Where traffic goes" });
  await expect(strip).toContainText(/80 \/ (green )?20/);
  await expect(side(page, "green")).toContainText("20 % of traffic");
});

test("weights that nobody asked Switchyard for are told in words, out loud too", async ({ page, world }) => {
  test.setTimeout(120_000);
  const { hash } = await world.receipt("green");
  await world.api("POST", "/api/v1/applications/library/switch", { to: "green", receipt: hash });
  await expect.poll(async () => (await world.snapshot()).deployment, { timeout: 90_000 }).toBeNull();
  await signIn(page, "viewer");
  const strip = page.getByRole("region", { name: "Where traffic goes" });
  await expect(strip.getByRole("status")).not.toContainText("They disagree");
  await world.sandbox("POST", "/listeners", { listener: "library-alb:80", weights: { blue: 80, green: 20 } });
  await expect(strip.getByRole("status")).toContainText(
    "They disagree: The deployment made green live, the listener holds blue 80, green 20",
  );
  await expect(strip.getByText(/^The deployment made green live, the listener holds blue 80, green 20/)).toBeVisible();
});
