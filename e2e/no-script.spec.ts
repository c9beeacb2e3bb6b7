import type { Browser, BrowserContext, Page } from "@playwright/test";
import { APP_URL, expect, signIn, test, type World } from "./world.ts";

/** A browser of the same person whose pages never run a script. */
async function withoutScript(browser: Browser, signedIn: BrowserContext): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: false, storageState: await signedIn.storageState() });
  return context.newPage();
}

async function switchToGreen(world: World): Promise<void> {
  const { hash } = await world.receipt("green");
  const { status } = await world.api("POST", "/api/v1/applications/library/switch", { to: "green", receipt: hash });
  expect(status).toBe(202);
  await expect.poll(async () => (await world.snapshot()).deployment, { timeout: 90_000 }).toBeNull();
}

test("without script the board shows, Deploy leads on, and the way back works and says so", async ({
  page,
  browser,
  world,
}) => {
  test.setTimeout(240_000);
  await signIn(page, "operator");
  const plain = await withoutScript(browser, page.context());
  await plain.goto("/library");
  await expect(plain.getByText(/Scripts do not run here/)).toBeVisible();
  await plain.getByRole("link", { name: "Deploy a new version" }).first().click();
  await expect(plain).toHaveURL(`${APP_URL}/library/deploy`);
  await expect(plain.getByRole("heading", { level: 1, name: /Deploy/ })).toBeVisible();

  await switchToGreen(world);
  await plain.goto("/library");
  await plain.getByRole("button", { name: "Roll back to blue" }).locator("visible=true").first().click();
  await expect(plain).toHaveURL(/\/library\/rollback\?deployment=/);
  await expect(plain.getByRole("heading", { name: "Accepted: traffic goes back to blue" })).toBeVisible();
  await expect.poll(async () => (await world.snapshot()).traffic.live).toBe("blue");
  await plain.getByRole("link", { name: "Look again" }).click();
  await expect(plain.getByText("blue 100, green 0")).toBeVisible();
  await plain.context().close();
});

test("sent from a page of before, a rollback that is none any more is refused, and the page says why", async ({
  page,
  browser,
  world,
}) => {
  test.setTimeout(240_000);
  await signIn(page, "operator");
  await switchToGreen(world);
  const plain = await withoutScript(browser, page.context());
  await plain.goto("/library/rollback");
  await expect(plain.getByRole("heading", { name: "Roll back to blue" })).toBeVisible();
  // Meanwhile somebody else rolls back.
  await world.api("POST", "/api/v1/applications/library/rollback", {});
  await expect.poll(async () => (await world.snapshot()).deployment, { timeout: 90_000 }).toBeNull();
  const { traffic } = await world.snapshot();
  await plain.getByRole("button", { name: "Roll back to blue" }).click();
  await expect(plain.getByText("Nothing was rolled back")).toBeVisible();
  expect((await world.snapshot()).traffic.weights).toEqual(traffic.weights);
  await plain.context().close();
});

test("clicked before the page's script has arrived, the way back works", async ({ page, world }) => {
  test.setTimeout(240_000);
  await signIn(page, "operator");
  await switchToGreen(world);
  // Scripts are asked for and never come.
  await page.route("**/_next/static/**/*.js", () => undefined);
  await page.goto("/library", { waitUntil: "commit" });
  await page.getByRole("button", { name: "Roll back to blue" }).locator("visible=true").first().click();
  await expect.poll(async () => (await world.snapshot()).traffic.live, { timeout: 30_000 }).toBe("blue");
  await page.unrouteAll({ behavior: "ignoreErrors" });
});
