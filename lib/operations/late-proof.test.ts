import { afterAll, beforeAll, expect, test } from "vitest";
import { isInFlight } from "../domain/deployment/deployment.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import { taskSetConfig } from "../testing/task-set-world.ts";
import { onFreshLook } from "../testing/test-steps.ts";
import { createTestWorld, LIBRARY, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { retireSide } from "./retire-side.ts";
import { switchTraffic } from "./switch-traffic.ts";

let world: TestWorld;

beforeAll(async () => {
  const { requestLine, logGroup } = LIBRARY;
  const application = taskSetConfig({ bakeMinutes: 0, windowMinutes: 0, requestLine, logGroup });
  world = await createTestWorld({ sandbox: { seed: true }, application });
});
afterAll(() => world.close());

test("a switch without traffic stays unverified and keeps the old side, until requests prove it after its end", async () => {
  const operator = world.as("operator");
  const receipt = await until(async () => {
    const answer = await getReceipt(operator, "library", "green");
    return answer.ok && answer.value.blockers.length === 0 ? answer.value : null;
  });
  const switched = await onFreshLook(() =>
    switchTraffic(operator, { application: "library", to: "green", receipt: receipt.hash }),
  );
  if (!switched.ok) throw new Error(switched.message);
  const { id } = switched.value;
  const ended = await untilDeployment(world, id, (d) => !isInFlight(d), 60_000);
  expect(ended).toMatchObject({ status: "SUCCESSFUL", proof: { proven: false } });

  const unverified = await world.runtime.hub.snapshot("library");
  expect(unverified?.alarms.map(({ message }) => message)).toContainEqual(expect.stringContaining("not verified"));
  expect(await retireSide(operator, { deploymentId: id })).toMatchObject({ ok: false, code: "NOT_PROVEN" });
  expect((await world.runtime.observer.refreshNow("library")).slots.blue.counts.desired).toBe(2);

  const traffic = world.traffic(20);
  const proven = await untilDeployment(world, id, (d) => d.proof?.proven === true, 60_000).finally(() =>
    traffic.stop(),
  );
  expect(proven.proof?.firstRequestOnNewMs).toBeGreaterThan(0);
  expect(proven.statusReason).not.toContain("not verified");
  const journal = await world.runtime.store.listJournal(id);
  expect(journal.at(-1)?.message).toContain("seen after it had gone on without");
  const snapshot = await world.runtime.hub.snapshot("library");
  expect(snapshot?.alarms.map(({ message }) => message).join()).not.toContain("not verified");
  expect(snapshot?.actions.retire).toEqual({ allowed: true, blockers: [] });
  expect(await retireSide(operator, { deploymentId: id })).toMatchObject({ ok: true });
}, 180_000);
