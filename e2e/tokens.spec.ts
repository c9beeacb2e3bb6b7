import { expectFits } from "./fits.ts";
import { APP_URL, expect, signIn, test } from "./world.ts";

test("an admin makes a token, takes it once, and revokes it while its stream is open", async ({ page }) => {
  await signIn(page, "admin");
  await page.getByRole("navigation", { name: "Main", exact: true }).getByRole("link", { name: "Tokens" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Tokens" })).toBeVisible();
  const form = page.getByRole("form", { name: "New token" });
  const name = `pipeline ${Date.now()}`;
  await form.getByLabel("Name, as the audit shows it").fill(name);
  await form.getByRole("button", { name: "Make token" }).click();
  await expect(form.getByRole("status")).toHaveText("Choose at least one application");
  await form.getByRole("checkbox", { name: "deploy" }).check();
  await form.getByRole("checkbox", { name: "library" }).check();
  await form.getByRole("button", { name: "Make token" }).click();
  await expect(page.getByText(`Copy ${name} now: it is not shown again`)).toBeVisible();
  const secret = (await page.locator("[data-secret]").textContent()) ?? "";
  expect(secret).toMatch(/^swy_/);
  const row = page.getByRole("row", { name: new RegExp(name) });
  await expect(row).toContainText("deploy");
  await expect(row).toContainText("valid");
  for (const width of [1440, 390]) {
    await expectFits(page, width);
  }
  await page.setViewportSize({ width: 1440, height: 900 });

  const headers = { authorization: `Bearer ${secret}` };
  const stream = await fetch(`${APP_URL}/api/v1/applications/library/live`, { headers });
  expect(stream.status).toBe(200);
  const ended = stream.text().then(() => Date.now());
  await page.reload();
  await expect(page.locator("[data-secret]")).toHaveCount(0);
  await row.getByRole("button", { name: `Revoke ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
  await expect(row).toContainText("revoked by");
  const revokedAt = Date.now();
  expect((await fetch(`${APP_URL}/api/v1/applications`, { headers })).status).toBe(401);
  expect((await ended) - revokedAt).toBeLessThan(5000);
});

test("for who is no admin the page does not exist and nothing leads to it", async ({ page }) => {
  await signIn(page, "approver");
  await expect(page.getByRole("link", { name: "Tokens" })).toHaveCount(0);
  await page.goto("/tokens");
  await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  await expect(page.getByRole("form", { name: "New token" })).toHaveCount(0);
});
