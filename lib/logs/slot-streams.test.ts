import { expect, test } from "vitest";
import type { Task } from "../domain/observation/slot.ts";
import { createSlotStreams } from "./slot-streams.ts";

const task = (id: string, logStream?: string) => ({ id, logStream }) as Task;

function prepared(blue: Task[], green: Task[]) {
  let slots: { blue: { tasks: Task[] }; green: { tasks: Task[] } } | null = null;
  const streams = createSlotStreams(() => slots);
  const observe = (nextBlue: Task[], nextGreen: Task[]) => {
    slots = { blue: { tasks: nextBlue }, green: { tasks: nextGreen } };
  };
  return { streams, observe, observeFirst: () => observe(blue, green) };
}

test("knows nobody before the application was observed", () => {
  const { streams, observeFirst } = prepared([task("b1")], []);
  expect(streams.ownerOf("web/app/b1")).toBeNull();
  expect(streams.streamsOf("blue", "/g")).toEqual([]);
  observeFirst();
  expect(streams.ownerOf("web/app/b1")).toEqual({ slot: "blue", taskId: "b1" });
});

test("tells streams of one prefix apart by the task's id at their end", () => {
  const { streams, observeFirst } = prepared([task("b1")], [task("g1")]);
  observeFirst();
  expect(streams.ownerOf("ecs/app/b1")?.slot).toBe("blue");
  expect(streams.ownerOf("ecs/app/g1")?.slot).toBe("green");
  expect(streams.ownerOf("ecs/app/someone-else")).toBeNull();
});

test("takes a task's own stream where its name does not end with the id", () => {
  const { streams, observeFirst } = prepared([], [task("g1", "custom-stream")]);
  observeFirst();
  expect(streams.ownerOf("custom-stream")).toEqual({ slot: "green", taskId: "g1" });
  expect(streams.streamsOf("green", "/g")).toEqual(["custom-stream"]);
});

test("remembers the side of tasks that are gone", () => {
  const { streams, observe } = prepared([], []);
  observe([task("b1", "ecs/app/b1")], []);
  expect(streams.ownerOf("ecs/app/b1")?.slot).toBe("blue");
  observe([], [task("g1")]);
  expect(streams.ownerOf("ecs/app/g1")?.slot).toBe("green");
  expect(streams.ownerOf("ecs/app/b1")?.slot).toBe("blue");
  expect(streams.streamsOf("blue", "/g")).toEqual([]);
});

const ID = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const OTHER = "ffffffffffffffffffffffffffffffff";
const RUNTIME = "4f0a1c7e0b1d4a7e9c1b2f3e4d5c6b7a4f0a1c7e0b1d4a7e9c1b2f3e4d5c6b7a";

test.each([
  ["without a prefix, by the container runtime's id", RUNTIME],
  ["of FireLens", `app/library-firelens-${ID}`],
  ["of FireLens without a prefix", `library-firelens-${ID}`],
  ["with the task's id somewhere", `2026/11/29/${ID}/stdout`],
  ["with an old task id", "web/app/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"],
])("tells streams %s", (_, stream) => {
  const old = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
  const log = { container: "library", group: "/g", stream: RUNTIME };
  const { streams, observeFirst } = prepared([task(OTHER)], [{ ...task(ID), logs: [log] }, task(old)]);
  observeFirst();
  expect(streams.ownerOf(stream)).toEqual({
    slot: "green",
    taskId: stream.includes("-") && stream.startsWith("web") ? old : ID,
  });
});

test("does not take a part of a longer id for a task's", () => {
  const { streams, observeFirst } = prepared([task(RUNTIME.slice(0, 32))], []);
  observeFirst();
  expect(streams.ownerOf(RUNTIME)).toBeNull();
});

test("a stream that several tasks write to is no task's, and one of both sides no side's", () => {
  const log = (stream: string) => [{ container: "library", group: "/g", stream }];
  const { streams, observeFirst } = prepared(
    [
      { ...task("b1"), logs: log("fixed-blue") },
      { ...task("b2"), logs: log("fixed-blue") },
      { ...task("b3"), logs: log("fixed") },
    ],
    [{ ...task("g1"), logs: log("fixed") }],
  );
  observeFirst();
  expect(streams.ownerOf("fixed-blue")).toEqual({ slot: "blue", taskId: null });
  expect(streams.ownerOf("fixed")).toEqual({ slot: null, taskId: null });
  expect(streams.streamsOf("blue", "/g")).toEqual(["fixed-blue", "fixed"]);
  expect(streams.streamsOf("blue", "/elsewhere")).toEqual([]);
});

test("knows the streams of other applications", () => {
  const other = createSlotStreams(() => ({ blue: { tasks: [task("x9")] }, green: { tasks: [] } }));
  const own = createSlotStreams(
    () => null,
    () => [other],
  );
  expect(own.isForeign("web/app/x9")).toBe(true);
  expect(own.isForeign("web/app/y1")).toBe(false);
});
