import type { Browser, Page } from "@playwright/test";
import { deployment, endRelease, post, type Waiting, waitingRelease } from "./catalog-release.ts";
import { startDashboard } from "./own-dashboard.ts";
import { startTraffic } from "./traffic.ts";
import { APP_URL, CATALOG_ALB_URL, expect, type SandboxUser, signIn, test } from "./world.ts";

/* `catalog` asks two people to approve a release. Every test leaves nothing of it in flight. */

async function as(
  browser: Browser,
  user: SandboxUser,
  path: string,
  size = { width: 1440, height: 900 },
): Promise<Page> {
  const context = await browser.newContext({ viewport: size });
  const page = await context.newPage();
  await signIn(page, user, path);
  return page;
}

const approveButton = (page: Page) =>
  page
    .getByRole("button", { name: /^Approve/ })
    .locator("visible=true")
    .first();

test.beforeEach(async ({ world }) => endRelease(world));
test.afterEach(async ({ world }) => endRelease(world));

test("one asks, two others approve, one of them by a link on a phone, and it is switched and verified", async ({
  browser,
  world,
}) => {
  test.setTimeout(300_000);
  const operator = await as(browser, "operator", "/catalog");
  const { id, to } = await waitingRelease(world, operator);
  await expect(operator.getByText(/Approval, 0 of 2/).first()).toBeVisible();
  // A click does not go round those who have to approve, and whoever asked is none of them.
  const receipt = await operator.request.get(`${APP_URL}/api/v1/applications/catalog/receipt?to=${to}`);
  const { hash } = (await receipt.json()) as { hash: string };
  expect((await post(operator, "/api/v1/applications/catalog/switch", { to, receipt: hash })).body.code).toBe(
    "APPROVAL_REQUIRED",
  );

  const phone = await as(browser, "approver", `/approvals/${id}`, { width: 390, height: 844 });
  await expect(phone.getByRole("heading", { name: new RegExp(`^Release 2\\.4\\.0 to ${to}`) })).toBeVisible();
  await expect(phone.getByText(/If nobody acts: at .* this stops/)).toBeVisible();
  await expect(phone.getByRole("link", { name: /4f2b791c/ })).toHaveAttribute(
    "href",
    "https://git.example.com/catalog/4f2b791c",
  );
  await expect(phone.getByRole("list", { name: "Changes of the task definition" })).toContainText("2.4.0");
  expect(await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  await expect(approveButton(phone)).toBeInViewport();
  await approveButton(phone).click();
  await expect(phone.getByRole("list", { name: "Who approved" })).toContainText("Ada Approver approved");
  await expect(approveButton(phone)).toHaveAttribute("aria-disabled", "true");

  const admin = await as(browser, "admin", "/approvals");
  await expect(admin.getByRole("region", { name: /Waits for you/ })).toContainText(/catalog: Release 2\.4\.0/);
  await expect(admin.getByRole("link", { name: /Waits for you\s*, \d+ now/ })).toBeVisible();
  await admin.getByRole("link", { name: /catalog: Release 2\.4\.0/ }).click();
  const traffic = startTraffic(CATALOG_ALB_URL, 10);
  try {
    await admin.getByLabel(/Comment/).fill("Seen on the test listener");
    await admin.getByRole("button", { name: `Approve and switch to ${to}` }).click();
    await expect(operator.getByText(/Verified in/).first()).toBeVisible({ timeout: 90_000 });
  } finally {
    await traffic.stop();
  }
  expect(traffic.record.failures).toEqual([]);
  const done = await deployment(world, id);
  expect(done.approvals.map(({ actor }) => actor)).toEqual(["approver@sandbox.local", "admin@sandbox.local"]);
  const { body } = await world.api("GET", "/api/v1/applications/catalog");
  expect((body as { traffic: { live: string } }).traffic.live).toBe(to);
  await Promise.all([operator, phone, admin].map((page) => page.context().close()));
});

test("what was approved changes: the approval lapses, says so, and is asked for anew", async ({ browser, world }) => {
  test.setTimeout(240_000);
  const operator = await as(browser, "operator", "/catalog");
  const { id, from, to } = await waitingRelease(world, operator);
  const approver = await as(browser, "approver", `/approvals/${id}`);
  await approveButton(approver).click();
  await expect(approver.getByText(/^1 of 2 approvals/)).toBeVisible();
  // Somebody changes the rule behind Switchyard's back; the new side still has no traffic.
  const half = { blue: 0, green: 0, [from]: 50 };
  await world.sandbox("POST", "/listeners", { listener: "catalog-alb:80", weights: half });
  await expect(approver.getByText(/Lapsed at .*: the rule now holds/).first()).toBeVisible({ timeout: 30_000 });
  await expect(approver.getByText(/^0 of 2 approvals/)).toBeVisible();
  await expect(approver.getByText(/Something changed since you opened this page/)).toBeVisible();
  expect((await deployment(world, id)).stage).toBe("PRE_PRODUCTION_TRAFFIC_SHIFT");
  await approveButton(approver).click();
  await expect(approver.getByText(/^1 of 2 approvals/)).toBeVisible();
  await world.sandbox("POST", "/listeners", {
    listener: "catalog-alb:80",
    weights: { blue: 0, green: 0, [from]: 100 },
  });
  expect(to).not.toBe(from);
  await Promise.all([operator, approver].map((page) => page.context().close()));
});

test("one no with its reason ends it, and an approval after it is told so", async ({ browser, world }) => {
  test.setTimeout(240_000);
  const operator = await as(browser, "operator", "/catalog");
  const { id, from } = await waitingRelease(world, operator);
  const admin = await as(browser, "admin", `/approvals/${id}`);
  const reject = admin.getByRole("button", { name: `Reject: ${from} stays live` });
  await expect(reject).toHaveAttribute("aria-disabled", "true");
  await admin.getByLabel(/Comment/).fill("The prices are of last year");
  await reject.click();
  await expect(admin.getByText("Nothing is left to decide here.")).toBeVisible();
  await expect.poll(async () => (await deployment(world, id)).status, { timeout: 60_000 }).toBe("STOPPED");
  expect(await deployment(world, id)).toMatchObject({
    statusReason: "Rejected by Alex Admin: The prices are of last year",
    approval: { state: "rejected" },
  });
  const approver = await as(browser, "approver", "/approvals");
  const late = await post(approver, `/api/v1/deployments/${id}/approve`, {});
  expect(late).toMatchObject({ status: 409, body: { code: "APPROVAL_REJECTED" } });
  const { body } = await world.api("GET", "/api/v1/applications/catalog");
  expect((body as { traffic: { live: string } }).traffic.live).toBe(from);
  await Promise.all([operator, admin, approver].map((page) => page.context().close()));
});

test("nobody acts within the time: it rolls back, and an approval after it is told so", async ({ browser, world }) => {
  test.setTimeout(300_000);
  const own = await startDashboard({
    application: "catalog",
    approvals: "{ release: { approvers: 1, timeLimitMinutes: 1 } }",
  });
  try {
    const context = await browser.newContext({ baseURL: own.url });
    const page = await context.newPage();
    await signIn(page, "admin", "/approvals");
    const started = await own.api("POST", "/api/v1/applications/catalog/deployments", { imageTag: "2.4.0" });
    const { id } = started as Waiting;
    const read = async () => (await own.api("GET", `/api/v1/deployments/${id}`)) as Waiting;
    await expect.poll(async () => (await read()).approval.expiresAt, { timeout: 120_000 }).not.toBeNull();
    await page.goto(`/approvals/${id}`);
    await expect(page.getByText(/left\)/)).toBeVisible();
    await expect(page.getByText("Nothing is left to decide here.")).toBeVisible({ timeout: 90_000 });
    await expect.poll(async () => (await read()).status, { timeout: 30_000 }).toBe("STOPPED");
    expect(await read()).toMatchObject({
      approval: { state: "expired" },
      statusReason: "0 of 1 approval within 1 min",
    });
    const late = await page.request.post(`${own.url}/api/v1/deployments/${id}/approve`, {
      data: {},
      headers: { origin: own.url },
    });
    expect(late.status()).toBe(409);
    expect(((await late.json()) as { code: string }).code).toBe("APPROVAL_EXPIRED");
    await context.close();
  } finally {
    await own.stop();
  }
  expect((await world.api("GET", "/api/v1/applications/catalog")).status).toBe(200);
});
