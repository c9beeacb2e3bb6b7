import type { Page, Request, Route } from "@playwright/test";
import { awake, expect, signIn, test } from "./world.ts";

/* What dialogs show is no part of the first load: it comes by itself, and nobody is left alone where it does not. */

const primary = (page: Page) => page.getByRole("button", { name: "Switch to green" }).first();
const dialog = (page: Page) => page.getByRole("dialog");

/** The board of a page that has loaded, with the switch to be pressed. */
async function openBoard(page: Page): Promise<void> {
  await page.goto("/library", { waitUntil: "load" });
  await awake(page);
  await expect(primary(page)).not.toHaveAttribute("aria-disabled", "true", { timeout: 60_000 });
}

test("nobody waits for a dialog: what it shows is there soon after the page, also when the network is gone", async ({
  page,
  world,
}) => {
  await world.reset();
  await signIn(page, "operator");
  const asked: Request[] = [];
  page.on("request", (request) => {
    if (request.resourceType() === "script") asked.push(request);
  });
  await openBoard(page);
  // After the page's own, which asks for what dialogs show, one part after another.
  await expect
    .poll(async () => {
      const already = asked.length;
      await page.evaluate(() => new Promise<void>((resolve) => requestIdleCallback(() => resolve())));
      await Promise.all(asked.map((request) => request.response()));
      return asked.length - already;
    })
    .toBe(0);
  const before = asked.length;
  await page.context().setOffline(true);
  await primary(page).press("Enter");
  await expect(dialog(page).getByRole("heading", { name: /green/ })).toBeFocused();
  await expect(dialog(page).getByRole("button", { name: "Cancel" })).toBeVisible();
  expect(asked.length).toBe(before);
  await page.keyboard.press("Escape");
  await expect(primary(page)).toBeFocused();
});

test("while its code does not come a dialog says so, takes the focus and gives it back, and asks again", async ({
  page,
  world,
}) => {
  await world.reset();
  await signIn(page, "operator");
  // Whatever the page asks for once it has loaded.
  let isHeld = false;
  await page.route("**/_next/static/**", (route: Route) => (isHeld ? route.abort() : route.continue()));
  page.on("load", () => {
    isHeld = true;
  });
  await openBoard(page);
  await primary(page).press("Enter");
  await expect(dialog(page).getByRole("heading", { name: /green/ })).toBeFocused();
  await expect(dialog(page).getByText("This part of the page could not be loaded")).toBeVisible();
  isHeld = false;
  await dialog(page).getByRole("button", { name: "Load again" }).click();
  await expect(dialog(page).getByRole("button", { name: "Switch to green" })).toBeEnabled();
  await page.keyboard.press("Escape");
  await expect(primary(page)).toBeFocused();
});
