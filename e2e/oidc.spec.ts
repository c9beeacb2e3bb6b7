import type { Page } from "@playwright/test";
import { type IdentityProvider, nameAtProvider, signInAtProvider, startIdentityProvider } from "./identity-provider.ts";
import { type OwnDashboard, startDashboard } from "./own-dashboard.ts";
import { awake, expect, PORTS, test } from "./world.ts";

test.use({ ignoreHTTPSErrors: true });

const ACCESS = `  operator: { addresses: [], claims: [deployers] }
  approver: { addresses: [], claims: [release-managers] }`;
let provider: IdentityProvider;
let own: OwnDashboard;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  const url = `http://127.0.0.1:${PORTS.app + 7}`;
  provider = await startIdentityProvider(PORTS.app + 9, `${url}/api/auth/callback/oidc`);
  own = await startDashboard({
    application: "library",
    access: ACCESS,
    env: provider.env,
  });
});
test.afterAll(async () => {
  await own?.stop();
  await provider?.stop();
});

const signInAs = (page: Page, id: string) => signInAtProvider(page, own.url, id);

const account = (page: Page) => page.getByRole("button", { name: /account$/ }).locator("visible=true");

test("groups that only userinfo says make a role, and change with the next sign-in", async ({ page }) => {
  test.setTimeout(180_000);
  provider.people.set("kim", { name: "Kim", email: "kim@example.com", groups: ["deployers"] });
  const before = provider.asked.userinfo;
  await signInAs(page, "kim");
  expect(provider.asked.userinfo).toBeGreaterThan(before);
  await expect(account(page)).toHaveAccessibleName(/Kim/);
  await expect(account(page)).toHaveAccessibleName(/operator/);

  // A session carries the groups of its sign-in.
  provider.people.set("kim", { name: "Kim", email: "kim@example.com", groups: ["release-managers"] });
  await page.reload();
  await awake(page);
  await expect(account(page)).toHaveAccessibleName(/operator/);
  await account(page).click();
  await page.getByRole("button", { name: "Sign out" }).locator("visible=true").click();
  await page.waitForURL(/\/sign-in/);
  await signInAs(page, "kim");
  await expect(account(page)).toHaveAccessibleName(/approver/);
});

test("people are sent with max_age=0, so that the provider asks who they are, and a session here outlives the one there", async ({
  page,
}) => {
  test.setTimeout(180_000);
  provider.people.set("lee", { name: "Lee", email: "lee@example.com", groups: ["deployers"] });
  await signInAs(page, "lee");
  expect(new Set(provider.asked.maxAges)).toEqual(new Set(["0"]));
  // Signed in there still, and asked again all the same.
  await page.context().clearCookies({ name: /next-auth/ });
  await signInAs(page, "lee");
  await page.goto(`${provider.issuer}/session/end`);
  await page.getByRole("button", { name: /yes/i }).click();
  await page.goto(`${own.url}/library`);
  await expect(account(page)).toHaveAccessibleName(/Lee/);
});

test("what a group takes away is gone with an ended session, and nobody of no group gets in", async ({ page }) => {
  test.setTimeout(180_000);
  provider.people.set("stranger", { name: "Stranger", email: "stranger@example.com", groups: ["somebody-else"] });
  await nameAtProvider(page, own.url, "stranger");
  await page.getByRole("button", { name: /continue/i }).click();
  await page.waitForURL((url) => url.href.startsWith(own.url));
  await expect(page.getByText("view needs the role viewer on library; Stranger has none")).toBeVisible();
  await expect(page.getByRole("button", { name: "Roll back to blue" })).toHaveCount(0);
});
