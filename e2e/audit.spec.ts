import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expectFits } from "./fits.ts";
import { APP_URL, expect, signIn, test, type World } from "./world.ts";

const rows = (page: Page) => page.getByRole("region", { name: "Audit, scrollable" }).getByRole("row");

/** A release that was asked for and ended, so that the audit has something to say. */
async function endedRelease(world: World): Promise<string> {
  const id = await world.release("1.1.0");
  await world.api("POST", `/api/v1/deployments/${id}/abort`, { comment: "[not](https://evil.example) today" });
  await expect
    .poll(async () => ((await world.api("GET", `/api/v1/deployments/${id}`)).body as { status: string }).status, {
      timeout: 60_000,
    })
    .toBe("STOPPED");
  return id;
}

test("the audit is narrowed by what was asked, saved as it is narrowed, and leads to the deployment", async ({
  page,
  world,
}) => {
  const id = await endedRelease(world);
  await signIn(page, "admin", "/audit");
  await page.getByLabel("Application", { exact: true }).fill("library");
  await page.getByLabel("Verb").selectOption("abort");
  await page.getByLabel("Outcome").selectOption("done");
  await page.getByLabel("From, UTC").fill("2020-01-01T00:00");
  await page.getByRole("button", { name: "Filter" }).click();
  await page.waitForURL(/verb=abort/);
  await expect(rows(page).nth(1)).toContainText("deployment.abort");
  await expect(rows(page).filter({ hasText: "deployment.deploy" })).toHaveCount(0);
  await expect(page.getByLabel("From, UTC")).toHaveValue("2020-01-01T00:00");

  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as JSON lines" }).click();
  const lines = (await readFile(await (await saved).path(), "utf8")).trimEnd().split("\n");
  const actions = new Set(lines.map((line) => JSON.parse(line).action));
  expect([...actions]).toEqual(["deployment.abort"]);
  const csv = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as CSV" }).click();
  expect(await readFile(await (await csv).path(), "utf8")).toMatch(/^at,actorId,.*\r\n.*deployment\.abort/);

  for (const width of [1440, 390]) {
    await expectFits(page, width);
    await page.screenshot({ path: `test-results/audit-${width}.png` });
  }
  await page.setViewportSize({ width: 1440, height: 900 });

  await page.getByLabel("To, UTC").fill("2020-01-02T00:00");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await page.goto(`/audit?application=library&verb=abort`);
  await page
    .getByRole("link", { name: "library" })
    .and(page.locator(`[href$="/${id}"]`))
    .first()
    .click();
  await page.waitForURL(`**/library/deployments/${id}`);
});

test("a handover is copied with one click, of a deployment and of an application's hours", async ({
  page,
  context,
  world,
}) => {
  const id = await endedRelease(world);
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: APP_URL });
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await signIn(page, "viewer", `/library/deployments/${id}`);
  await page.getByRole("button", { name: "Copy handover" }).click();
  await expect(page.getByText("Copied as Markdown", { exact: true })).toBeVisible();
  const one = await copied();
  expect(one).toContain(`# Handover: deployment ${id} of library`);
  expect(one).toContain("deployment.stopped");
  expect(one).toContain("\\[not\\]\\(https&#58;//evil.example\\) today");

  await page.goto("/audit");
  const button = page.getByRole("button", { name: "Copy handover of 12 h" });
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await page.goto("/audit?application=library");
  await button.click();
  await expect(page.getByText("Copied as Markdown", { exact: true })).toBeVisible();
  expect(await copied()).toContain("# Handover: library");
});
