import type { Locator, Page } from "@playwright/test";
import { type Color, expect, type World } from "./world.ts";

/* A service that ECS deploys itself, as the specs of `orders` and `payments` drive it. */

type Native = "orders" | "payments";

interface Seen {
  traffic: { live: string; weights: Record<Color, number> };
  deployment: { id: string; stage: string; to: Color; aws?: { gate: { id: string } | null } } | null;
  lastDeployment: { status: string; aws?: { answered: { action: string }[] } } | null;
  slots: Record<Color, { revision: { tag: string | null } | null; counts: { healthy: number } }>;
}

export async function read(world: World, name: Native): Promise<Seen> {
  return (await world.api("GET", `/api/v1/applications/${name}`)).body as Seen;
}

/** Nothing of it in flight, one side live and healthy, and nothing that somebody else changed. */
export async function settle(world: World, name: Native): Promise<void> {
  await expect
    .poll(
      async () => {
        const { deployment, traffic, slots } = await read(world, name);
        if (deployment) await world.api("POST", `/api/v1/deployments/${deployment.id}/abort`, {});
        const isAsLeft = await world.acknowledgeDrifts(name);
        const live = traffic.live === "blue" || traffic.live === "green" ? traffic.live : null;
        return deployment === null && isAsLeft && live !== null && slots[live].counts.healthy === 2;
      },
      { timeout: 180_000, message: `${name} is at rest` },
    )
    .toBe(true);
}

/** The version that is not live, and the side that it goes to. */
export async function next(world: World): Promise<{ tag: string; from: Color; to: Color }> {
  const { traffic, slots } = await read(world, "orders");
  const from: Color = traffic.live === "green" ? "green" : "blue";
  const tag = slots[from].revision?.tag === "3.1.0" ? "3.0.0" : "3.1.0";
  return { tag, from, to: from === "blue" ? "green" : "blue" };
}

export async function release(world: World, name: Native, imageTag: string): Promise<void> {
  const { status, body } = await world.api("POST", `/api/v1/applications/${name}/deployments`, { imageTag });
  expect(status, JSON.stringify(body)).toBe(202);
}

export async function gateOpens(world: World, stage: string): Promise<void> {
  await expect
    .poll(
      async () => {
        const { deployment } = await read(world, "orders");
        return deployment?.aws?.gate ? deployment.stage : null;
      },
      { timeout: 180_000, message: `ECS waits at ${stage}` },
    )
    .toBe(stage);
}

export function button(page: Page, name: string | RegExp): Locator {
  return page.getByRole("button", { name }).locator("visible=true").first();
}
