import { expect, test } from "vitest";
import { createSandbox } from "../../sandbox/sandbox.ts";
import { createAws } from "../aws/aws.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import { libraryConfig } from "../testing/library-world.ts";
import { manyCalls } from "../testing/test-world.ts";
import { createReadinessLooks } from "./readiness-looks.ts";

test("what looks have shown is kept, another switchyard.yaml is another look, and a database that is away hides nothing", async () => {
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  const sandbox = await createSandbox({ seed: "empty", ecs: { virtual: true } });
  const aws = createAws({ region: "ap-northeast-2", endpoint: sandbox.url, limits: manyCalls() });
  const kept = new Map<string, unknown>();
  let isAway = false;
  let now = 1_000_000;
  let configs: ApplicationConfig[] = [];
  const call = { requestId: "test", signal: new AbortController().signal };
  const looks = createReadinessLooks({
    awsOf: () => aws,
    inRegion: () => aws,
    configs: () => configs,
    standIn: null,
    readDeployments: async () => ({ state: "seen", value: [] }),
    store: {
      async loadMemory(key) {
        if (isAway) throw new Error("away");
        return kept.get(key) ?? null;
      },
      saveMemory: async (key, value) => void kept.set(key, value),
    },
    now: () => now,
  });
  try {
    const first = await looks.look("library");
    expect(first?.history).toEqual({ firstLookAt: 1_000_000, since: {}, firstGreenAt: null });
    await sandbox.ecs.service.operations.CreateCluster?.({ clusterName: "library-management-cluster" }, call);
    now = 2_000_000;
    expect((await looks.look("library"))?.history).toMatchObject({
      firstLookAt: 1_000_000,
      since: { cluster: 2_000_000 },
    });
    expect([...kept.keys()]).toEqual(["readiness library"]);
    // No time has passed, and the names are others.
    configs = [libraryConfig({ cluster: "other" })];
    const configured = await looks.look("library");
    expect(configured?.subject).toMatchObject({ isConfigured: true, cluster: "other" });
    expect(configured?.history?.since).not.toHaveProperty("cluster");
    isAway = true;
    now = 3_000_000;
    expect(await looks.look("library")).toMatchObject({ history: null, facts: { at: 3_000_000 } });
  } finally {
    aws.destroy();
    await sandbox.close();
  }
});
