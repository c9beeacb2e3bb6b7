import { expect, onTestFinished, test } from "vitest";
import type { Application } from "../domain/application/application.ts";
import { composeSnapshot } from "../domain/snapshot/compose-snapshot.ts";
import { applyPatch } from "../domain/snapshot/patch.ts";
import type { ApplicationSnapshot } from "../domain/snapshot/snapshot.ts";
import { summaryOf } from "../domain/snapshot/summary.ts";
import { observation } from "../testing/facts.ts";
import { snapshotStreamResponse } from "./snapshot-stream.ts";

const snapshotOf = (name: string, observedAt: number) =>
  ({ name, observedAt, deployment: null, text: "x".repeat(20_000) }) as unknown as ApplicationSnapshot;

/** A hub of that many applications, whose snapshots are larger together than a stream may hold. */
function hubOf(count: number) {
  const names = Array.from({ length: count }, (_, n) => `app-${n}`);
  const current = new Map(names.map((name) => [name, snapshotOf(name, 1)]));
  const listeners = new Set<(snapshot: ApplicationSnapshot) => void>();
  return {
    names,
    change(name: string, observedAt: number) {
      const next = snapshotOf(name, observedAt);
      current.set(name, next);
      for (const listener of listeners) listener(next);
    },
    hub: {
      lastSnapshot: async (name: string) => current.get(name) ?? null,
      subscribe(_name: string, listener: (snapshot: ApplicationSnapshot) => void) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
}

function open({ hub, names }: ReturnType<typeof hubOf>) {
  const left = new AbortController();
  onTestFinished(() => left.abort());
  const response = snapshotStreamResponse({ hub: hub as never, name: "*", names: () => names, signal: left.signal });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  return async () => decoder.decode((await reader.read()).value);
}

test("a fleet that is larger than what a stream may hold comes whole, each application once, however slow the reader", async () => {
  const fleet = hubOf(60);
  const next = open(fleet);
  const seen: string[] = [];
  while (seen.length < 60) {
    const name = /event: snapshot\ndata: {"name":"([^"]+)"/.exec(await next())?.[1];
    if (name) seen.push(name);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(new Set(seen).size).toBe(60);
});

test("a reader that was behind gets the newest of each application and none of what came in between", async () => {
  const fleet = hubOf(3);
  const next = open(fleet);
  let text = "";
  while ((text.match(/event: snapshot/g)?.length ?? 0) < 3) text += await next();
  for (let observedAt = 2; observedAt <= 2000; observedAt++)
    for (const name of fleet.names) fleet.change(name, observedAt);
  const newest = new Map<string, number>();
  let events = 0;
  while ([...fleet.names].some((name) => newest.get(name) !== 2000)) {
    const [, name, at] = /"application":"([^"]+)".*?"value":(\d+)/.exec(await next()) ?? [];
    if (name) newest.set(name, Number(at));
    events++;
  }
  expect(events).toBeLessThan(3 * 2000);
});

test("what a viewer may not see is never sent", async () => {
  const { hub, names, change } = hubOf(2);
  const left = new AbortController();
  onTestFinished(() => left.abort());
  const response = snapshotStreamResponse({
    hub: hub as never,
    name: "*",
    names: () => names,
    maySee: (name) => name === "app-1",
    signal: left.signal,
  });
  change("app-0", 2);
  await new Promise((resolve) => setImmediate(resolve));
  left.abort();
  const text = await response.text();
  expect(text).toContain("app-1");
  expect(text).not.toContain("app-0");
});

test("a view of summaries sends what a list shows of each, and changes of that alone", async () => {
  const at = Date.UTC(2026, 10, 23);
  const look = (observedAt: number) => {
    const application = { name: "library", controller: "paired-services", minimumHealthy: null, stableChecks: 3 };
    const record = { deployment: null, lastDeployment: null };
    return composeSnapshot(application as Application, observation({ at: observedAt }), record, observedAt);
  };
  let current = look(at);
  let told = (_: ApplicationSnapshot) => {};
  const hub = {
    lastSnapshot: async () => current,
    subscribe(_name: string, listener: (snapshot: ApplicationSnapshot) => void) {
      told = listener;
      return () => undefined;
    },
  };
  const left = new AbortController();
  onTestFinished(() => left.abort());
  const response = snapshotStreamResponse({
    ...{ hub, name: "*", names: () => ["library"], view: "summary", form: "patch" },
    signal: left.signal,
  });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const read = async (event: string) => {
    for (let text = ""; ; text += new TextDecoder().decode((await reader.read()).value)) {
      const data = new RegExp(`event: ${event}\\ndata: (.*)\\n`).exec(text)?.[1];
      if (data) return JSON.parse(data);
    }
  };
  const first = await read("summary");
  expect(first).toEqual(JSON.parse(JSON.stringify(summaryOf(current))));
  expect(first).not.toHaveProperty("actions");
  current = look(at + 5000);
  told(current);
  const { patch } = await read("patch");
  expect(applyPatch(first, patch)).toEqual(JSON.parse(JSON.stringify(summaryOf(current))));
});
