import { setTimeout as delay } from "node:timers/promises";
import { createControllers } from "../lib/controllers/registry.ts";
import { createObserver } from "../lib/observe/observer.ts";
import { createFleetWorld } from "../lib/testing/fleet-world.ts";
import type { Figure } from "./figure.ts";
import { until } from "./local-process.ts";

const COUNT = 100;
const SECONDS = 60;

/** What a hundred applications that ECS deploys itself ask of AWS a minute, with the overview open; AWS answers from memory. */
export async function measureNativeFleet(): Promise<Figure[]> {
  const rest = await measure("at rest");
  const busy = await measure("at a pause");
  return [
    {
      name: `AWS calls a minute for ${COUNT} native applications at rest`,
      value: rest.calls,
      unit: "",
      target: null,
      note: rest.note,
    },
    {
      name: "the same with all of them at a gate",
      value: busy.calls,
      unit: "",
      target: null,
      note: busy.note,
    },
    {
      name: "deployments that one DescribeServiceDeployments covers, at most",
      value: busy.most,
      unit: "",
      target: { kind: "=", value: 20 },
      note: `${busy.mean.toFixed(1)} on average`,
    },
  ];
}

async function measure(native: "at a pause" | "at rest") {
  const { aws, configs, calls, sizes } = createFleetWorld({ count: COUNT, ofOneListener: 20, standbyTasks: 0, native });
  const observer = createObserver({ aws, configs, controllers: createControllers(aws), onError: () => undefined });
  observer.subscribe("*", () => undefined);
  observer.start();
  try {
    const isSeen = ({ name }: { name: string }) => (observer.observation(name)?.awsDeployments?.length ?? 0) > 0;
    await until(
      "every application was looked at",
      async () => observer.applications().length === COUNT && observer.applications().every(isSeen),
      300_000,
    );
    calls.clear();
    sizes.clear();
    await delay(SECONDS * 1000);
    const most = [...calls].map(([name, at]) => ({ name, count: at.length })).sort((a, b) => b.count - a.count);
    const asked = sizes.get("DescribeServiceDeployments") ?? [];
    return {
      calls: most.reduce((sum, { count }) => sum + count, 0),
      note: most
        .slice(0, 5)
        .map(({ name, count }) => `${name} ${count}`)
        .join(", "),
      most: Math.max(0, ...asked),
      mean: asked.reduce((sum, size) => sum + size, 0) / Math.max(1, asked.length),
    };
  } finally {
    await observer.stop();
  }
}
