import type { Page } from "@playwright/test";
import { hasNginx, startNginx } from "./nginx.ts";
import { startDashboard } from "./own-dashboard.ts";
import { awake, expect, PORTS, side, signIn, test } from "./world.ts";

/* What the page says, and where focus is, when an answer does not come, the session ends or the stream is gone. */

const primary = (page: Page) => page.getByRole("button", { name: "Switch to green" });
const dialog = (page: Page) => page.getByRole("dialog");

/** A signed-in operator with the receipt open. */
async function signInAtReceipt(page: Page): Promise<void> {
  await signIn(page, "operator");
  await openReceipt(page);
}

/** Presses the button of the open receipt while server actions stay unanswered. */
async function confirmHeld(page: Page): Promise<Held> {
  const held = await holdActions(page);
  await dialog(page).getByRole("button", { name: "Switch to green" }).click();
  return held;
}

async function openReceipt(page: Page): Promise<void> {
  await expect(primary(page).first()).not.toHaveAttribute("aria-disabled", "true", { timeout: 60_000 });
  await primary(page).first().click();
  await expect(dialog(page).getByRole("button", { name: "Switch to green" })).toBeEnabled();
}

interface Held {
  fail(): Promise<void>;
  goOn(): Promise<void>;
}

/** From now on server actions leave this browser and nothing comes back until let go of; then they fail or go on. */
async function holdActions(page: Page): Promise<Held> {
  const held: { abort(): Promise<void>; continue(): Promise<void> }[] = [];
  let isHolding = true;
  await page.route(
    (url) => url.pathname === "/library",
    (route) => {
      if (isHolding && route.request().method() === "POST")
        held.push({ abort: () => route.abort(), continue: () => route.continue() });
      else void route.continue();
    },
  );
  const end = async (how: "abort" | "continue") => {
    isHolding = false;
    for (const each of held) await each[how]();
  };
  return { fail: () => end("abort"), goOn: () => end("continue") };
}

test("once sent it is not cancelled: Close leaves it on its way, the board says so, and then what became of it", async ({
  page,
  world,
}) => {
  test.setTimeout(180_000);
  await signInAtReceipt(page);
  const held = await confirmHeld(page);
  await expect(dialog(page).getByRole("button", { name: "Close" }).first()).toBeVisible();
  await expect(dialog(page).getByRole("button", { name: "Cancel" })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.locator("button[aria-busy=true]").first()).toBeVisible();
  await expect(page.getByText(/has been sent and is not answered yet/).first()).toBeVisible({ timeout: 15_000 });
  await held.fail();
  // It never reached Switchyard, which is asked by its key.
  await expect(page.getByText("Switch to green was not carried out").first()).toBeVisible({ timeout: 60_000 });
  expect((await world.snapshot()).traffic.live).toBe("blue");
});

test("what was sent is carried out when the network is back, and an open dialog never kept it a secret", async ({
  page,
}) => {
  test.setTimeout(180_000);
  await signInAtReceipt(page);
  const held = await confirmHeld(page);
  await expect(
    dialog(page)
      .getByText(/has been sent and is not answered yet/)
      .first(),
  ).toBeVisible({ timeout: 15_000 });
  await held.goOn();
  await expect(side(page, "green")).toContainText("Live, 100 % of traffic");
  await expect(dialog(page)).toHaveCount(0);
  // Focus stays near what was pressed.
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");
});

test("a session that ends elsewhere is told inside an open dialog, and a click then says that nothing was done", async ({
  page,
  world,
}) => {
  test.setTimeout(180_000);
  await signInAtReceipt(page);
  const other = await page.context().newPage();
  await other.goto("/library");
  await other
    .getByRole("button", { name: /account$/ })
    .locator("visible=true")
    .click();
  await other.getByRole("button", { name: "Sign out" }).locator("visible=true").click();
  await other.waitForURL(/\/sign-in/);
  await expect(dialog(page).getByText(/You are signed out/)).toBeVisible();
  await expect(dialog(page).getByRole("link", { name: /sign in/i })).toBeVisible();
  await dialog(page).getByRole("button", { name: "Switch to green" }).click();
  await expect(
    dialog(page)
      .getByText(/Nothing was done/)
      .first(),
  ).toBeVisible();
  await expect(page.getByText(/may have been accepted/i)).toHaveCount(0);
  expect((await world.snapshot()).traffic.live).toBe("blue");
});

test("a lost stream is told inside an open dialog", async ({ page }) => {
  test.skip(!hasNginx, "needs nginx");
  test.setTimeout(180_000);
  const port = PORTS.app + 15;
  const url = `http://127.0.0.1:${port}`;
  const own = await startDashboard({ application: "library", publicUrl: url });
  const way = () => startNginx(() => `server { listen 127.0.0.1:${port}; location / { proxy_pass ${own.url}; } }`);
  let nginx = await way();
  try {
    await page.goto(`${url}/library`);
    await page.getByRole("button", { name: /\boperator\b/i }).click();
    await page.waitForURL(`${url}/library`);
    await awake(page);
    await openReceipt(page);
    await nginx.stop();
    await expect(dialog(page).getByText(/Stream lost/)).toBeVisible({ timeout: 60_000 });
    nginx = await way();
    await expect(dialog(page).getByText(/Stream lost/)).toHaveCount(0, { timeout: 60_000 });
  } finally {
    await nginx.stop();
    await own.stop();
  }
});

test("after a rollback focus is on the page's own, not on its body", async ({ page, world }) => {
  test.setTimeout(180_000);
  const { hash } = await world.receipt("green");
  await world.api("POST", "/api/v1/applications/library/switch", { to: "green", receipt: hash });
  await expect.poll(async () => (await world.snapshot()).traffic.live).toBe("green");
  await signIn(page, "operator");
  await page.getByRole("button", { name: "Roll back to blue" }).locator("visible=true").first().focus();
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await world.snapshot()).traffic.live).toBe("blue");
  await expect.poll(async () => (await world.snapshot()).deployment, { timeout: 90_000 }).toBeNull();
  expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");
});
