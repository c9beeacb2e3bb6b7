// npm run screenshots: the README's pictures, taken of the real board on the sandbox while a release waits for a person.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { findBrowser } from "./browser.mjs";
import { ensureFreshBuild } from "./build.mjs";
import { fail, onProjectNode, ROOT, say } from "./setup.mjs";

await onProjectNode(import.meta.url);
await ensureFreshBuild();
const executablePath = findBrowser();
if (executablePath === null) fail("there is no browser to take pictures with");
const { chromium } = await import("@playwright/test");
const { until } = await import("../bench/local-process.ts");
const { startWorld } = await import("../bench/world.ts");

const SHOTS = [
  { name: "board-light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "board-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "phone-dark", colorScheme: "dark", viewport: { width: 390, height: 844 } },
];
const folder = join(ROOT, "docs/images");
mkdirSync(folder, { recursive: true });

const world = await startWorld({ env: { SANDBOX_VISITORS: "20" } });
const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
try {
  await world.api("POST", "/api/v1/applications/library/deployments", {
    imageTag: "1.1.0",
    reason: "Loans can be renewed",
  });
  await until(
    "the release waits for a person and both sides have figures",
    async () => {
      const { deployment, slots } = await world.api("GET", "/api/v1/applications/library");
      const waits = deployment?.stages.some((stage) => stage.status === "AWAITING_ACTION");
      return waits && (slots.blue.metrics?.series.length ?? 0) > 8;
    },
    240_000,
  );
  for (const { name, ...options } of SHOTS) {
    const context = await browser.newContext({ ...options, deviceScaleFactor: 1, reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.goto(`${world.appUrl}/library`);
    await page.getByRole("button", { name: /operator/i }).click();
    await page.getByText("GET /books").first().waitFor();
    await page.screenshot({ path: join(folder, `${name}.png`) });
    await context.close();
    say(`docs/images/${name}.png`);
  }
} finally {
  await browser.close();
  await world.stop();
}
