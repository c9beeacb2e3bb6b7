import { expect, side, signIn, test } from "./world.ts";

test("1.2.0-unhealthy cannot be switched to, neither by button nor by REST", async ({ page, world }) => {
  test.setTimeout(180_000);
  await signIn(page, "operator");
  await world.release("1.2.0-unhealthy");
  await expect(side(page, "green")).toContainText("1.2.0-unhealthy", { timeout: 60_000 });
  // AWS's code beside its words, for as long as the grace period keeps the new tasks.
  await expect(side(page, "green")).toContainText(
    /Target\.ResponseCodeMismatch[\s\S]*Health checks failed with these codes: \[503\]/,
    { timeout: 60_000 },
  );
  await expect
    .poll(async () => (await world.receipt("green")).blockers.map((blocker) => blocker.code), { timeout: 60_000 })
    .toContain("DEPLOYMENT_IN_FLIGHT");
  const button = page.getByRole("button", { name: "Switch to green" }).first();
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await button.click({ force: true });
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await world.sandbox("DELETE", "/journal");
  const { hash } = await world.receipt("green");
  const refused = await world.api("POST", "/api/v1/applications/library/switch", { to: "green", receipt: hash });
  expect([409, 422]).toContain(refused.status);
  expect((refused.body as { blockers: { code: string }[] }).blockers.length).toBeGreaterThan(0);
  expect((await world.snapshot()).traffic.weights).toEqual({ blue: 100, green: 0 });
  const calls = (await world.sandbox("GET", "/journal")) as { operation: string }[];
  expect(calls.filter((call) => call.operation === "ModifyListener")).toHaveLength(0);
});

test("a switch with an outdated receipt is refused, by REST with the fresh one, on the page with what changed", async ({
  page,
  world,
}) => {
  await signIn(page, "operator");
  const old = await world.receipt("green");
  await page.getByRole("button", { name: "Switch to green" }).first().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("blue 0, green 100");

  // The same side stays live, but the rule is no longer what both looked at.
  await world.sandbox("POST", "/listeners", { listener: "library-alb:80", weights: { blue: 50, green: 0 } });
  const refused = await world.api("POST", "/api/v1/applications/library/switch", { to: "green", receipt: old.hash });
  expect(refused.status).toBe(409);
  expect(refused.body).toMatchObject({ code: "RECEIPT_OUTDATED" });
  expect((refused.body as { receipt: { hash: string } }).receipt.hash).not.toBe(old.hash);

  await dialog.getByRole("button", { name: "Switch to green" }).click();
  await expect(dialog.getByRole("alert")).toContainText("changed since you looked");
  expect((await world.snapshot()).traffic.weights).toEqual({ blue: 50, green: 0 });
});

test("1.3.0-crash ends as failed with its stop reason, exit code and last lines", async ({ page, world }) => {
  test.setTimeout(240_000);
  await signIn(page, "operator");
  const id = await world.release("1.3.0-crash");
  await expect
    .poll(async () => ((await world.api("GET", `/api/v1/deployments/${id}`)).body as { status: string }).status, {
      timeout: 180_000,
    })
    .toBe("STOPPED");
  await page.goto(`/library/deployments/${id}`);
  await expect(page.getByText(/exit code 1|exited with 1|exit 1/i).first()).toBeVisible();
  await expect(page.getByText("Essential container in task exited").first()).toBeVisible();
  await expect(page.getByText(/Exception/).first()).toBeVisible();
  expect((await world.snapshot()).traffic.weights).toEqual({ blue: 100, green: 0 });
});
