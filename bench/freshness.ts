import type { Browser } from "@playwright/test";
import { startTraffic } from "../e2e/traffic.ts";
import { signedIn } from "./browser.ts";
import { type Figure, quantile } from "./figure.ts";
import { until } from "./local-process.ts";
import type { World } from "./world.ts";

/** From the process's death to the board showing it, in the same clock. */
export async function measureKilledTask(browser: Browser, world: World, count = 12): Promise<Figure[]> {
  const page = await signedIn(browser, world, "/library");
  const rows = (color: "Blue" | "Green") =>
    page.getByRole("region", { name: color, exact: true }).getByRole("row").filter({ hasText: "RUNNING" });
  const durations: number[] = [];
  for (let i = 0; i < count; i++) {
    const color = i % 2 === 0 ? "Green" : "Blue";
    await until("two tasks run", async () => (await rows(color).count()) === 2);
    const shortId = ((await rows(color).first().getByRole("rowheader").textContent()) ?? "").trim();
    const tasks = await world.sandbox<{ id: string }[]>("GET", "/_sandbox/tasks");
    const task = tasks.find((one) => one.id.startsWith(shortId));
    if (!task) throw new Error(`No task ${shortId}`);
    const gone = page.evaluate((id) => {
      const shown = () =>
        [...document.querySelectorAll("tr")].some(
          (row) => row.textContent?.includes(id) && row.textContent.includes("RUNNING"),
        );
      return new Promise<number>((resolve) => {
        const look = () => (shown() ? requestAnimationFrame(look) : resolve(Date.now()));
        look();
      });
    }, shortId);
    const killedAt = Date.now();
    await world.sandbox("POST", `/_sandbox/tasks/${task.id}/kill`);
    durations.push((await gone) - killedAt);
  }
  await page.context().close();
  return [
    {
      name: "killed task to the board, p95",
      value: quantile(durations, 0.95),
      unit: "ms",
      target: { kind: "<=", value: 1500 },
      note: `median ${quantile(durations, 0.5).toFixed(0)} ms, ${count} kills`,
    },
  ];
}

/** From a request that is logged to its line on the page, in the same clock: by live tail, and where that is denied. */
export async function measureLogLine(browser: Browser, world: World, count = 30): Promise<Figure[]> {
  const live = await lineToPage(browser, world, count, "9");
  // The tail outlives its last viewer by some seconds; the next one asks for a session anew.
  await new Promise((resolve) => setTimeout(resolve, 8000));
  const fault = { service: "logs", operation: "StartLiveTail", kind: "error", rate: 1, code: "AccessDeniedException" };
  await world.sandbox("POST", "/_sandbox/faults", fault);
  const polled = await lineToPage(browser, world, count, "7");
  await world.sandbox("DELETE", "/_sandbox/faults");
  const figure = (how: string, durations: readonly number[], most: number, note: string): Figure => ({
    name: `log line to the page ${how}, p95`,
    value: quantile(durations, 0.95),
    unit: "ms",
    target: { kind: "<=", value: most },
    note: `median ${quantile(durations, 0.5).toFixed(0)} ms; ${note}`,
  });
  return [
    figure("by live tail", live, 1300, "AWS sends live tails once a second"),
    figure("where live tail is denied", polled, 2500, "read every 2 s"),
  ];
}

async function lineToPage(browser: Browser, world: World, count: number, prefix: string): Promise<number[]> {
  const page = await signedIn(browser, world, "/library/logs");
  const warmUp = startTraffic(world.albUrl, 2, `/books?page=${prefix}`);
  await page.getByText(`/books?page=${prefix} `).first().waitFor({ timeout: 60_000 });
  await warmUp.stop();
  const durations: number[] = [];
  for (let i = 0; i < count; i++) {
    const marker = `page=${prefix}${String(i).padStart(4, "0")}`;
    const shown = page.evaluate(
      (text) =>
        new Promise<number>((resolve) => {
          const look = () =>
            document.body.textContent?.includes(text) ? resolve(Date.now()) : requestAnimationFrame(look);
          look();
        }),
      marker,
    );
    // Sent at any point of the live tail's second, not just after the last line was shown.
    await new Promise((resolve) => setTimeout(resolve, (i * 137) % 1000));
    const sentAt = Date.now();
    await (await fetch(`${world.albUrl}/books?${marker}`)).arrayBuffer();
    durations.push((await shown) - sentAt);
  }
  await page.context().close();
  return durations;
}
