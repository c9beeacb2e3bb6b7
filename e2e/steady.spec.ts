import type { Page } from "@playwright/test";
import { startTraffic } from "./traffic.ts";
import { ALB_URL, expect, signIn, test } from "./world.ts";

/* What moves, turns red or is announced while nothing is wrong. */

interface Watched {
  shift: number;
  /** What moved by how much, from where to where. */
  moved: string[];
  said: string[];
  tops: number[];
}

interface LayoutShift {
  value: number;
  sources: readonly { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
}

/** From now on layout shifts are added up, and what the verdict newly says and where the way back lies is kept. */
async function watch(page: Page): Promise<() => Promise<Watched>> {
  await page.evaluate(() => {
    const seen = { shift: 0, moved: [] as string[], said: [] as string[], tops: [] as number[] };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as LayoutShift[]) {
        seen.shift += entry.value;
        const place = ({ left, top, height }: DOMRect) =>
          `${Math.round(left)},${Math.round(top)},${Math.round(height)}`;
        for (const { node, previousRect, currentRect } of entry.sources)
          seen.moved.push(
            `${entry.value.toFixed(4)} ${node?.textContent?.slice(0, 40)}: ${place(previousRect)} to ${place(currentRect)}`,
          );
      }
    }).observe({ type: "layout-shift" });
    const statuses = () => [...document.querySelectorAll("[role=status]")].map((each) => each.textContent ?? "");
    // Of a record that an earlier spec left behind.
    const before = new Set(["", ...statuses()]);
    const look = () => {
      for (const words of statuses()) if (!before.has(words) && !seen.said.includes(words)) seen.said.push(words);
      const back = [...document.querySelectorAll("button")].find((each) =>
        /^Roll(ing)? back/.test(each.textContent ?? ""),
      );
      if (back?.checkVisibility()) seen.tops.push(Math.round(back.getBoundingClientRect().top));
      requestAnimationFrame(look);
    };
    look();
  });
  return () => page.evaluate(() => (window as unknown as { seen: Watched }).seen);
}

test("a switch and its rollback move nothing, turn nothing red and announce no alarm", async ({ page, world }) => {
  test.setTimeout(240_000);
  await world.reset();
  await page.setViewportSize({ width: 1440, height: 900 });
  const traffic = startTraffic(ALB_URL, 40);
  try {
    await signIn(page, "operator");
    // What an earlier world left behind goes away first: rows that go make the tables lower.
    await expect(
      page.getByRole("row", { name: /draining|initial|PENDING|ACTIVATING|STOPPING|DEPROVISIONING/ }),
    ).toHaveCount(0, { timeout: 60_000 });
    await page.getByRole("button", { name: "Switch to green" }).first().click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("button", { name: "Switch to green" })).toBeEnabled();
    const seen = await watch(page);
    await dialog.getByRole("button", { name: "Switch to green" }).click();
    await expect(page.getByText("Verifying the switch").first()).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText(/Verified in/).first()).toBeVisible({ timeout: 60_000 });
    await page.screenshot({ path: test.info().outputPath("proven.png") });
    await page.getByRole("button", { name: "Roll back to blue" }).locator("visible=true").first().click();
    await expect(page.getByText("Traffic was rolled back to blue already").first()).toBeVisible({ timeout: 90_000 });
    const { shift, moved, said, tops } = await seen();
    expect(said.filter((words) => /disagree/i.test(words))).toEqual([]);
    // Half of what web.dev calls good; what is left are the panel's own lines as the release goes on.
    expect(shift, `layout shift: ${moved.join("; ")}`).toBeLessThan(0.05);
    expect(new Set(tops).size, `the way back lay at ${[...new Set(tops)].join(", ")}`).toBe(1);
    await page.screenshot({ path: test.info().outputPath("rolled-back.png") });
  } finally {
    await traffic.stop();
  }
});
