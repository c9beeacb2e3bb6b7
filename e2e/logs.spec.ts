import { putLogEvents } from "./log-events.ts";
import { startTraffic } from "./traffic.ts";
import { ALB_URL, expect, signIn, test } from "./world.ts";

/** Puts a line into a task's own stream. */
function writeLine(stream: string, message: string): Promise<void> {
  return putLogEvents(stream, [{ timestamp: Date.now(), message }]);
}

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
  const markup = '<img src=x onerror="window.__ran=1"> <b>bold</b> \u001b[31mred\u001b[0m';
  const task = (await world.snapshot()).slots.blue.tasks.find((one) => one.lastStatus === "RUNNING");
  await writeLine(`ecs/library/${task?.id}`, `ERROR ${markup}`);
  const row = page.getByText("<b>bold</b>").first();
  await expect(row).toBeVisible({ timeout: 20_000 });
  await expect(row).toContainText('<img src=x onerror="window.__ran=1">');
  await expect(row).not.toContainText("\u001b");
  expect(await page.evaluate(() => (window as unknown as { __ran?: number }).__ran)).toBeUndefined();
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
