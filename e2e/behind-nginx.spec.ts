import type { Page } from "@playwright/test";
import { documentedConfiguration, hasNginx, startNginx } from "./nginx.ts";
import { startDashboard } from "./own-dashboard.ts";
import { awake, expect, PORTS, side, test, type World } from "./world.ts";

test.skip(!hasNginx, "nginx is not installed");
test.use({ ignoreHTTPSErrors: true });

const PORT = PORTS.app + 8;

/** Signs in, switches and rolls back by clicks, each a server action that went through nginx. */
async function mainJob(page: Page, url: string, world: World): Promise<void> {
  await page.goto(`${url}/library`);
  await page.getByRole("button", { name: /\boperator\b/i }).click();
  await page.waitForURL(`${url}/library`);
  await awake(page);
  const primary = page.getByRole("button", { name: "Switch to green" });
  await expect(primary).not.toHaveAttribute("aria-disabled", "true", { timeout: 60_000 });
  await primary.click();
  await page.getByRole("dialog").getByRole("button", { name: "Switch to green" }).click();
  await expect(side(page, "green")).toContainText("Live, 100 % of traffic");
  await page.getByRole("button", { name: "Roll back to blue" }).first().click();
  await expect(side(page, "blue")).toContainText("Live, 100 % of traffic");
  await expect.poll(async () => (await world.snapshot()).traffic.live).toBe("blue");
}

test("as docs/proxy.md says, with TLS: sign-in, switch, rollback, streams and the address in the audit", async ({
  page,
  world,
}) => {
  test.setTimeout(180_000);
  const url = `https://127.0.0.1:${PORT}`;
  const own = await startDashboard({ application: "library", publicUrl: url });
  const nginx = await startNginx((folder) => documentedConfiguration(PORT, [new URL(own.url).host], folder));
  try {
    // What a client claims about itself is not what nginx saw.
    await page.setExtraHTTPHeaders({ "x-forwarded-for": "203.0.113.66" });
    await mainJob(page, url, world);
    const names = (await page.context().cookies()).map(({ name }) => name);
    expect(names.filter((name) => name.includes("session-token"))).toEqual(["__Host-next-auth.session-token"]);
    const { items } = (await own.api("GET", "/api/v1/audit?application=library")) as {
      items: { action: string; address: string | null; outcome: string }[];
    };
    const clicks = items.filter(({ action }) => action === "deployment.switch" || action === "deployment.rollback");
    expect(clicks.map(({ address, outcome }) => [address, outcome])).toEqual([
      ["127.0.0.1", "done"],
      ["127.0.0.1", "done"],
    ]);
  } finally {
    await nginx.stop();
    await own.stop();
  }
});

test("with a bare proxy_pass, which sends nginx's own Host, clicks do what they say", async ({ page, world }) => {
  test.setTimeout(180_000);
  const url = `http://127.0.0.1:${PORT}`;
  const own = await startDashboard({ application: "library", publicUrl: url });
  const nginx = await startNginx(
    () =>
      `server { listen 127.0.0.1:${PORT}; location / { proxy_pass ${own.url}; proxy_set_header Host app.internal; } }`,
  );
  try {
    await mainJob(page, url, world);
  } finally {
    await nginx.stop();
    await own.stop();
  }
});

test("behind a proxy that removes the Origin, the page says that nothing was done and what to change", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const url = `http://127.0.0.1:${PORT}`;
  const own = await startDashboard({ application: "library", publicUrl: url });
  const nginx = await startNginx(
    () => `server { listen 127.0.0.1:${PORT}; location / { proxy_pass ${own.url}; proxy_set_header Origin ""; } }`,
  );
  try {
    await page.goto(`${url}/library`);
    await page.getByRole("button", { name: /\boperator\b/i }).click();
    await page.waitForURL(`${url}/library`);
    await awake(page);
    const primary = page.getByRole("button", { name: "Switch to green" });
    await expect(primary).not.toHaveAttribute("aria-disabled", "true", { timeout: 60_000 });
    await primary.click();
    await expect(
      page
        .getByRole("dialog")
        .getByText(/Nothing was done: .*removes the Origin header/)
        .first(),
    ).toBeVisible();
  } finally {
    await nginx.stop();
    await own.stop();
  }
});
