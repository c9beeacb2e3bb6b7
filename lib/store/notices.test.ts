import { expect, test } from "vitest";
import { createMemoryStore } from "../testing/memory-store.ts";
import { findPostgres, startPostgres } from "../testing/test-postgres.ts";
import { until } from "../testing/test-world.ts";
import { createStore } from "./create-store.ts";

const bin = findPostgres();

test.skipIf(bin === null)(
  "what one process tells is heard in the others, again after the server was away, and no more after the end",
  async () => {
    const server = await startPostgres(bin ?? "");
    const [one, two] = [await createStore({ databaseUrl: server.url }), await createStore({ databaseUrl: server.url })];
    try {
      const heard: string[] = [];
      const end = two.listenToReplicas((text) => heard.push(text));
      const untilHeard = (text: string) =>
        until(async () => {
          await one.tellReplicas(text).catch(() => undefined);
          return heard.includes(text);
        });
      await untilHeard("before");
      await server.halt();
      await expect(one.tellReplicas("away")).rejects.toThrow();
      await server.resume();
      await untilHeard("after");
      expect(heard).not.toContain("away");
      end();
      const others: string[] = [];
      two.listenToReplicas((text) => others.push(text));
      await one.tellReplicas("last");
      await until(() => others.includes("last"));
      expect(heard).not.toContain("last");
    } finally {
      await Promise.all([one.close(), two.close()]);
      await server.stop();
    }
  },
);

test("a record of one process alone has nobody to tell", async () => {
  const store = await createMemoryStore();
  const heard: string[] = [];
  const end = store.listenToReplicas((text) => heard.push(text));
  await store.tellReplicas("nobody");
  end();
  await store.close();
  expect(heard).toEqual([]);
});
