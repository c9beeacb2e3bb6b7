import { APP_URL, expect, SANDBOX_URL, signIn, test } from "./world.ts";

test("a viewer sees the actions inert, with the reason", async ({ page }) => {
  await signIn(page, "viewer");
  for (const name of [/^Switch to green|^Deploy a new version/, /^Roll back/]) {
    const button = page.getByRole("button", { name }).first();
    await expect(button).toHaveAttribute("aria-disabled", "true");
    await button.click({ force: true });
  }
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByText("Read-only: your role is viewer").first()).toBeVisible();
});

test("a viewer's session can call no action", async ({ page, world }) => {
  await signIn(page, "viewer");
  const { hash } = await world.receipt("green");
  await world.sandbox("DELETE", "/journal");
  const statuses = await page.evaluate(async (receipt) => {
    const post = async (path: string, body: unknown) =>
      (
        await fetch(path, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        })
      ).status;
    return [
      await post("/api/v1/applications/library/switch", { to: "green", receipt }),
      await post("/api/v1/applications/library/rollback", {}),
      await post("/api/v1/applications/library/deployments", { imageTag: "1.1.0" }),
    ];
  }, hash);
  expect(statuses).toEqual([403, 403, 403]);
  expect(await world.sandbox("GET", "/journal")).toEqual([]);
});

test("nobody without identity reads anything", async ({ page, request }) => {
  await page.goto("/library");
  await expect(page).toHaveURL(/\/sign-in/);
  for (const path of ["/api/v1/applications", "/api/v1/applications/library/live", "/api/v1/audit"])
    expect((await request.get(`${APP_URL}${path}`)).status(), path).toBe(401);
});

test("a request from another origin changes nothing, even with a session", async ({ page, world }) => {
  await signIn(page, "operator");
  const { hash } = await world.receipt("green");
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  for (const origin of ["https://evil.example", SANDBOX_URL, undefined]) {
    const response = await fetch(`${APP_URL}/api/v1/applications/library/switch`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie: cookies, ...(origin ? { origin } : {}) },
      body: JSON.stringify({ to: "green", receipt: hash }),
    });
    expect(response.status, String(origin)).toBe(403);
  }
  expect((await world.snapshot()).traffic.weights).toEqual({ blue: 100, green: 0 });
});

test("every page carries a strict policy with its own nonce", async ({ request }) => {
  const nonces = new Set<string>();
  for (const path of ["/sign-in", "/sign-in"]) {
    const headers = (await request.get(`${APP_URL}${path}`)).headers();
    const policy = headers["content-security-policy"] ?? "";
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("object-src 'none'");
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? "";
    expect(scripts).not.toContain("unsafe-inline");
    expect(scripts).not.toContain("unsafe-eval");
    nonces.add(/'nonce-([^']+)'/.exec(scripts)?.[1] ?? "");
    expect(headers["x-content-type-options"]).toBe("nosniff");
  }
  expect(nonces.size).toBe(2);
  expect(nonces.has("")).toBe(false);
});
