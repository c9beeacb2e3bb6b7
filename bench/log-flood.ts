import type { Browser, Page } from "@playwright/test";
import { signedIn } from "./browser.ts";
import { type Figure, quantile } from "./figure.ts";
import type { World } from "./world.ts";

const KEPT = 100_000;
const PER_SECOND = 500;
/** Ten minutes with `SWITCHYARD_BENCH_FLOOD_SECONDS=600`. */
const SECONDS = Number(process.env.SWITCHYARD_BENCH_FLOOD_SECONDS ?? 15);
const LONG_BYTES = 12_000;
/** Every so many lines one is long; all of them with `SWITCHYARD_BENCH_FLOOD_LONG=1`. */
const LONG_EVERY = Number(process.env.SWITCHYARD_BENCH_FLOOD_LONG ?? 50);

/** What the page counted while lines came. */
interface Seen {
  frames: number;
  seconds: number;
  longTasksMs: number[];
}

/**
 * How the page copes with a busy log: 100,000 lines kept, 500 more a second, one in fifty of them 12 KB long, while somebody
 * types a filter, clears it, pauses and follows. The lines come from a stream inside the page, so that nothing but the page
 * is measured.
 */
export async function measureLogFlood(browser: Browser, world: World): Promise<Figure[]> {
  const page = await signedIn(browser, world, "/library");
  await page.addInitScript(replaceLogStream, {
    kept: KEPT,
    perSecond: PER_SECOND,
    longBytes: LONG_BYTES,
    longEvery: LONG_EVERY,
  });
  await page.goto(`${world.appUrl}/library/logs`);
  await page
    .getByText(`kept line ${KEPT - 1} `)
    .first()
    .waitFor({ timeout: 60_000 });
  await page.getByText("flood line ").first().waitFor();
  const before = await heapOf(page);
  const following = await watch(page, async () => {
    await page.waitForTimeout(SECONDS * 1000);
  });
  const grownBy = (await heapOf(page)) / before - 1;
  const numbers = await shownNumbers(page);
  const inputsMs = await workWhileItFlows(page);
  await page.context().close();
  const longest = Math.max(0, ...following.longTasksMs);
  return [
    {
      name: `log: frames a second, ${PER_SECOND} lines/s with ${KEPT} kept`,
      value: following.frames / following.seconds,
      unit: "fps",
      target: { kind: ">=", value: 55 },
      note: `longest task ${longest.toFixed(0)} ms, ${following.longTasksMs.length} over 50 ms in ${SECONDS} s`,
    },
    {
      name: "log: input to next paint meanwhile, p95",
      value: quantile(inputsMs, 0.95),
      unit: "ms",
      target: { kind: "<=", value: 100 },
      note: `worst ${Math.max(...inputsMs).toFixed(0)} ms, median ${quantile(inputsMs, 0.5).toFixed(0)} ms of ${inputsMs.length} inputs: filter, pause, follow, open a line`,
    },
    {
      name: "log: heap grown while full, after garbage collection",
      value: grownBy * 100,
      unit: "%",
      target: { kind: "<=", value: 10 },
      note: `${SECONDS} s of ${PER_SECOND} lines/s`,
    },
    {
      name: "log: of the newest lines copied, lost or twice",
      value:
        (numbers.at(-1) ?? 0) - (numbers[0] ?? 0) + 1 - new Set(numbers).size + numbers.length - new Set(numbers).size,
      unit: "",
      target: { kind: "=", value: 0 },
      note: `${numbers.length} lines by their numbers`,
    },
  ];
}

/** Runs inside the page before anything else: log streams come from here, all others from the server. */
function replaceLogStream({
  kept,
  perSecond,
  longBytes,
  longEvery,
}: {
  kept: number;
  perSecond: number;
  longBytes: number;
  longEvery: number;
}) {
  const Original = window.EventSource;
  const start = Date.now() - 3_600_000;
  const levels = ["INFO", "INFO", "DEBUG", "INFO", "WARN", "INFO", "INFO", "INFO", "ERROR", "INFO"];
  let number = 0;
  const line = (at: number, word: string) => {
    const count = number++;
    const level = levels[count % levels.length] ?? "INFO";
    const slot = count % 2 === 0 ? "blue" : "green";
    const long =
      word === "flood" && count % longEvery === longEvery - 1
        ? ` ${'{"key":"value"},'.repeat(Math.ceil(longBytes / 16))}`
        : "";
    return {
      id: `${word}-${count}`,
      at,
      slot,
      taskId: `${slot}0123456789`,
      stream: `library/library/${slot}`,
      level: level.toLowerCase(),
      text: `${new Date(at).toISOString()} ${level} [exec] ${word} line ${count} GET /books?page=${count} status=200${long}`,
    };
  };
  class LogFlood extends EventTarget {
    onopen: (() => void) | null = null;
    onerror: (() => void) | null = null;
    readyState = 1;
    #timer = 0;
    constructor() {
      super();
      setTimeout(() => {
        this.onopen?.();
        this.#send("status", { mode: "live", message: null, at: Date.now() });
        for (let sent = 0; sent < kept; sent += 5000)
          this.#send(
            "line",
            Array.from({ length: 5000 }, (_, index) => line(start + sent + index, "kept")),
          );
        const batch = perSecond / 5;
        this.#timer = window.setInterval(
          () =>
            this.#send(
              "line",
              Array.from({ length: batch }, () => line(Date.now(), "flood")),
            ),
          200,
        );
      });
    }
    #send(type: string, data: unknown) {
      this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
    }
    close() {
      window.clearInterval(this.#timer);
    }
  }
  const replaced = new Proxy(Original, {
    construct: (target, [url]: [string]) => (/\/logs\?/.test(url) ? new LogFlood() : new target(url)),
  });
  Object.defineProperty(window, "EventSource", { value: replaced });
}

/** Frames and long tasks of the page while `during` goes on. */
async function watch(page: Page, during: () => Promise<void>): Promise<Seen> {
  await page.evaluate(() => {
    const seen = { frames: 0, startedAt: performance.now(), longTasksMs: [] as number[], isOver: false };
    const count = () => {
      seen.frames++;
      if (!seen.isOver) requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.longTasksMs.push(entry.duration);
    }).observe({ type: "longtask" });
    Object.assign(window, { seen });
  });
  await during();
  return page.evaluate(() => {
    const { seen } = window as unknown as {
      seen: { frames: number; startedAt: number; longTasksMs: number[]; isOver: boolean };
    };
    seen.isOver = true;
    return {
      frames: seen.frames,
      seconds: (performance.now() - seen.startedAt) / 1000,
      longTasksMs: seen.longTasksMs,
    };
  });
}

/** What the page holds once what can go is gone, in bytes. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize;
}

/** Numbers of the newest flood lines, in the order in which the page copies them. */
async function shownNumbers(page: Page): Promise<number[]> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy the lines shown" }).click();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  return [...text.matchAll(/ flood line (\d+) /g)].map(([, number]) => Number(number)).sort((a, b) => a - b);
}

/** Durations of real input events, to the paint that follows, as the browser itself measures them. */
async function workWhileItFlows(page: Page): Promise<number[]> {
  await page.evaluate(() => {
    const durations: number[] = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        if ((entry as PerformanceEventTiming).interactionId > 0) durations.push(entry.duration);
    }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
    Object.assign(window, { durations });
  });
  const filter = page.getByRole("searchbox", { name: "Filter lines" });
  await filter.click();
  for (let round = 0; round < 3; round++) {
    await filter.pressSequentially("level:error line", { delay: 60 });
    await page.waitForTimeout(300);
    await filter.press("ControlOrMeta+a");
    await filter.press("Delete");
    await page.waitForTimeout(300);
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.waitForTimeout(500);
    await page
      .getByRole("button", { name: /follow/i })
      .first()
      .click();
    await page.waitForTimeout(300);
  }
  return page.evaluate(() => (window as unknown as { durations: number[] }).durations);
}
