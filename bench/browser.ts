import { type Browser, chromium, type Page } from "@playwright/test";
import type { World } from "./world.ts";

/** A headless Chromium. @throws where there is none */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env.SWITCHYARD_CHROMIUM;
  if (!executablePath) throw new Error("there is no Chromium; set SWITCHYARD_CHROMIUM to one");
  const sandboxed = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
  return chromium.launch({ executablePath, args: [...sandboxed, ...quiet, "--disable-dev-shm-usage"] });
}

/** A page of the operator, on the path. */
export async function signedIn(browser: Browser, world: Pick<World, "appUrl">, path: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${world.appUrl}${path}`);
  await page.getByRole("button", { name: /operator/i }).click();
  await page.waitForURL((url) => url.pathname === path);
  return page;
}
