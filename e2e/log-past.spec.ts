import type { Page } from "@playwright/test";
import { putLogEvents } from "./log-events.ts";
import { expect, signIn, test } from "./world.ts";

/* Back in time by scrolling and by key, and how many lines of each level there are. */

const COUNT = 1200;
const STEP_MS = 250;

/** Lines of one blue task, written some time ago: every hundredth an error. */
function writePast(taskId: string, from: number, tag: string): Promise<void> {
  const events = Array.from({ length: COUNT }, (_, i) => ({
    timestamp: from + i * STEP_MS,
    message: `${i % 100 === 0 ? "ERROR" : "INFO"} ${tag} line ${i}.`,
  }));
  return putLogEvents(`ecs/library/${taskId}`, events);
}

const pane = (page: Page) => page.getByRole("log", { name: /blue/i });
const line = (page: Page, tag: string, i: number) => pane(page).getByText(`${tag} line ${i}.`);

test("scrolled or asked by key, older and newer lines come, and what is looked at stays where it is", async ({
  page,
  world,
}) => {
  test.setTimeout(180_000);
  const TAG = "scrolled";
  await world.reset();
  const task = (await world.snapshot()).slots.blue.tasks.find(({ lastStatus }) => lastStatus === "RUNNING");
  const from = Date.now() - 40 * 60_000;
  await writePast(task?.id ?? "", from, TAG);
  await signIn(page, "viewer", "/library/logs");
  await page.goto(`/library/logs?at=${from + 600 * STEP_MS}&view=blue`);
  await expect(line(page, TAG, 600)).toBeVisible({ timeout: 20_000 });

  await pane(page).focus();
  const isOlder = (url: string) => url.includes("/logs/history") && url.includes("before=");
  const older = page.waitForResponse((response) => isOlder(response.url()));
  await page.keyboard.press("Home");
  await older;
  // The first line of before is still in sight, and now has others above it.
  await expect.poll(() => pane(page).evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(200);
  await expect(line(page, TAG, 101)).toBeInViewport();
  await page.keyboard.press("Home");
  await expect(line(page, TAG, 0)).toBeVisible();

  // Down again, past where the lines were missing at first.
  for (let presses = 0; presses < 200 && (await line(page, TAG, COUNT - 1).count()) === 0; presses++) {
    await page.keyboard.press("PageDown");
    await pane(page).evaluate(untilStill);
  }
  await expect(line(page, TAG, COUNT - 1)).toBeVisible();
  await expect(page.getByRole("button", { name: /^Paused/ })).not.toContainText(/\d{4} new/);
});

test("lines of each level are counted as they come, under a filter and when older ones are loaded; a lifted filter leads back", async ({
  page,
  world,
}) => {
  test.setTimeout(120_000);
  const TAG = "counted";
  await world.reset();
  const task = (await world.snapshot()).slots.blue.tasks.find(({ lastStatus }) => lastStatus === "RUNNING");
  const from = Date.now() - 80 * 60_000;
  await writePast(task?.id ?? "", from, TAG);
  await signIn(page, "viewer", "/library/logs");
  await page.goto(`/library/logs?at=${from + 600 * STEP_MS}&view=blue&log=${encodeURIComponent(TAG)}`);
  await expect(line(page, TAG, 600)).toBeVisible({ timeout: 20_000 });
  const levels = page.getByRole("group", { name: "Lines shown, by level" });
  const level = (name: string) => levels.getByRole("button", { name: new RegExp(`^${name}`) });
  await expect(level("ERROR")).toHaveText(/^ERROR\s*1?\d$/);
  await expect(level("INFO")).toHaveText(/^INFO\s*(9\d\d|1,0\d\d)$/);

  await level("ERROR").click();
  await expect(level("ERROR")).toHaveAttribute("aria-pressed", "true");
  await expect(page).toHaveURL(/level(%3A|:)error/);
  await expect(line(page, TAG, 600)).toBeInViewport();
  await expect(line(page, TAG, 601)).toHaveCount(0);
  // What was not loaded behind them is in sight now, and comes.
  await expect(level("ERROR")).toHaveText(/^ERROR\s*10$/);
  await expect(level("INFO")).toHaveText(/^INFO\s*0$/);
  await putLogEvents(
    `ecs/library/${task?.id}`,
    ["ERROR", "WARN", "ERROR"].map((word, i) => ({ timestamp: Date.now(), message: `${word} ${TAG} new ${i}.` })),
  );
  await expect(level("ERROR")).toHaveText(/^ERROR\s*12$/, { timeout: 30_000 });

  await level("ERROR").click();
  await expect(line(page, TAG, 601)).toBeInViewport();
  await expect(level("ERROR")).toHaveText(/^ERROR\s*12$/);
  await expect(level("WARN")).toHaveText(/^WARN\s*1$/);
  await expect(level("INFO")).toHaveText(/^INFO\s*1,089$/);

  await pane(page).focus();
  await page.keyboard.press("Home");
  await expect(level("ERROR")).toHaveText(/^ERROR\s*14$/);
  await expect(level("INFO")).toHaveText(/^INFO\s*1,188$/);

  // What AWS bills is not offered to who may not ask for it.
  await page.getByRole("button", { name: "Back in time" }).click();
  await expect(page.getByText("To search a long span needs the role operator")).toBeVisible();
  await expect(page.getByText("Search a long span", { exact: true })).toHaveCount(0);
});

test("a long span is searched by Logs Insights: what it reads is said first, and declined or accepted", async ({
  page,
  world,
}) => {
  test.setTimeout(120_000);
  const TAG = "insights";
  await world.reset();
  const task = (await world.snapshot()).slots.blue.tasks.find(({ lastStatus }) => lastStatus === "RUNNING");
  await writePast(task?.id ?? "", Date.now() - 20 * 60_000, TAG);
  await signIn(page, "operator", "/library/logs");
  await page.goto("/library/logs?view=blue");
  await page.getByRole("button", { name: "Back in time" }).click();
  await page.getByText("Search a long span").click();
  await page.getByRole("searchbox", { name: "Text", exact: true }).fill(`${TAG} LINE 700.`);
  const cost = page.getByRole("button", { name: "How much would it read?" });
  await cost.click();
  await expect(page.getByText(/^Logs Insights would read about|^How much Logs Insights would read/)).toBeVisible();
  await page.getByRole("button", { name: "Do not search" }).click();
  await expect(cost).toBeVisible();
  await cost.click();
  await page.getByRole("button", { name: "Search", exact: true }).click();
  const found = page.getByRole("list", { name: "Lines found, the newest first" }).getByRole("button");
  await expect(found).toHaveCount(1, { timeout: 30_000 });
  await found.click();
  await expect(line(page, TAG, 700)).toBeInViewport();
  await expect(line(page, TAG, 701)).toBeVisible();
});

/** A key moves the pane over several frames: whoever looks between them misses what it passes. */
async function untilStill(scroller: Element): Promise<void> {
  let still = 0;
  for (let last = scroller.scrollTop; still < 5; last = scroller.scrollTop) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    still = scroller.scrollTop === last ? still + 1 : 0;
  }
}
