import type { Page } from "@playwright/test";
import { APP_URL, type Color, expect, type World } from "./world.ts";

/** A deployment of `catalog`, as far as the specs look at it. */
export interface Waiting {
  id: string;
  status: string;
  statusReason: string | null;
  stage: string;
  from: Color;
  to: Color;
  approval: { state: string; given: number; expiresAt: number | null };
  approvals: { actor: string; lapsed?: { why: string } }[];
}

/** Reads it anew. */
export async function deployment(world: World, id: string): Promise<Waiting> {
  const { body } = await world.api("GET", `/api/v1/deployments/${id}`);
  return body as Waiting;
}

/** Leaves nothing of `catalog` in flight or unacknowledged. */
export async function endRelease(world: World): Promise<void> {
  await expect
    .poll(
      async () => {
        const { body } = await world.api("GET", "/api/v1/applications/catalog");
        const current = (body as { deployment: Waiting | null }).deployment;
        if (current) await world.api("POST", `/api/v1/deployments/${current.id}/abort`, {});
        // Another spec's reset changes everything, and not by Switchyard.
        const isAsLeft = await world.acknowledgeDrifts("catalog");
        return current === null && isAsLeft;
      },
      { timeout: 120_000, message: "nothing of catalog is in flight, and nothing changed it" },
    )
    .toBe(true);
}

/** Asks as somebody who is signed in, from the dashboard's own page. */
export async function post(
  page: Page,
  path: string,
  data: unknown,
): Promise<{ status: number; body: { id: string; code?: string } }> {
  const response = await page.request.post(`${APP_URL}${path}`, { data, headers: { origin: APP_URL } });
  return { status: response.status(), body: await response.json() };
}

/** A release that the operator asked for, once it waits for two people. */
export async function waitingRelease(world: World, operator: Page): Promise<Waiting> {
  const { status, body } = await post(operator, "/api/v1/applications/catalog/deployments", {
    imageTag: "2.4.0",
    reason: "The spring catalogue",
    source: {
      commit: "4f2b791c",
      url: "https://git.example.com/catalog/4f2b791c",
      pipeline: "https://ci.example.com/8841",
    },
  });
  expect(status, JSON.stringify(body)).toBe(202);
  await expect
    .poll(async () => (await deployment(world, body.id)).approval.expiresAt, { timeout: 120_000, message: "it waits" })
    .not.toBeNull();
  return deployment(world, body.id);
}
