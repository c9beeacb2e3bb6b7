import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect, type Page } from "@playwright/test";
import { createFollower } from "../lib/testing/follower.ts";
import { expectFits } from "./fits.ts";
import { PORTS } from "./world.ts";

const BALANCER = "BALANCER";
const ROOT = new URL("..", import.meta.url).pathname;

/** `npm run demo -- --empty` on ports of its own. */
const test = base.extend<{ url: string }>({
  url: [
    // biome-ignore lint/correctness/noEmptyPattern: playwright reads which fixtures are wanted from the pattern.
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), "switchyard-empty-"));
      const url = `http://127.0.0.1:${PORTS.app + 11}`;
      const child = spawn(process.execPath, [join(ROOT, "scripts/demo.mjs"), "--empty"], {
        stdio: ["ignore", "pipe", "inherit"],
        env: {
          ...process.env,
          PORT: String(PORTS.app + 11),
          SANDBOX_PORT: String(PORTS.sandbox + 11),
          SANDBOX_LISTENER_PORT: String(PORTS.alb + 10),
          DATA_DIR: folder,
        },
      });
      child.stdout.resume();
      try {
        await expect
          .poll(
            () =>
              fetch(`${url}/api/health`).then(
                ({ ok }) => ok,
                () => false,
              ),
            { timeout: 120_000 },
          )
          .toBe(true);
        await use(url);
      } finally {
        child.kill("SIGTERM");
        if (child.exitCode === null) await once(child, "exit");
        await rm(folder, { recursive: true, force: true });
      }
    },
    { timeout: 180_000 },
  ],
});

/** Does what the page says is next; answers the step's title, or null once the next one is done on a board. */
async function followNext(page: Page, paste: (script: string) => Promise<unknown>): Promise<string | null> {
  const next = page.getByRole("region", { name: /^Next: / });
  const link = next.getByRole("heading").getByRole("link");
  const title = await link.textContent();
  const card = page.locator((await link.getAttribute("href")) ?? "");
  await expect(card.locator("details").first()).toHaveAttribute("open", "");
  const setup = await next.locator("pre").textContent();
  const commands = await card.locator("pre").first().textContent();
  await paste(`${setup}\n${commands}`);
  if ((await card.getByRole("link", { name: /board$/ }).count()) > 0) return null;
  await expect(async () => {
    await page.getByRole("button", { name: "Look again" }).click();
    await expect(card.locator("summary").first()).not.toContainText("missing", { timeout: 4_000 });
  }).toPass({ timeout: 60_000 });
  return title;
}

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

test("from an empty account to the first switch by following the page alone: wide as far as the service, on a phone from there", async ({
  page,
  url,
}) => {
  test.setTimeout(420_000);
  await page.setViewportSize(WIDE);
  const follower = await createFollower();
  try {
    // An empty installation opens on readiness; while the account is still looked at, on that look, which leads there.
    await page.goto(url);
    await page.getByRole("button", { name: /\badmin\b/i }).click();
    await page.waitForURL(/\/(readiness|discovery)$/);
    if (page.url().endsWith("/discovery")) {
      const nothing = page
        .locator("section")
        .filter({ has: page.getByRole("heading", { name: "Nothing that forms an application was found" }) });
      await nothing.getByRole("link", { name: "Open readiness" }).click({ timeout: 60_000 });
    }
    await expect(page).toHaveURL(/\/readiness$/);
    await expect(page.getByText("0 of 24")).toBeVisible();
    for (const { width } of [PHONE, WIDE]) await expectFits(page, width);

    const done: string[] = [];
    for (let title = await followNext(page, follower.paste); title; title = await followNext(page, follower.paste)) {
      expect(done).not.toContain(title);
      done.push(title);
      if (title.includes("ECS service")) await page.setViewportSize(PHONE);
    }
    expect(done).toHaveLength(12);
    expect(done.at(-1)).toContain("Description in switchyard.yaml");
    await expect(page.getByRole("region", { name: "Next: 23 A successful deployment" })).toBeVisible();
    for (const { width } of [WIDE, PHONE]) await expectFits(page, width);
    await page.setViewportSize(PHONE);
    // The note about the file comes with the page.
    await page.reload();
    await expect(page.getByText(/switchyard.yaml was read again .*: added library\./)).toBeVisible();

    await page.locator("#step-deployment").getByRole("link", { name: "Open library's board" }).click();
    await expect(page).toHaveURL(/\/library$/);
    await page.goto(`${url}/library/deploy`);
    await page.getByRole("radio", { name: /^1\.1\.0\b/ }).check({ force: true });
    await page.getByRole("button", { name: /^Start/ }).click();
    await expect(page).toHaveURL(/\/library$/);
    const primary = page.getByRole("button", { name: "Switch to green" }).locator("visible=true").first();
    await expect(primary).not.toHaveAttribute("aria-disabled", "true", { timeout: 180_000 });
    await primary.click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("blue 0, green 100");
    await dialog.getByLabel(/reason/i).fill("The first release");
    await dialog.getByRole("button", { name: "Switch to green" }).click();
    const setup = [
      `export AWS_ENDPOINT_URL=http://127.0.0.1:${PORTS.sandbox + 11} AWS_DEFAULT_REGION=ap-northeast-2`,
      "export AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox",
      `${BALANCER}=$(aws elbv2 describe-load-balancers --query 'LoadBalancers[0].LoadBalancerArn' --output text)`,
    ];
    const served = `aws elbv2 describe-listeners --load-balancer-arn "$${BALANCER}" --output text --query 'Listeners[0].DefaultActions[0].ForwardConfig.TargetGroups[?Weight==\`100\`].TargetGroupArn | [0]'`;
    await expect
      .poll(() => follower.paste([...setup, served].join("\n")), { timeout: 60_000 })
      .toContain("targetgroup/library-green-tg/");

    await page.goto(`${url}/readiness`);
    const last = page.locator("#step-blue-green summary");
    await expect(async () => {
      await page.getByRole("button", { name: "Look again" }).click();
      await expect(last).toContainText("has moved the traffic", { timeout: 4_000 });
    }).toPass({ timeout: 60_000 });
    await expect(page.getByRole("region", { name: /^Next: / })).toHaveCount(0);
  } finally {
    await follower.close();
  }
});
