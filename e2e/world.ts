import { type APIRequestContext, test as base, expect, type Page } from "@playwright/test";

// Two checkouts on one machine need ports of their own.
const first = Number(process.env.SWITCHYARD_E2E_PORT ?? 3100);

/** Where the program under test listens; playwright.config.ts starts it there. */
export const PORTS = { app: first, sandbox: first + 1500, alb: first + 5080 } as const;
export const APP_URL = `http://127.0.0.1:${PORTS.app}`;
export const SANDBOX_URL = `http://127.0.0.1:${PORTS.sandbox}`;
export const TEST_URL = `http://127.0.0.1:${PORTS.alb + 1}`;
export const ALB_URL = `http://127.0.0.1:${PORTS.alb}`;
export const CATALOG_ALB_URL = `http://127.0.0.1:${PORTS.alb + 2}`;
/** What sessions are encrypted with. */
export const SESSION_SECRET = "end-to-end-secret-0123456789abcdef";
/** The bootstrap token of the program under test. */
export const API_TOKEN = "end-to-end-token-0123456789abcdef0123456789";

export type Color = "blue" | "green";

interface SnapshotAnswer {
  automaticRollback?: { deploymentId: string };
  observedAt: number;
  traffic: { live: string; weights: Record<Color, number> };
  deployment: { id: string; status: string; stage: string } | null;
  drifts?: { id: string; message: string; blocks: boolean }[];
  slots: Record<
    Color,
    {
      revision: { tag: string | null } | null;
      counts: { desired: number; healthy: number };
      tasks: { id: string; lastStatus: string }[];
      targets: { state: string; unbrokenSince: number }[];
      stableSeconds?: number;
      rollout: { state: string } | null;
    }
  >;
}

/** The two programs as a test drives them from outside the browser. */
export class World {
  readonly #request: APIRequestContext;

  constructor(request: APIRequestContext) {
    this.#request = request;
  }

  /** One call of the REST API with the bootstrap token; any status is an answer. */
  async api(method: string, path: string, data?: unknown): Promise<{ status: number; body: unknown }> {
    const response = await this.#request.fetch(`${APP_URL}${path}`, {
      method,
      headers: { authorization: `Bearer ${API_TOKEN}` },
      ...(data === undefined ? {} : { data }),
    });
    const text = await response.text();
    return { status: response.status(), body: text === "" ? null : JSON.parse(text) };
  }

  async snapshot(): Promise<SnapshotAnswer> {
    const { status, body } = await this.api("GET", "/api/v1/applications/library");
    expect(status).toBe(200);
    return body as SnapshotAnswer;
  }

  async sandbox(method: string, path: string, data?: unknown): Promise<unknown> {
    const response = await this.#request.fetch(`${SANDBOX_URL}/_sandbox${path}`, {
      method,
      ...(data === undefined ? {} : { data }),
    });
    expect(response.ok(), `${method} /_sandbox${path}: ${response.status()}`).toBe(true);
    const text = await response.text();
    return text === "" ? null : JSON.parse(text);
  }

  /** The seeded world with nothing in flight, both sides healthy and stable; what is so already is left alone. */
  async reset(): Promise<void> {
    // The server may have begun a moment ago: until its first look at AWS it knows no application.
    await expect
      .poll(async () => (await this.api("GET", "/api/v1/applications/library")).status, { timeout: 60_000 })
      .toBe(200);
    await this.sandbox("DELETE", "/faults");
    await this.#liftFreezes();
    await this.#acknowledgeRollback();
    if (await this.#isSeeded()) return;
    // Ended first: a deployment that is rolled back after the reset would move the seeded world's traffic.
    await expect.poll(() => this.#endDeployment(), { timeout: 120_000, message: "nothing is in flight" }).toBe(true);
    await this.sandbox("POST", "/reset");
    // A reset changes everything, and not by Switchyard.
    await expect.poll(() => this.#acknowledgeDrifts(), { timeout: 90_000, message: "no drift is left" }).toBe(true);
    await expect
      .poll(() => this.#isSeeded(), { timeout: 90_000, message: "the seeded world is back and stable" })
      .toBe(true);
  }

  async #endDeployment(): Promise<boolean> {
    const { deployment } = await this.snapshot();
    if (deployment) await this.api("POST", `/api/v1/deployments/${deployment.id}/abort`, {});
    return deployment === null;
  }

  async #liftFreezes(): Promise<void> {
    const { body } = await this.api("GET", "/api/v1/freezes");
    for (const { id, liftedAt } of body as { id: string; liftedAt: number | null }[])
      if (liftedAt === null) await this.api("DELETE", `/api/v1/freezes/${id}`);
  }

  async #acknowledgeRollback(): Promise<void> {
    const { automaticRollback } = await this.snapshot();
    if (automaticRollback)
      await this.api("POST", `/api/v1/deployments/${automaticRollback.deploymentId}/acknowledge`, {});
  }

  async #acknowledgeDrifts(): Promise<boolean> {
    if (await this.#isSeeded()) return true;
    await this.acknowledgeDrifts("library");
    return false;
  }

  /** Takes note of what else changed the application; true when there was nothing. */
  async acknowledgeDrifts(application: string): Promise<boolean> {
    const { body } = await this.api("GET", `/api/v1/applications/${application}`);
    const { drifts = [] } = body as SnapshotAnswer;
    for (const { id } of drifts) await this.api("POST", `/api/v1/applications/${application}/drifts`, { drift: id });
    return drifts.length === 0;
  }

  async #isSeeded(): Promise<boolean> {
    const { deployment, traffic, slots, observedAt, drifts = [] } = await this.snapshot();
    const tasks = (await this.sandbox("GET", "/tasks")) as { id: string; lastStatus: string }[];
    const running = tasks.filter((task) => task.lastStatus === "RUNNING").map((task) => task.id);
    return (
      deployment === null &&
      drifts.length === 0 &&
      traffic.weights.blue === 100 &&
      traffic.weights.green === 0 &&
      [slots.blue, slots.green].every(
        (slot) =>
          slot.revision?.tag === "1.0.0" &&
          slot.counts.healthy === 2 &&
          slot.rollout?.state !== "IN_PROGRESS" &&
          slot.tasks.filter((task) => running.includes(task.id)).length === 2 &&
          slot.targets.filter(
            ({ state, unbrokenSince }) =>
              state === "healthy" && observedAt - unbrokenSince >= (slot.stableSeconds ?? 90) * 1000,
          ).length === 2,
      )
    );
  }

  /** The receipt for a switch to that side, with the blockers that stand now. */
  async receipt(to: Color): Promise<{ hash: string; blockers: { code: string; message: string }[] }> {
    const { body } = await this.api("GET", `/api/v1/applications/library/receipt?to=${to}`);
    return body as { hash: string; blockers: { code: string; message: string }[] };
  }

  /** Starts a release and returns its id. */
  async release(imageTag: string, rollout?: Record<string, unknown>): Promise<string> {
    const { status, body } = await this.api("POST", "/api/v1/applications/library/deployments", { imageTag, rollout });
    expect(status, JSON.stringify(body)).toBe(202);
    return (body as { id: string }).id;
  }
}

/** A test with the seeded world before it. */
export const test = base.extend<{ world: World }>({
  world: [
    async ({ request }, use) => {
      const world = new World(request);
      await world.reset();
      await use(world);
    },
    { auto: true, timeout: 240_000 },
  ],
});

export { expect };

export type SandboxUser = "viewer" | "operator" | "approver" | "admin";

/** Signs in by the sandbox's one-click user and ends on the page that was asked for. */
export async function signIn(page: Page, user: SandboxUser, path = "/library"): Promise<void> {
  await page.goto(path);
  await page.getByRole("button", { name: new RegExp(`\\b${user}\\b`, "i") }).click();
  await page.waitForURL((url) => url.pathname === path);
  if (path === "/" || path.startsWith("/library")) await awake(page);
}

/** Waits until the page's scripts run and its stream is live: keys and clicks count from then on. */
export async function awake(page: Page): Promise<void> {
  // A phone hides the word and shows the age alone.
  await expect(page.getByText(/^(Live|Old data), /).first()).toBeAttached();
}

/** The card of one side on the board. */
export function side(page: Page, color: Color) {
  return page.getByRole("region", { name: color === "blue" ? "Blue" : "Green", exact: true });
}
