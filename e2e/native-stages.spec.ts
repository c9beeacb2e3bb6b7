import { ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import type { Browser } from "@playwright/test";
import { ADMINISTRATOR } from "../lib/testing/shipped-policy.ts";
import { button, gateOpens, next, read, release, settle } from "./native-release.ts";
import { startDashboard } from "./own-dashboard.ts";
import { awake, expect, SANDBOX_URL, side, signIn, test, type World } from "./world.ts";

/* ECS's own deployments where people approve, roll back at any stage, and go step by step. */

test.afterEach(async ({ world }) => {
  for (const name of ["orders", "payments"] as const) await settle(world, name);
});

test("two people approve a release of orders, and the second approval answers ECS's gate", async ({
  browser,
  world,
}) => {
  test.setTimeout(400_000);
  await settle(world, "orders");
  const { tag, to } = await next(world);
  const own = await startDashboard({
    application: "orders",
    approvals: "{ release: { approvers: 2, timeLimitMinutes: 30, onTimeLimit: ROLLBACK } }",
  });
  interface Answer {
    id: string;
    stage: string;
    approvals: { actor: string }[];
    aws: { gate: { id: string; stage: string } | null; answered: { gate: string; action: string }[] };
  }
  try {
    const begun = (await own.api("POST", "/api/v1/applications/orders/deployments", { imageTag: tag })) as Answer;
    const now = async () => (await own.api("GET", `/api/v1/deployments/${begun.id}`)) as Answer;
    const waitsAt = (stage: string) =>
      expect.poll(async () => (await now()).aws.gate?.stage, { timeout: 180_000, message: stage }).toBe(stage);
    await waitsAt("POST_TEST_TRAFFIC_SHIFT");
    const gate = (await now()).aws.gate?.id;
    const approve = async (user: "approver" | "admin") => {
      const page = await personAt(browser, own.url, user, `/approvals/${begun.id}`);
      await page
        .getByRole("button", { name: /^Approve/ })
        .locator("visible=true")
        .first()
        .click();
      await expect(page.getByRole("list", { name: "Who approved" })).toContainText("approved", { timeout: 60_000 });
      await page.context().close();
    };
    await approve("approver");
    expect((await now()).aws.gate?.id).toBe(gate);
    await approve("admin");
    await waitsAt("POST_PRODUCTION_TRAFFIC_SHIFT");
    const done = await now();
    expect(done.aws.answered).toEqual([expect.objectContaining({ gate, action: "CONTINUE" })]);
    expect(done.approvals.map(({ actor }) => actor)).toEqual(["approver@sandbox.local", "admin@sandbox.local"]);
    // Another dashboard that nobody watches looks every some seconds.
    await expect.poll(async () => (await read(world, "orders")).traffic.live, { timeout: 60_000 }).toBe(to);
  } finally {
    await own.stop();
  }
});

test("a release of orders comes back from the scale-up, the open window and the bake", async ({ page, world }) => {
  test.setTimeout(600_000);
  await settle(world, "orders");
  await signIn(page, "operator", "/orders");
  await awake(page);
  const { tag, from } = await next(world);
  const isBack = async (status: string) => {
    await expect
      .poll(async () => (await read(world, "orders")).deployment, { timeout: 180_000, message: "it has ended" })
      .toBeNull();
    const { lastDeployment, traffic } = await read(world, "orders");
    expect(lastDeployment?.status).toBe(status);
    expect(traffic.live).toBe(from);
  };

  await release(world, "orders", tag);
  await expect
    .poll(async () => (await read(world, "orders")).deployment?.stage, { timeout: 60_000, message: "it scales up" })
    .toBe("SCALE_UP");
  await button(page, /^(Abort|Have ECS roll back)/).click();
  await isBack("ROLLBACK_SUCCESSFUL");

  for (const isClosed of [false, true]) {
    await settle(world, "orders");
    await release(world, "orders", tag);
    await gateOpens(world, "POST_TEST_TRAFFIC_SHIFT");
    await answerGate(world);
    await gateOpens(world, "POST_PRODUCTION_TRAFFIC_SHIFT");
    if (isClosed) await bakes(world);
    await expect(side(page, from)).toContainText("Standby, warm", { timeout: 30_000 });
    await button(page, `Roll back to ${from}`).click();
    await isBack("ROLLBACK_SUCCESSFUL");
    await expect(page.getByText(": rolled back").first()).toBeVisible();
  }
});

test("a canary of payments goes step by step, each answered by a receipt of its own", async ({ page, world }) => {
  test.setTimeout(600_000);
  await settle(world, "payments");
  await configurePayments([
    {
      targetType: "PAUSE",
      lifecycleStages: ["PRE_PRODUCTION_TRAFFIC_SHIFT"],
      timeoutConfiguration: { timeoutInMinutes: 60, action: "ROLLBACK" },
    },
  ]);
  try {
    const { traffic, slots } = await read(world, "payments");
    const from = traffic.live === "green" ? "green" : "blue";
    const to = from === "blue" ? "green" : "blue";
    await signIn(page, "operator", "/payments");
    await awake(page);
    await release(world, "payments", slots[from].revision?.tag === "5.1.0" ? "5.0.0" : "5.1.0");
    const gates: string[] = [];
    for (const weight of [10, 100]) {
      const gate = await openedSince(world, gates);
      gates.push(gate);
      const answer = button(page, `Let ECS shift the next step to ${to}`);
      await expect(answer).not.toHaveAttribute("aria-disabled", "true", { timeout: 60_000 });
      await answer.click();
      const dialog = page.getByRole("dialog");
      await expect(dialog).toContainText(gate);
      await dialog.getByRole("button", { name: /^Let ECS shift the next step/ }).click();
      await expect
        .poll(async () => (await read(world, "payments")).traffic.weights[to], { timeout: 60_000 })
        .toBe(weight);
    }
    await expect
      .poll(async () => (await read(world, "payments")).deployment, { timeout: 240_000, message: "it has ended" })
      .toBeNull();
    expect((await read(world, "payments")).lastDeployment?.status).toBe("SUCCESSFUL");
    expect(new Set(gates).size).toBe(2);
  } finally {
    await configurePayments([]);
  }
});

async function personAt(browser: Browser, baseURL: string, user: "approver" | "admin", path: string) {
  const page = await (await browser.newContext({ baseURL })).newPage();
  await signIn(page, user, path);
  return page;
}

async function openedSince(world: World, before: readonly string[]): Promise<string> {
  const open = async () => (await read(world, "payments")).deployment?.aws?.gate?.id ?? before[0] ?? "";
  await expect
    .poll(async () => [...before, ""].includes(await open()), { timeout: 240_000, message: "the next gate opens" })
    .toBe(false);
  return open();
}

/** As a click does, once its receipt allows. */
async function answerGate(world: World): Promise<void> {
  const { deployment } = await read(world, "orders");
  const to = deployment?.to ?? "green";
  await expect
    .poll(
      async () => {
        const { body } = await world.api("GET", `/api/v1/applications/orders/receipt?to=${to}`);
        const receipt = (body as { hash: string }).hash;
        return (await world.api("POST", "/api/v1/applications/orders/switch", { to, receipt })).status;
      },
      { timeout: 60_000, message: "the gate is answered" },
    )
    .toBe(202);
}

/** Closes the window: a minute in which ECS watches the new side with the old one warm. */
async function bakes(world: World): Promise<void> {
  const { deployment } = await read(world, "orders");
  await world.api("POST", `/api/v1/deployments/${deployment?.id}/retire`, {});
  await expect
    .poll(async () => (await read(world, "orders")).deployment?.stage, { timeout: 60_000, message: "it bakes" })
    .toBe("BAKE_TIME");
}

/** As the sandbox begins, but for these hooks; what is in flight keeps its own. */
async function configurePayments(
  lifecycleHooks: NonNullable<
    ConstructorParameters<typeof UpdateServiceCommand>[0]["deploymentConfiguration"]
  >["lifecycleHooks"],
): Promise<void> {
  const client = new ECSClient({ endpoint: SANDBOX_URL, region: "ap-northeast-2", credentials: ADMINISTRATOR });
  await client.send(
    new UpdateServiceCommand({
      cluster: "library-management-cluster",
      service: "payments-service",
      deploymentConfiguration: {
        deploymentCircuitBreaker: { enable: true, rollback: true },
        strategy: "CANARY",
        bakeTimeInMinutes: 1,
        canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: lifecycleHooks?.length ? 0 : 2 },
        lifecycleHooks,
      },
    }),
  );
  client.destroy();
}
