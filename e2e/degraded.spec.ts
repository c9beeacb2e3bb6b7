import { expect, side, signIn, test } from "./world.ts";

test("a throttled source says so with its age while the rest goes on", async ({ page, world }) => {
  test.setTimeout(120_000);
  await signIn(page, "operator");
  await world.sandbox("POST", "/faults", { service: "elbv2", kind: "throttle", rate: 1 });
  await expect(page.getByText(/throttl|limit/i).first()).toBeVisible({ timeout: 60_000 });
  const task = (await world.snapshot()).slots.green.tasks.find((one) => one.lastStatus === "RUNNING");
  await world.sandbox("POST", `/tasks/${task?.id}/kill`);
  await expect(side(page, "green")).toContainText(/137/, { timeout: 45_000 });
  await world.sandbox("DELETE", "/faults");
  await expect(page.getByText(/throttled/i)).toHaveCount(0, { timeout: 60_000 });
});

test("a denied call names the permission that is missing", async ({ page, world }) => {
  test.setTimeout(120_000);
  await signIn(page, "viewer");
  await world.sandbox("POST", "/faults", {
    service: "elbv2",
    operation: "DescribeTargetHealth",
    kind: "error",
    code: "AccessDenied",
    rate: 1,
  });
  await expect(page.getByText("elasticloadbalancing:DescribeTargetHealth").first()).toBeVisible({ timeout: 60_000 });
});
