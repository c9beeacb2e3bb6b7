import { type BrowserContext, chromium, type Page } from "@playwright/test";
import { APP_URL, awake, expect, signIn, test } from "./world.ts";

/* Pages that the browser keeps when they are left and shows again as they were when somebody goes back. */

/** What a page said at the moment it was shown again, before anything else could run; null where it was loaded anew. */
const shownAgain = (page: Page) =>
  page.evaluate(() => (window as unknown as { shownAgain?: string }).shownAgain ?? null);

/** A browser of the same person that keeps pages: Playwright's own keeps none. */
async function keepingBrowser(page: Page): Promise<BrowserContext> {
  const { launchOptions = {} } = test.info().project.use;
  const browser = await chromium.launch({ ...launchOptions, ignoreDefaultArgs: ["--disable-back-forward-cache"] });
  const storageState = await page.context().storageState();
  const context = await browser.newContext({ storageState, baseURL: APP_URL });
  await context.addInitScript(() => {
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted) Object.assign(window, { shownAgain: document.querySelector("main")?.textContent });
    });
  });
  return context;
}

/** A page that is kept loads nothing, which Playwright's own would wait for. */
async function goBack(page: Page): Promise<void> {
  await page.evaluate(() => history.back());
  await expect(page).not.toHaveURL(/robots/);
}

const close = (context: BrowserContext) => context.browser()?.close();

test("a board that is shown again is the kept one, says that it is paused, and follows anew", async ({
  page,
  world,
}) => {
  test.setTimeout(120_000);
  await world.reset();
  await signIn(page, "operator");
  const context = await keepingBrowser(page);
  const kept = await context.newPage();
  await kept.goto("/library");
  await awake(kept);
  await kept.goto("/robots.txt");
  // Meanwhile the world moves on.
  const { slots } = await world.snapshot();
  const victim = slots.blue.tasks.find(({ lastStatus }) => lastStatus === "RUNNING")?.id ?? "";
  await world.sandbox("POST", `/tasks/${victim}/kill`);
  await expect
    .poll(async () => (await world.snapshot()).slots.blue.tasks.find(({ id }) => id === victim)?.lastStatus, {
      timeout: 30_000,
    })
    .not.toBe("RUNNING");
  await goBack(kept);
  await awake(kept);
  const before = await shownAgain(kept);
  expect(before, "it was kept, not loaded anew").not.toBeNull();
  expect(before).toMatch(/(?:Paused|Connecting), /);
  expect(before).not.toMatch(/\bLive, /);
  await expect(kept.getByText(victim.slice(0, 8)).first()).toBeAttached();
  await close(context);
});

test("where the browser keeps no pages, going back loads the page anew: its text of then does not stay", async ({
  page,
}) => {
  await signIn(page, "operator");
  await page.goto("/library");
  await awake(page);
  await page.goto("/robots.txt");
  await page.goBack();
  await awake(page);
  // Out of the cache, it reloads itself meanwhile.
  await expect(async () => {
    const bytes = await page.evaluate(() => {
      const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
      return navigation?.transferSize ?? 0;
    });
    expect(bytes).toBeGreaterThan(0);
  }).toPass({ timeout: 15_000 });
  await awake(page);
});

test("a page without a stream of its own is read anew when it is shown again", async ({ page, world }) => {
  test.setTimeout(120_000);
  await signIn(page, "admin");
  const context = await keepingBrowser(page);
  const kept = await context.newPage();
  await kept.goto("/freezes");
  await expect(kept.getByRole("heading", { level: 1 })).toBeVisible();
  await kept.goto("/robots.txt");
  const reason = `shown again ${Date.now()}`;
  const { status, body } = await world.api("POST", "/api/v1/freezes", { application: "catalog", reason, until: null });
  expect(status).toBeLessThan(300);
  await goBack(kept);
  await expect(kept.getByText(reason).first()).toBeVisible();
  await world.api("DELETE", `/api/v1/freezes/${(body as { id: string }).id}`);
  await close(context);
});

test("after signing out, going back shows nothing of what was there", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, "operator");
  const context = await keepingBrowser(page);
  const kept = await context.newPage();
  await kept.goto("/library");
  await awake(kept);
  await kept.goto("/");
  await kept
    .getByRole("button", { name: /account$/ })
    .locator("visible=true")
    .click();
  await kept.getByRole("button", { name: "Sign out" }).locator("visible=true").click();
  await kept.waitForURL(/\/sign-in/);
  await kept.evaluate(() => history.back());
  await expect(kept.getByRole("button", { name: /operator/i })).toBeVisible();
  await expect(kept).toHaveURL(/\/sign-in/);
  await close(context);
});
