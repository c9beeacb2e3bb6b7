import { linkOf } from "../lib/notify/payload.ts";
import { putLogEvents } from "./log-events.ts";
import { startTraffic } from "./traffic.ts";
import { ALB_URL, APP_URL, expect, test } from "./world.ts";

/* The night of whoever is on call, on a phone, in Korean. */

test.use({ viewport: { width: 390, height: 844 }, locale: "ko-KR", hasTouch: true });

const MOST_TAPS = 8;

test("from the push to the shared black box in eight taps at most, in Korean", async ({ page, world }) => {
  test.setTimeout(240_000);
  // Signed in the day before; the phone's own sheet is what it shares with.
  await page.goto("/library");
  await page.getByRole("button", { name: /operator/i }).click();
  await page.waitForURL(/\/library$/);
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "share", {
      value: async (what: { url: string }) => Object.assign(window, { sharedUrl: what.url }),
    });
  });
  // Few enough that the errors are among the last lines that are kept.
  const traffic = startTraffic(ALB_URL, 1, "/books?page=3");
  const { hash } = await world.receipt("green");
  await world.api("POST", "/api/v1/applications/library/switch", { to: "green", receipt: hash });
  await expect.poll(async () => (await world.snapshot()).deployment, { timeout: 90_000 }).toBeNull();
  const task = (await world.snapshot()).slots.green.tasks.find(({ lastStatus }) => lastStatus === "RUNNING");
  await writeErrors(`ecs/library/${task?.id}`);

  let taps = 0;
  const tap = async (what: () => Promise<unknown>) => {
    taps++;
    await what();
  };

  await tap(() => page.goto(linkOf({ deepLinkPath: "/library" }, APP_URL)));
  const fault = page.getByRole("link", { name: /green 쪽에만 있는 오류 1종류, 처음 \d/ });
  await expect(fault).toBeVisible({ timeout: 60_000 });
  await tap(() => fault.tap());
  const line = page.getByText("대출 실패: 책 17").locator("visible=true").first();
  await expect(line).toBeInViewport({ timeout: 30_000 });
  await expect(line).toContainText("HoldExpiredException");
  await tap(() => page.goBack());
  const back = page.getByRole("button", { name: "blue 쪽으로 롤백" }).locator("visible=true").first();
  await expect(back).toBeInViewport();
  await tap(() => back.tap());
  await expect.poll(async () => (await world.snapshot()).traffic.live, { timeout: 60_000 }).toBe("blue");
  const happened = page.getByRole("link", { name: /무슨 일이 있었나/ });
  await expect(happened).toBeVisible({ timeout: 60_000 });
  await tap(() => happened.tap());
  // Its last lines take some seconds; the page waits for them by itself.
  await expect(page.getByRole("heading", { name: "시간순 기록" })).toBeVisible({ timeout: 90_000 });
  await expect(page.getByText("대출 실패: 책 17").first()).toBeAttached();
  await tap(() => page.getByRole("button", { name: "링크 공유" }).tap());
  await expect(page.getByText("공유했습니다").first()).toBeVisible();
  const shared = await page.evaluate(() => (window as unknown as { sharedUrl?: string }).sharedUrl);
  expect(shared).toMatch(new RegExp(`^${APP_URL}/library/incidents/i-[\\w-]+$`));
  expect(taps).toBeLessThanOrEqual(MOST_TAPS);
  await traffic.stop();
});

/** An error that blue does not write, as a Java program does. */
function writeErrors(stream: string): Promise<void> {
  const at = Date.now();
  const message = "ERROR [loan] 대출 실패: 책 17, 회원 4242\nkr.library.HoldExpiredException: hold 9 expired";
  return putLogEvents(
    stream,
    Array.from({ length: 30 }, (_, i) => ({ timestamp: at + i * 10, message })),
  );
}
