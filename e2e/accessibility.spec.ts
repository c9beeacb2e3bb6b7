import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { endRelease, waitingRelease } from "./catalog-release.ts";
import { awake, expect, signIn, test } from "./world.ts";

const PAGES = [
  "/",
  "/library",
  "/library/deploy",
  "/library/deployments",
  "/library/logs",
  "/approvals",
  "/audit",
  "/access",
];

/** Nothing that shuts somebody out, and nothing to scroll to sideways. */
async function check(page: Page, path: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter((one) => one.impact === "serious" || one.impact === "critical");
  expect(serious.map((one) => `${path} ${one.id}: ${one.nodes[0]?.html}`)).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${path} does not scroll sideways`).toBeLessThanOrEqual(0);
}

const SCREENS = [
  ["a wide screen", { width: 1440, height: 900 }],
  ["a phone", { width: 390, height: 844 }],
] as const;

for (const [name, viewport] of SCREENS)
  for (const colorScheme of ["light", "dark"] as const)
    test(`axe finds nothing serious on any page, on ${name}, ${colorScheme}`, async ({ page }) => {
      test.setTimeout(120_000);
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.goto("/sign-in");
      await check(page, "/sign-in");
      await signIn(page, "operator", "/");
      for (const path of PAGES) {
        await page.goto(path);
        await page.getByRole("main").waitFor();
        await check(page, path);
      }
    });

test("axe finds nothing serious where somebody is asked to approve, on both screens, light and dark", async ({
  browser,
  page,
  world,
}) => {
  test.setTimeout(240_000);
  await endRelease(world);
  const asking = await browser.newContext();
  try {
    const operator = await asking.newPage();
    await signIn(operator, "operator", "/catalog");
    const { id } = await waitingRelease(world, operator);
    const path = `/approvals/${id}`;
    await signIn(page, "approver", path);
    for (const [, viewport] of SCREENS)
      for (const colorScheme of ["light", "dark"] as const) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.goto(path);
        await expect(page.getByText(/^0 of 2 approvals/)).toBeVisible();
        await check(page, path);
      }
  } finally {
    await asking.close();
    await endRelease(world);
  }
});

test("the keyboard does it all: keys are listed, g moves, / filters", async ({ page }) => {
  await signIn(page, "operator", "/");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toContainText(/keys/i);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.goto("/library");
  await awake(page);
  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await expect(page).toHaveURL(/\/library\/logs$/);
  const filter = page.getByRole("searchbox", { name: "Filter lines" });
  await expect(filter).toBeVisible();
  await page.keyboard.press("/");
  await expect(filter).toBeFocused();
});

test("the board fits 1440x900: status, actions and the first log lines without scrolling", async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await signIn(page, "operator");
  for (const part of [
    page.getByRole("region", { name: "Where traffic goes" }),
    page.getByRole("button", { name: /^Roll back/ }).first(),
    page.getByRole("heading", { name: "Logs" }),
  ])
    await expect(part).toBeInViewport();
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(900);
});
