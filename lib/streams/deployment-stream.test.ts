import { afterEach, beforeEach, expect, test } from "vitest";
import type { Deployment } from "../domain/deployment/deployment.ts";
import type { ApplicationSnapshot } from "../domain/snapshot/snapshot.ts";
import { deployment as deploymentWith } from "../testing/facts.ts";
import { deploymentStreamResponse } from "./deployment-stream.ts";
import { openEventStreams } from "./event-stream.ts";

const START: Deployment = { ...deploymentWith(), status: "IN_PROGRESS" };
const at = (change: Partial<Deployment>): Deployment => ({ ...START, ...change });
const END = at({ status: "SUCCESSFUL", stage: "CLEAN_UP", finishedAt: 9 });

let listeners: Set<(snapshot: ApplicationSnapshot) => void>;
let stored: Deployment;
let left: AbortController;
beforeEach(() => {
  listeners = new Set();
  stored = START;
  left = new AbortController();
});
afterEach(() => left.abort());

/** As the hub tells it: in flight, or as the one that was last. */
function tell(deployment: Deployment, isNewest = true): void {
  const snapshot = isNewest ? { deployment, lastDeployment: null } : { deployment: null, lastDeployment: deployment };
  // Safe because the stream reads nothing else of it.
  for (const listener of listeners) listener(snapshot as unknown as ApplicationSnapshot);
}

function open(deployment: Deployment, lastEventId: string | null = null, readEveryMs = 60_000): Response {
  return deploymentStreamResponse({
    deployment,
    hub: {
      subscribe(_name, listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    store: { findDeployment: async () => stored },
    lastEventId,
    signal: left.signal,
    readEveryMs,
  });
}

interface Told {
  id: string;
  status: string;
  stage: string;
}
function eventsOf(text: string): Told[] {
  return [...text.matchAll(/id: (\w+)\nevent: deployment\ndata: (.*)\n/g)].map(([, id = "", data = "{}"]) => ({
    ...(JSON.parse(data) as Told),
    id,
  }));
}

test("sends the deployment as it is, each change once, and ends after the last one", async () => {
  const response = open(START);
  const text = response.text();
  tell(at({ stage: "BAKE_TIME" }));
  tell(at({ stage: "BAKE_TIME" }));
  tell({ ...at({ stage: "SCALE_UP" }), id: "another" });
  tell(END, false);
  expect(eventsOf(await text).map(({ status, stage }) => `${status} ${stage}`)).toEqual([
    `IN_PROGRESS ${START.stage}`,
    "IN_PROGRESS BAKE_TIME",
    "SUCCESSFUL CLEAN_UP",
  ]);
  expect(listeners.size).toBe(0);
});

test("is resumed by the id of what was seen last, and says that there is no more after the end", async () => {
  const text = open(START).text();
  tell(at({ stage: "BAKE_TIME" }));
  tell(END);
  const [first, second, last] = eventsOf(await text);
  const again = open(at({ stage: "BAKE_TIME" }), second?.id).text();
  tell(END);
  expect(eventsOf(await again).map(({ status }) => status)).toEqual(["SUCCESSFUL"]);
  expect(eventsOf(await open(END, first?.id).text()).map(({ status }) => status)).toEqual(["SUCCESSFUL"]);
  expect(open(END, last?.id).status).toBe(204);
});

test("sees in the record what the hub does not tell", async () => {
  const text = open(START, null, 5).text();
  stored = END;
  expect(eventsOf(await text).at(-1)?.status).toBe("SUCCESSFUL");
});

test("a look that was slow does not bring an ended deployment back", async () => {
  const response = open(START);
  tell(END);
  tell(at({ stage: "BAKE_TIME" }));
  expect(eventsOf(await response.text()).at(-1)?.status).toBe("SUCCESSFUL");
});

test("lets go when the client leaves, by abort or by cancel", async () => {
  const before = openEventStreams();
  open(START);
  const cancelled = open(START);
  expect(listeners.size).toBe(2);
  await cancelled.body?.cancel();
  expect(listeners.size).toBe(1);
  left.abort();
  expect(listeners.size).toBe(0);
  expect(openEventStreams()).toBe(before);
});
