// npm run reach [-- --pictures DIR] [--pages /library,/]: whether everything can be reached, read and touched at 320 to 1440 px,
// on the real program and the sandbox with tags as pipelines make them. Prints a table; ends with 1 when something is wrong.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findBrowser } from "./browser.mjs";
import { ensureFreshBuild } from "./build.mjs";
import { fail, onProjectNode, say } from "./setup.mjs";

await onProjectNode(import.meta.url);
const { values: options } = parseArgs({ options: { pictures: { type: "string" }, pages: { type: "string" } } });
await ensureFreshBuild();
const executablePath = findBrowser();
if (executablePath === null) fail("there is no browser to look with");
const { chromium } = await import("@playwright/test");
const { AxeBuilder } = await import("@axe-core/playwright");
const { BatchGetImageCommand, ECRClient, PutImageCommand } = await import("@aws-sdk/client-ecr");
const { until } = await import("../bench/local-process.ts");
const { startWorld } = await import("../bench/world.ts");
const { measurePage } = await import("../e2e/measure-page.ts");

/** 200 and 400 % of 1280 px are 640 and 320; 844x390 is a phone on its side, 1366x650 a small notebook's window. */
const SIZES = [
  [320, 256],
  [320, 640],
  [390, 844],
  [640, 512],
  [768, 1024],
  [844, 390],
  [1024, 768],
  [1280, 900],
  [1366, 650],
  [1440, 900],
];
/** Below this the console is a phone's. */
const PHONE_BELOW = 768;
const FINGER = 44;
const PAGES = options.pages?.split(",") ?? [
  "/",
  "/library",
  "/library/deploy",
  "/library/deployments",
  "/library/logs",
  "/approvals",
  "/audit",
  "/access",
  "/freezes",
  "/readiness",
  "/discovery",
  "/tokens",
  "/deliveries",
  "/library/moving",
  "/library/rollback",
  "deployments:newest",
];
/** Everything in English in the light; what may differ is looked at again, on a phone and a notebook alone. */
const ROUNDS = [
  { colorScheme: "light", locale: "en-GB", widths: null },
  { colorScheme: "dark", locale: "en-GB", widths: [390, 1280] },
  { colorScheme: "light", locale: "ko-KR", widths: [320, 390, 1280] },
];
const SHA = "0123456789abcdef0123456789abcdef0123456";
const TAGS = [`github-sha-${SHA}7`, `github-sha-${SHA}8`.padEnd(121, "x")];
const REPOSITORY = "library-management-system";

const world = await startWorld({ env: { SANDBOX_VISITORS: "20", SANDBOX_STABLE_CHECKS: "1" } });
const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
let isWell = true;
try {
  await runLongTags();
  const rows = [];
  const newest = (await world.api("GET", "/api/v1/applications/library")).deployment.id;
  for (const { colorScheme, locale, widths } of ROUNDS) {
    const context = await browser.newContext({ colorScheme, locale, reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.goto(`${world.appUrl}/sign-in`);
    await page.getByRole("button", { name: /admin/i }).click();
    await page.waitForURL(`${world.appUrl}/`);
    for (const path of PAGES)
      for (const [width, height] of SIZES) {
        if (widths && !widths.includes(width)) continue;
        rows.push(
          await look(page, {
            path: path === "deployments:newest" ? `/library/deployments/${newest}` : path,
            width,
            height,
            look: `${colorScheme} ${locale}`,
          }),
        );
      }
    await context.close();
  }
  console.table(rows.map(({ found: _, ...row }) => row));
  for (const { path, window, found } of rows)
    for (const [kind, elements] of Object.entries(found)) {
      if (elements.length === 0) continue;
      isWell = false;
      say(`${path} ${window} ${kind}: ${[...new Set(elements)].slice(0, 6).join("; ")}`);
    }
} finally {
  await browser.close();
  await world.stop();
}
process.exitCode = isWell ? 0 : 1;

/** Both sides run versions with long tags: one live after a switch, the other waiting for one. */
async function runLongTags() {
  const ecr = new ECRClient({
    endpoint: world.sandboxUrl,
    region: "ap-northeast-2",
    credentials: { accessKeyId: "reach", secretAccessKey: "reach" },
  });
  const { images } = await ecr.send(
    new BatchGetImageCommand({ repositoryName: REPOSITORY, imageIds: [{ imageTag: "1.1.0" }] }),
  );
  for (const imageTag of TAGS) {
    const imageManifest = images?.[0]?.imageManifest;
    await ecr.send(new PutImageCommand({ repositoryName: REPOSITORY, imageTag, imageManifest }));
    await world.api("POST", "/api/v1/applications/library/deployments", { imageTag });
    await until(
      "the release waits for a person",
      async () => {
        const { deployment, actions } = await world.api("GET", "/api/v1/applications/library");
        return deployment?.stage === "PRE_PRODUCTION_TRAFFIC_SHIFT" && actions.switch.allowed;
      },
      240_000,
    );
    if (imageTag !== TAGS[0]) continue;
    const { deployment } = await world.api("GET", "/api/v1/applications/library");
    const { hash } = await world.api("GET", `/api/v1/applications/library/receipt?to=${deployment.to}`);
    await world.api("POST", "/api/v1/applications/library/switch", { to: deployment.to, receipt: hash });
    await until(
      "the switch is over",
      async () => {
        return (await world.api("GET", "/api/v1/applications/library")).deployment === null;
      },
      240_000,
    );
  }
}

async function look(page, { path, width, height, look }) {
  await page.setViewportSize({ width, height });
  await page.goto(`${world.appUrl}${path}`);
  await page.getByRole("main").waitFor();
  const { overflow, ...found } = await page.evaluate(measurePage, width < PHONE_BELOW ? FINGER : 0);
  const { violations } = await new AxeBuilder({ page }).withRules(["color-contrast"]).analyze();
  found.contrast = violations.flatMap(({ nodes }) => nodes.map(({ html }) => html.slice(0, 80)));
  found.wide = overflow > 0 ? [`${overflow} px wider than the window`] : [];
  found.signOut = (await canSignOut(page, width)) ? [] : ["Sign out cannot be brought into the window"];
  if (options.pictures) await takePicture(page, `${path.replaceAll("/", "_")}-${width}x${height}-${look}.png`);
  const counts = Object.fromEntries(Object.entries(found).map(([kind, elements]) => [kind, elements.length]));
  return { path, window: `${width}x${height} ${look}`, ...counts, found };
}

async function takePicture(page, name) {
  mkdirSync(options.pictures, { recursive: true });
  await page.screenshot({ path: join(options.pictures, name) });
}

/** Through the menu on a phone and the rail elsewhere, by pointer. */
async function canSignOut(page, width) {
  try {
    if (width < PHONE_BELOW) await page.getByRole("button", { name: /^(Menu|메뉴)$/ }).click({ timeout: 2000 });
    await page
      .getByRole("button", { name: /(account|계정)$/ })
      .locator("visible=true")
      .click({ timeout: 2000 });
    const button = page.getByRole("button", { name: /^(Sign out|로그아웃)$/ }).locator("visible=true");
    await button.hover({ timeout: 2000 });
    const box = await button.boundingBox();
    return box !== null && box.y >= 0 && box.y + box.height <= page.viewportSize().height;
  } catch {
    return false;
  } finally {
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
  }
}
