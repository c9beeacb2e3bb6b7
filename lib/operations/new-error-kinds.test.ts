import { CloudWatchLogsClient, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, expect, test } from "vitest";

import { DEFAULT_CHECKS } from "../domain/application/checks.ts";
import { isAwaitingSwitch, isInFlight } from "../domain/deployment/deployment.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";
import { onFreshLook } from "../testing/test-steps.ts";
import { createTestWorld, LIBRARY, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { deploy } from "./deploy.ts";
import { switchTraffic } from "./switch-traffic.ts";

let world: TestWorld;

beforeAll(async () => {
  const errorKinds = { atLeast: 1, blockSwitch: true, rollBack: true };
  world = await createTestWorld({ application: { checks: { ...DEFAULT_CHECKS, errorKinds } } });
});
afterAll(() => world.close());

/** Writes into the stream of one of the side's tasks: a line a second, the last of them now. */
async function write(color: SlotColor, messages: readonly string[]): Promise<void> {
  const look = await world.runtime.observer.refreshNow("library");
  const task = look.slots[color].tasks.find(({ lastStatus, logStream }) => lastStatus === "RUNNING" && logStream);
  const { url, place, clock } = world.sandbox;
  const logs = new CloudWatchLogsClient({ endpoint: url, region: place.region, credentials: ADMINISTRATOR });
  await logs.send(
    new PutLogEventsCommand({
      logGroupName: LIBRARY.logGroup ?? "",
      logStreamName: task?.logStream ?? "",
      logEvents: messages.map((message, n) => ({ timestamp: clock.now() - (messages.length - 1 - n) * 1000, message })),
    }),
  );
  logs.destroy();
}

const times = (count: number, text: string) => Array.from({ length: count }, (_, n) => `${text} ${n}`);
const served = (color: SlotColor) => write(color, times(200, "INFO GET /books 200 5 ms"));

test("an error kind that only the new side writes blocks its switch, and rolls it back where somebody went on all the same", async () => {
  const started = await onFreshLook(() => deploy(world.as("operator"), { application: "library", imageTag: "1.1.0" }));
  if (!started.ok) throw new Error(started.message);
  const { id } = started.value;
  await untilDeployment(world, id, isAwaitingSwitch, 90_000);
  await Promise.all([served("blue"), served("green")]);
  await write("green", times(40, "ERROR loan ledger is locked"));

  const receiptOf = async () => {
    const answer = await getReceipt(world.as("approver"), "library", "green");
    if (!answer.ok) throw new Error(answer.message);
    return answer.value;
  };
  const blocked = await until(async () => {
    const receipt = await receiptOf();
    return receipt.blockers[0]?.code === "NEW_ERROR_KINDS" ? receipt : null;
  });
  expect(blocked.blockers[0]?.message).toMatch(/^1 error kind is only in green.*, and 0 are allowed$/);
  // The same sentence from the rule to the button and to the refusal.
  const shown = (await world.runtime.hub.snapshot("library"))?.actions.switch.blockers[0]?.message;
  expect(shown).toBe(blocked.blockers[0]?.message);
  const input = { application: "library", to: "green" as const, receipt: blocked.hash };
  expect(await switchTraffic(world.as("operator"), input)).toMatchObject({ ok: false, code: "NEW_ERROR_KINDS" });

  const override = { application: "library", reason: "The ledger is being repaired" };
  const switched = await onFreshLook(async () =>
    switchTraffic(world.as("approver"), { ...input, receipt: (await receiptOf()).hash, override }),
  );
  if (!switched.ok) throw new Error(switched.message);
  await untilDeployment(world, id, ({ plan }) => plan?.shift?.readBackMs != null);
  await write("green", times(60, "ERROR loan ledger is locked"));
  const ended = await untilDeployment(world, id, (d) => !isInFlight(d), 90_000);
  expect(ended.status).toBe("ROLLBACK_SUCCESSFUL");
  expect(ended.breach).toMatchObject({ figure: "errorKinds", bound: 0, measured: 1 });
  expect(ended.statusReason).toMatch(/^Rolled back by Switchyard: 1 error kind is only in green/);
});
