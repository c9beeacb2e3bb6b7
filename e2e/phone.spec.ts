import { expect, signIn, test } from "./world.ts";

test.use({ viewport: { width: 390, height: 844 } });

test("on a phone the way back is under the thumb with its cost, and works", async ({ page, world }) => {
  test.setTimeout(120_000);
  const { hash } = await world.receipt("green");
  await world.api("POST", "/api/v1/applications/library/switch", { to: "green", receipt: hash });
  await expect.poll(async () => (await world.snapshot()).deployment, { timeout: 90_000 }).toBeNull();
  await signIn(page, "operator");
  const button = page.getByRole("button", { name: "Roll back to blue" }).locator("visible=true").first();
  await expect(button).toBeInViewport();
  await expect(
    page
      .getByText(/Instant: blue warm 2/)
      .locator("visible=true")
      .first(),
  ).toBeVisible();
  await button.click();
  await expect.poll(async () => (await world.snapshot()).traffic.live).toBe("blue");
});
