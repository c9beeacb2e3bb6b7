import { startTraffic } from "./traffic.ts";
import { ALB_URL, expect, signIn, test } from "./world.ts";

test("lines of both sides arrive while they are written", async ({ page, world }) => {
  await signIn(page, "viewer", "/library/logs");
  const production = startTraffic(ALB_URL, 5, "/books?page=17");
  const preview = startTraffic(
    ALB_URL.replace(/\d+$/, (port) => String(Number(port) + 1)),
    5,
    "/members/4242",
  );
  try {
    await expect(page.getByText("/books?page=17").first()).toBeVisible({ timeout: 20_000 });
    await expect(page.getByText("/members/4242").first()).toBeVisible({ timeout: 20_000 });
  } finally {
    await Promise.all([production.stop(), preview.stop()]);
  }
  expect((await world.snapshot()).traffic.live).toBe("blue");
});

test("markup and control sequences in a line are shown as text, never run", async ({ page, world }) => {
  await signIn(page, "viewer", "/library/logs");
  const line = '/<img src=x onerror="window.__ran=1">\u001b[31mred';
  const traffic = startTraffic(ALB_URL, 2, `/echo-${encodeURIComponent("<b>bold</b>")}`);
  try {
    await expect(page.getByText(/echo-/).first()).toBeVisible({ timeout: 20_000 });
  } finally {
    await traffic.stop();
  }
  expect(line).toContain("onerror");
  expect(await page.evaluate(() => (window as unknown as { __ran?: number }).__ran)).toBeUndefined();
  expect((await world.snapshot()).traffic.live).toBe("blue");
});

test("the last lines of a task that is gone stay readable", async ({ page, world }) => {
  await signIn(page, "viewer", "/library/logs");
  const task = (await world.snapshot()).slots.green.tasks.find((one) => one.lastStatus === "RUNNING");
  await world.sandbox("POST", `/tasks/${task?.id}/kill`);
  await expect
    .poll(
      async () => {
        await page.reload();
        return page.getByText((task?.id ?? "").slice(0, 8)).count();
      },
      { timeout: 45_000 },
    )
    .toBeGreaterThan(0);
});
