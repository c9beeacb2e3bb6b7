import type { Page } from "@playwright/test";
import { decode, encode } from "next-auth/jwt";
import { expect, SESSION_SECRET, signIn, test } from "./world.ts";

/* What is chosen and said in the receipt's dialog. */

/** As if this person had signed in ten minutes before. */
async function signedInLongAgo(page: Page): Promise<void> {
  const cookie = (await page.context().cookies()).find(({ name }) => name === "next-auth.session-token");
  const token = await decode({ token: cookie?.value, secret: SESSION_SECRET });
  expect(token?.authenticatedAt).toEqual(expect.any(Number));
  const aged = { ...token, authenticatedAt: Number(token?.authenticatedAt) - 600 };
  if (cookie)
    await page.context().addCookies([{ ...cookie, value: await encode({ token: aged, secret: SESSION_SECRET }) }]);
}

test("one click switches as the receipt says; another way to move traffic is chosen behind one line", async ({
  page,
  world,
}) => {
  test.setTimeout(180_000);
  await signIn(page, "operator");
  await page.getByRole("button", { name: "Switch to green" }).first().click();
  const dialog = page.getByRole("dialog");
  const line = dialog.getByText(/^All at once/).first();
  await expect(line).toBeVisible();
  await expect(dialog.getByRole("radio")).toHaveCount(0);
  await line.click();
  await dialog.getByRole("radio", { name: "Canary" }).check();
  await dialog.getByLabel("Percent to the new side").fill("10");
  await dialog.getByLabel("Watched for, min").fill("30");
  await expect(dialog).toContainText("10 %: blue 90, green 10");
  await dialog.getByRole("button", { name: "Switch to green" }).click();

  // The record says the split that it asked for, and the listener holds it.
  const truth = page.getByRole("region", { name: "Where traffic goes" }).locator("visible=true").first();
  await expect(truth).toContainText(/Deployment says.*?blue 90 \/ green 10.*?canary 10 %, step 1 of 2/, {
    timeout: 60_000,
  });
  await expect(truth).toContainText(/holds.*?blue 90 \/ green 10/);
  const { deployment } = await world.snapshot();
  const { body } = await world.api("GET", `/api/v1/deployments/${deployment?.id}`);
  expect(body).toMatchObject({ rollout: { strategy: "CANARY", percent: 10, bakeMinutes: 30 } });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: test.info().outputPath(`canary-${colorScheme}.png`) });
  }
});

test("a receipt that stands in its own way is read again until the switch may be pressed", async ({ page, world }) => {
  test.setTimeout(240_000);
  await signIn(page, "approver");
  const victim = (await world.snapshot()).slots.green.tasks.find((task) => task.lastStatus === "RUNNING");
  await world.sandbox("POST", `/tasks/${victim?.id}/kill`);
  await page.getByRole("button", { name: "Read the receipt to override" }).click({ timeout: 60_000 });
  const dialog = page.getByRole("dialog");
  const confirm = dialog.getByRole("button", { name: "Switch to green", exact: true });
  await expect(confirm).toHaveAttribute("aria-disabled", "true");
  await dialog.getByLabel(/^Reason, for the record/).fill("Written while green came back");
  await expect(confirm).not.toHaveAttribute("aria-disabled", "true", { timeout: 120_000 });
  await expect(dialog.getByLabel(/^Reason, for the record/)).toHaveValue("Written while green came back");
  await confirm.click();
  await expect(dialog).toHaveCount(0);
  await expect
    .poll(async () => (await world.snapshot()).traffic.weights, { timeout: 60_000 })
    .toEqual({ blue: 0, green: 100 });
});

test("an override that needs a fresh sign-in goes on after it, with its reason and its rollout", async ({
  page,
  world,
}) => {
  test.setTimeout(240_000);
  await signIn(page, "approver");
  await world.release("1.1.0");
  await expect.poll(async () => (await world.receipt("green")).blockers, { timeout: 120_000 }).toEqual([]);
  await signedInLongAgo(page);
  await world.sandbox("POST", "/listeners", { listener: "library-alb:80", weights: { blue: 50, green: 0 } });
  await page.getByRole("button", { name: "Read the receipt to override" }).click({ timeout: 30_000 });
  const dialog = page.getByRole("dialog");
  await dialog
    .getByText(/^All at once/)
    .first()
    .click();
  await dialog.getByRole("radio", { name: "Canary" }).check();
  await dialog.getByLabel("Percent to the new side").fill("10");
  await dialog.getByText("Override as approver").click();
  await dialog.getByLabel("Type library to confirm").fill("library");
  await dialog.getByLabel(/^Why it is right anyway/).fill("The other tool is ours");
  await dialog.getByRole("button", { name: "Switch to green anyway" }).click();

  await page.waitForURL(/\/sign-in\?again=1/);
  await page.getByRole("button", { name: /\bapprover\b/i }).click();
  await page.waitForURL(/\/library$/);
  await expect(dialog.getByLabel(/^Why it is right anyway/)).toHaveValue("The other tool is ours");
  await expect(dialog).toContainText("10 %: blue 90, green 10");
  await dialog
    .getByText(/^10 % for /)
    .first()
    .click();
  await dialog.getByRole("radio", { name: "All at once" }).check();
  // The name is typed with the fresh receipt in sight.
  await expect(dialog.getByLabel("Type library to confirm")).toHaveValue("");
  await dialog.getByLabel("Type library to confirm").fill("library");
  await dialog.getByRole("button", { name: "Switch to green anyway" }).click();
  await expect(dialog).toHaveCount(0);
  await expect
    .poll(async () => (await world.snapshot()).traffic.weights, { timeout: 60_000 })
    .toEqual({ blue: 0, green: 100 });
  await page.reload();
  await expect(page.getByRole("dialog")).toHaveCount(0);
});
