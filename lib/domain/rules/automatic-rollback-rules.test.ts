import { expect, test } from "vitest";
import { deployment, NOW, revision } from "../../testing/facts.ts";
import { findAutomaticRollback, type RequestedRevision } from "../deployment/automatic-rollback.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { findRolledBackBlocker } from "./automatic-rollback-rules.ts";

const MESSAGE = "green answered 17.1 % of its requests with 5xx (6 of 35), and 5 % is allowed";
const DIGEST = `sha256:${"3".padStart(64, "0")}`;
const turned = (changes: Partial<Deployment> = {}): Deployment => ({
  ...deployment(),
  status: "ROLLBACK_SUCCESSFUL",
  finishedAt: NOW + 20,
  revision: revision(3),
  breach: { figure: "errorShare", bound: 0.05, measured: 0.171, samples: 35, message: MESSAGE, at: NOW },
  ...changes,
});
const asked = (requested: NonNullable<Deployment["plan"]>["requested"]): Deployment["plan"] => {
  const { plan } = deployment();
  return plan && { ...plan, requested };
};
const ACKNOWLEDGED = { actor: { id: "kim", name: "Kim", via: "session" as const }, at: NOW, reason: null };

test.each<[string, RequestedRevision & { digest?: string }, "session" | "token", Partial<Deployment>, boolean]>([
  ["a pipeline, the same image", { image: revision(3).image }, "token", {}, true],
  ["a pipeline, its digest under another tag", { image: `library:other@${DIGEST}` }, "token", {}, true],
  ["a pipeline, its task definition", { taskDefinition: revision(3).taskDefinition }, "token", {}, true],
  [
    "a pipeline, what was asked for when nothing was registered yet",
    { image: "library:3@sha256:3" },
    "token",
    { revision: null },
    true,
  ],
  [
    "a pipeline, another task definition of its image",
    { taskDefinition: "library:9", digest: DIGEST },
    "token",
    {},
    true,
  ],
  [
    "a pipeline, another task definition of what was asked for when nothing was registered yet",
    { taskDefinition: "library:9", digest: DIGEST },
    "token",
    { revision: null, plan: asked({ image: `library:3@${DIGEST}` }) },
    true,
  ],
  [
    "a pipeline, a task definition of another image",
    { taskDefinition: "library:9", digest: "sha256:4" },
    "token",
    {},
    false,
  ],
  [
    "a person, another task definition of its image",
    { taskDefinition: "library:9", digest: DIGEST },
    "session",
    {},
    false,
  ],
  ["a pipeline, another image", { image: "library:4@sha256:4" }, "token", {}, false],
  ["a pipeline, another task definition", { taskDefinition: revision(2).taskDefinition }, "token", {}, false],
  ["a person", { image: revision(3).image }, "session", {}, false],
  [
    "a pipeline, once somebody has acknowledged it",
    { image: revision(3).image },
    "token",
    { acknowledged: ACKNOWLEDGED },
    false,
  ],
  ["a pipeline, after a person's own rollback", { image: revision(3).image }, "token", { breach: undefined }, false],
])("what Switchyard rolled back is deployed again: %s", (_name, request, via, changes, isRefused) => {
  const blocker = findRolledBackBlocker([deployment(), turned(changes)], request, via, request.digest);
  expect(blocker?.code ?? null).toBe(isRefused ? "ROLLBACK_NOT_ACKNOWLEDGED" : null);
  if (blocker) expect(blocker.message).toContain(MESSAGE);
});

test("the newest that nobody acknowledged is told, also behind newer deployments, with the lines that show it", () => {
  const lines = Array.from({ length: 8 }, (_, index) => ({ at: NOW + index, taskId: "t", text: `line ${index}` }));
  const older = turned({ id: "d-0", evidence: { tasks: [], targets: [], lines } });
  expect(findAutomaticRollback([deployment({ id: "d-2" }), older])).toMatchObject({
    deploymentId: "d-0",
    at: NOW,
    isOver: true,
    side: "green",
    message: MESSAGE,
    lines: lines.slice(-5),
  });
  expect(findAutomaticRollback([turned({ status: "ROLLBACK_IN_PROGRESS" })])).toMatchObject({ isOver: false });
  expect(findAutomaticRollback([turned({ acknowledged: ACKNOWLEDGED }), deployment()])).toBeNull();
});
