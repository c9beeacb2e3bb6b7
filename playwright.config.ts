import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";
import {
  ALB_URL,
  API_TOKEN,
  APP_URL,
  CATALOG_ALB_URL,
  PORTS,
  SANDBOX_URL,
  SESSION_SECRET,
  TEST_URL,
} from "./e2e/world.ts";
import { findBrowser } from "./scripts/browser.mjs";

// Every run begins with an empty record; workers read this file again and must find the same directory.
process.env.SWITCHYARD_E2E_DATA ??= mkdtempSync(join(tmpdir(), "switchyard-e2e-"));

const isRoot = process.getuid?.() === 0;
const ended = { signal: "SIGTERM", timeout: 10_000 } as const;
/** A start on a busy machine takes more than Playwright's own minute: the database's schema is made in it. */
const START_MS = 180_000;

export default defineConfig({
  testDir: "e2e",
  // One world for all: two tests at once would move each other's traffic.
  workers: 1,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  reporter: "list",
  use: {
    baseURL: APP_URL,
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: findBrowser() ?? undefined,
      args: [
        // Chromium's own sandbox does not work for root, as in most containers.
        ...(isRoot ? ["--no-sandbox"] : []),
        "--disable-dev-shm-usage",
        // There is none where tests run: without it Chromium starts in half the processor time.
        "--disable-gpu",
        "--disable-gpu-rasterization",
        "--disable-extensions",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-domain-reliability",
        "--disable-sync",
        "--no-first-run",
        "--no-pings",
      ],
    },
  },
  webServer: [
    {
      name: "sandbox",
      command: `"${process.execPath}" sandbox/main.ts`,
      url: `${SANDBOX_URL}/_sandbox`,
      env: {
        SANDBOX_PORT: String(PORTS.sandbox),
        SANDBOX_LISTENER_PORT: String(PORTS.alb),
        // The product may do what it is shipped with, and no more.
        SANDBOX_POLICY: "deploy/iam-policy.json",
      },
      gracefulShutdown: ended,
      timeout: START_MS,
      reuseExistingServer: false,
    },
    {
      name: "dashboard",
      command: `"${process.execPath}" --import ./e2e/sandbox-clock.mjs scripts/start.mjs`,
      url: `${APP_URL}/api/health/ready`,
      env: {
        PORT: String(PORTS.app),
        HOSTNAME: "127.0.0.1",
        DATA_DIR: process.env.SWITCHYARD_E2E_DATA,
        SWITCHYARD_CONFIG: "sandbox/switchyard.yaml",
        SWITCHYARD_API_TOKEN: API_TOKEN,
        SANDBOX_LISTENER_URL: ALB_URL,
        SANDBOX_STABLE_CHECKS: "1",
        SANDBOX_TEST_LISTENER_URL: TEST_URL,
        SANDBOX_CATALOG_URL: CATALOG_ALB_URL,
        AWS_ENDPOINT_URL: SANDBOX_URL,
        AWS_REGION: "ap-northeast-2",
        AWS_ACCESS_KEY_ID: "AKIASANDBOX",
        AWS_SECRET_ACCESS_KEY: "sandbox",
        NEXTAUTH_URL: APP_URL,
        NEXTAUTH_SECRET: SESSION_SECRET,
      },
      gracefulShutdown: ended,
      timeout: START_MS,
      reuseExistingServer: false,
    },
  ],
});
