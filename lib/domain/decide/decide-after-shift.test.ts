import { expect, test } from "vitest";
import { deployment, NOW, observation } from "../../testing/facts.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { withPlan } from "../deployment/deployment-transitions.ts";
import type { Observation } from "../observation/observation.ts";
import { decide } from "./decide.ts";

const SETTINGS = { minimumHealthy: null, stableChecks: 1, bakeMinutes: 0, requestLine: null };
const OURS = { blue: 0, green: 100 };

/** A switch to green that was written and read back a minute ago, and whose bake is over now. */
function baked(): Deployment {
  const begun = deployment({ kind: "SWITCH", requested: null, bakeMinutes: 0 });
  const shift = { to: "green", expected: { blue: 100, green: 0 }, sentAt: NOW - 60_000, readBackMs: 100 } as const;
  return withPlan(
    {
      ...begun,
      status: "IN_PROGRESS",
      stage: "BAKE_TIME",
      bakeUntil: NOW,
      steps: [
        { percent: 100, bakeMinutes: 0, weights: OURS, shiftedAt: NOW - 60_000, readBackMs: 100, bakeUntil: null },
      ],
    },
    { shift },
  );
}
const at = (now: number, seen: Observation) => decide(baked(), { observation: seen, settings: SETTINGS, now });

test("a bake ends on what the listener holds then, not on an older reading", () => {
  const old = { ...observation({ weights: OURS, at: NOW - 30_000 }), observedAt: NOW };
  expect(at(NOW, old)).toMatchObject({ kind: "look", notBefore: NOW - 5_000 });
  // Somebody rolled it back meanwhile, as another replica may while the database is away: it has not ended well.
  expect(at(NOW, observation({ at: NOW }))).toMatchObject({
    kind: "change",
    deployment: { status: "IN_PROGRESS", plan: { strayedAt: NOW } },
  });
  expect(at(NOW, observation({ weights: OURS, at: NOW }))).toMatchObject({ deployment: { status: "SUCCESSFUL" } });
});

test("a listener that cannot be read holds its end up for two minutes, and the record says so", () => {
  const old = { ...observation({ weights: OURS, at: NOW - 30_000 }), observedAt: NOW };
  expect(at(NOW + 119_000, old).kind).toBe("look");
  const ended = at(NOW + 120_000, old);
  expect(ended).toMatchObject({ kind: "change", deployment: { status: "SUCCESSFUL" } });
  expect(JSON.stringify(ended)).toContain("library-alb HTTP:80 could not be read at the end of the bake");
});
