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
  expect(streams.streamsOf("blue")).toEqual([]);
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
  expect(streams.streamsOf("green")).toEqual(["custom-stream"]);
});

test("remembers the side of tasks that are gone", () => {
  const { streams, observe } = prepared([], []);
  observe([task("b1", "ecs/app/b1")], []);
  expect(streams.ownerOf("ecs/app/b1")?.slot).toBe("blue");
  observe([], [task("g1")]);
  expect(streams.ownerOf("ecs/app/g1")?.slot).toBe("green");
  expect(streams.ownerOf("ecs/app/b1")?.slot).toBe("blue");
  expect(streams.streamsOf("blue")).toEqual([]);
});
