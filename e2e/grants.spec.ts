import type { Browser, Page } from "@playwright/test";
import { expectFits } from "./fits.ts";
import { expect, type SandboxUser, signIn, test } from "./world.ts";

/** Another person with a browser of their own. */
async function another(browser: Browser, user: SandboxUser, path: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, user, path);
  return page;
}

async function give(admin: Page, who: string, role: string, application = "library"): Promise<void> {
  const form = admin.getByRole("form", { name: "Give a role" });
  await form.getByLabel(/^Address/).fill(who);
  await form.getByLabel("Role").selectOption(role);
  await form.getByLabel("On", { exact: true }).selectOption(application);
  await form.getByRole("button", { name: "Give the role" }).click();
  await expect(
    admin
      .getByRole("row", { name: new RegExp(who) })
      .filter({ hasText: role })
      .first(),
  ).toBeVisible();
}

async function takeBack(admin: Page, who: string, role: string): Promise<void> {
  await admin
    .getByRole("button", { name: `Revoke ${role} of ${who} on library` })
    .first()
    .click();
  await admin.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(admin.getByRole("dialog")).toHaveCount(0);
}

test("a grant brings a viewer's open board its buttons within seconds, taking it back makes them inert", async ({
  page,
  browser,
}) => {
  await signIn(page, "viewer");
  const rollback = page.getByRole("button", { name: /^Roll back|^Deploy a new version|^Switch to/ }).first();
  await expect(page.getByText("Read-only: your role is viewer").first()).toBeVisible();
  await page.evaluate(() => {
    (window as unknown as { __kept?: boolean }).__kept = true;
  });
  const admin = await another(browser, "admin", "/access");
  await give(admin, "viewer@sandbox.local", "operator");
  await expect(page.getByText("Read-only: your role is viewer")).toHaveCount(0, { timeout: 15_000 });
  await takeBack(admin, "viewer@sandbox.local", "operator");
  await expect(page.getByText("Read-only: your role is viewer").first()).toBeVisible({ timeout: 15_000 });
  await expect(rollback).toHaveAttribute("aria-disabled", "true");
  expect(
    await page.evaluate(() => (window as unknown as { __kept?: boolean }).__kept),
    "the page was not loaded anew",
  ).toBe(true);
  await admin.context().close();
});

test("who has a role on one application sees that one alone, and nothing once it is taken back", async ({
  page,
  browser,
}) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: /Gus Guest/ }).click();
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto("/access");
  await expect(page.getByText("You have no role yet")).toBeVisible();
  const admin = await another(browser, "admin", "/access");
  await give(admin, "guest@sandbox.local", "viewer");
  await page.goto("/");
  await expect(page.getByText("1 application", { exact: true })).toBeVisible();
  await expect(page.getByRole("main").getByText("library").first()).toBeVisible();
  await expect(page.getByRole("main").getByText("catalog")).toHaveCount(0);
  // The other application and one that nobody has are told apart by nothing.
  for (const path of ["/catalog", "/no-such-application"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  }
  for (const name of ["catalog", "no-such-application"])
    expect((await page.request.get(`/api/v1/applications/${name}`)).status()).toBe(404);
  await page.goto("/library");
  await expect(page.getByText("Read-only: your role is viewer").first()).toBeVisible();
  await takeBack(admin, "guest@sandbox.local", "viewer");
  await expect(page.getByText(/FORBIDDEN|needs the role|cannot be shown/).first()).toBeVisible({ timeout: 8_000 });
  await admin.context().close();
});

test("an admin ends a person's sessions, and their open page says that they are signed out", async ({
  page,
  browser,
}) => {
  await signIn(page, "approver");
  const admin = await another(browser, "admin", "/access");
  await admin.getByRole("button", { name: "End all sessions of Ada Approver" }).click();
  await admin.getByRole("dialog").getByRole("button", { name: "End sessions" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "You are signed out" })).toBeVisible({ timeout: 6_000 });
  await page.goto("/library");
  await expect(page).toHaveURL(/\/sign-in/);
  await admin.context().close();
});

test("a copy of the cookie is worth nothing once its owner has signed out", async ({ page, request }) => {
  await signIn(page, "operator");
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const ask = async () => (await request.get("/api/v1/applications", { headers: { cookie: cookies } })).status();
  expect(await ask()).toBe(200);
  await page
    .getByRole("button", { name: /account$/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Sign out" }).first().click();
  await page.waitForURL(/\/sign-in/);
  await expect.poll(ask, { timeout: 15_000 }).toBe(401);
});

test("the access page says what one may do and why, on a phone too", async ({ page }) => {
  await signIn(page, "admin", "/access");
  await expect(page.getByRole("heading", { name: /^Your roles/ })).toBeVisible();
  await expect(page.getByText("as a user of the sandbox")).toBeVisible();
  for (const width of [1440, 390])
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await expectFits(page, width);
      await page.screenshot({ path: `test-results/access-${width}-${colorScheme}.png`, fullPage: true });
    }
});
