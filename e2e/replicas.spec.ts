import { once } from "node:events";
import { request } from "node:https";
import type { Page } from "@playwright/test";
import { findPostgres, startPostgres } from "../lib/testing/test-postgres.ts";
import { type IdentityProvider, signInAtProvider, startIdentityProvider } from "./identity-provider.ts";
import { documentedConfiguration, hasNginx, startNginx } from "./nginx.ts";
import { type OwnDashboard, startDashboard } from "./own-dashboard.ts";
import { API_TOKEN, expect, PORTS, side, test, type World } from "./world.ts";

/* As it is run: two replicas on PostgreSQL behind nginx with TLS, and people who sign in at a provider. */

const bin = findPostgres();
test.skip(!hasNginx || bin === null, "nginx or PostgreSQL is not installed");
test.use({ ignoreHTTPSErrors: true });

const [AT, PROVIDER] = [PORTS.app + 14, PORTS.app + 13];
const URL_ = `https://127.0.0.1:${AT}`;
/** Two that run, and two more that take their places. */
const REPLICAS = [PORTS.app + 9, PORTS.app + 10, PORTS.app + 11, PORTS.app + 12];

let database: Awaited<ReturnType<typeof startPostgres>>;
let provider: IdentityProvider;
let nginx: { stop(): Promise<void> };
const running = new Map<number, OwnDashboard>();

async function startReplica(port: number): Promise<void> {
  const own = await startDashboard({
    application: "library",
    access: "  operator: { addresses: [], claims: [deployers] }",
    publicUrl: URL_,
    port,
    env: { DATABASE_URL: database.url, ...provider.env },
  });
  running.set(port, own);
}

async function stopReplica(port: number): Promise<void> {
  await running.get(port)?.stop();
  running.delete(port);
}

test.beforeAll(async () => {
  test.setTimeout(300_000);
  if (bin === null) return;
  database = await startPostgres(bin);
  provider = await startIdentityProvider(PROVIDER, `${URL_}/api/auth/callback/oidc`);
  provider.people.set("kim", { name: "Kim", email: "kim@example.com", groups: ["deployers"] });
  await startReplica(REPLICAS[0] ?? 0);
  await startReplica(REPLICAS[1] ?? 0);
  const upstreams = REPLICAS.map((port) => `127.0.0.1:${port}`);
  nginx = await startNginx((folder) => documentedConfiguration(AT, upstreams, folder));
});
test.afterAll(async () => {
  await nginx?.stop();
  for (const port of [...running.keys()]) await stopReplica(port);
  await provider?.stop();
  await database?.stop();
});

/** The seeded world was put back without these replicas' doing: that is taken note of, so that a switch is offered. */
async function takeNote(): Promise<void> {
  const [own] = running.values();
  if (!own) throw new Error("No replica runs");
  await expect
    .poll(
      async () => {
        const { drifts = [] } = (await own.api("GET", "/api/v1/applications/library")) as {
          drifts?: { id: string }[];
        };
        for (const { id } of drifts) await own.api("POST", "/api/v1/applications/library/drifts", { drift: id });
        return drifts.length;
      },
      { timeout: 60_000 },
    )
    .toBe(0);
}

/** One click on the board's way there and one on its way back, each seen in AWS. */
async function switchAndBack(page: Page, world: World): Promise<void> {
  const primary = page.getByRole("button", { name: "Switch to green", exact: true });
  await expect(primary).not.toHaveAttribute("aria-disabled", "true", { timeout: 120_000 });
  await primary.click();
  await page.getByRole("dialog").getByRole("button", { name: "Switch to green", exact: true }).click();
  await expect(side(page, "green")).toContainText("Live, 100 % of traffic");
  await page.getByRole("button", { name: "Roll back to blue" }).first().click();
  await expect(side(page, "blue")).toContainText("Live, 100 % of traffic");
  await expect.poll(async () => (await world.snapshot()).traffic.live).toBe("blue");
}

test("the main job: a release through the pages, its switch and its rollback", async ({ page, world }) => {
  test.setTimeout(300_000);
  await takeNote();
  await signInAtProvider(page, URL_, "kim");
  await page.goto(`${URL_}/library/deploy`);
  await page.getByRole("radio", { name: /^1\.1\.0\b/ }).check({ force: true });
  await expect(page.getByRole("region", { name: "1.1.0 to green" })).toContainText("+ 1.1.0");
  await page.getByRole("button", { name: /^Start/ }).click();
  await expect(page).toHaveURL(/\/library$/);
  await expect(side(page, "green")).toContainText("1.1.0", { timeout: 90_000 });
  await switchAndBack(page, world);
  // The way back is verified before the release has ended.
  await expect(async () => {
    await page.goto(`${URL_}/library/deployments`);
    await expect(page.getByRole("row").filter({ hasText: "1.1.0" }).first()).toContainText(/rolled back/i);
  }).toPass({ timeout: 120_000 });
});

test("both replicas are replaced as in a rolling update: no request fails, no click is lost", async ({
  page,
  world,
}) => {
  test.setTimeout(400_000);
  await signInAtProvider(page, URL_, "kim");
  // The replicas may see a little later that the world was put back.
  await expect(async () => {
    await takeNote();
    const primary = page.getByRole("button", { name: "Switch to green", exact: true });
    await expect(primary).not.toHaveAttribute("aria-disabled", "true", { timeout: 5_000 });
  }).toPass({ timeout: 120_000 });
  const asking = startAsking();
  try {
    const [first = 0, second = 0, third = 0, fourth = 0] = REPLICAS;
    for (const [old, next] of [
      [first, third],
      [second, fourth],
    ] as const) {
      await startReplica(next);
      const stopped = stopReplica(old);
      // While the old one goes.
      await switchAndBack(page, world);
      await stopped;
      await expect.poll(async () => (await world.snapshot()).deployment, { timeout: 120_000 }).toBeNull();
    }
  } finally {
    await asking.stop();
  }
  expect(asking.failures).toEqual([]);
  expect(asking.answered).toBeGreaterThan(100);
  await expect(page.getByText(/^(Live|Old data), /).first()).toBeAttached();
});

/** Asks for the application again and again, as a program that reads what it is told: no answer but 200 is a success. */
function startAsking() {
  const found = { answered: 0, failures: [] as string[], stop: async () => {} };
  let isOver = false;
  const ended = (async () => {
    while (!isOver) {
      const status = await get("/api/v1/applications/library").catch((error: unknown) => String(error));
      if (status === 200) found.answered += 1;
      else found.failures.push(`${new Date().toISOString()} ${status}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  found.stop = async () => {
    isOver = true;
    await ended;
  };
  return found;
}

async function get(path: string): Promise<number> {
  const asked = request(`${URL_}${path}`, {
    headers: { authorization: `Bearer ${API_TOKEN}` },
    rejectUnauthorized: false,
    timeout: 20_000,
  });
  asked.end();
  const [response] = await once(asked, "response");
  response.resume();
  await once(response, "end");
  return response.statusCode;
}
