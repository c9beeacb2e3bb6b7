import { expect, test } from "vitest";
import { deployment, NOW } from "../../testing/facts.ts";
import { lifecycleNotifications } from "./lifecycle-notifications.ts";

test.each([
  ["IN_PROGRESS", null, ["deployment.started"]],
  ["STOPPED", NOW + 5, ["deployment.started"]],
  ["ROLLBACK_SUCCESSFUL", NOW + 5, ["deployment.started"]],
  ["SUCCESSFUL", NOW + 5, ["deployment.started", "deployment.succeeded"]],
] as const)("a deployment that is %s", (status, finishedAt, kinds) => {
  const told = lifecycleNotifications({ ...deployment({ reason: "why\nnow" }), status, finishedAt });
  expect(told.map(({ kind }) => kind)).toEqual(kinds);
  expect(new Set(told.map(({ id }) => id)).size).toBe(kinds.length);
  expect(told[0]).toMatchObject({ id: "d-1:deployment.started", text: expect.stringContaining("why now") });
  expect(told.at(-1)?.at).toBe(kinds.length === 2 ? finishedAt : told[0]?.at);
});
