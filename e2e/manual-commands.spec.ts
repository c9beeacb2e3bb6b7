import { expect, signIn, test } from "./world.ts";

test("a switch and a rollback can be done by hand, with commands that are there to copy", async ({ page, world }) => {
  test.setTimeout(150_000);
  await signIn(page, "operator");
  await page.getByRole("button", { name: "Switch to green" }).first().click();
  const receipt = page.getByRole("dialog");
  await receipt.getByText("The same with the AWS CLI").click();
  await expect(receipt.getByRole("region", { name: "Commands" })).toContainText("aws elbv2 modify-listener");
  await expect(receipt.getByRole("button", { name: "Copy the commands" })).toBeVisible();
  await page.keyboard.press("Escape");

  const { hash } = await world.receipt("green");
  await world.api("POST", "/api/v1/applications/library/switch", { to: "green", receipt: hash });
  // At its end ECS has been told which task set is primary.
  await expect.poll(async () => (await world.snapshot()).deployment, { timeout: 90_000 }).toBeNull();
  await page.getByRole("button", { name: "Manual commands" }).locator("visible=true").first().click();
  const manualCommands = page.getByRole("dialog", { name: "Roll back to blue with the AWS CLI" });
  const commands = manualCommands.getByRole("region", { name: "Commands" });
  await expect(commands).toContainText('"Weight": 100');
  // Where sides are task sets, ECS is told which one is live.
  await expect(commands).toContainText("aws ecs update-service-primary-task-set");
  await page.keyboard.press("Escape");
  await expect(manualCommands).toHaveCount(0);
});

test("a deployment's page has the commands for what can be done about it", async ({ page, world }) => {
  test.setTimeout(150_000);
  const id = await world.release("1.1.0");
  await signIn(page, "viewer");
  await page.goto(`/library/deployments/${id}`);
  const section = page.getByRole("region", { name: "Manual commands" });
  await section.getByText("Abort with the AWS CLI").click();
  await expect(section).toContainText(/nothing is asked of AWS|aws ecs/);
});
