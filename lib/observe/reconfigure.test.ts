import { expect, test } from "vitest";
import { FAST_LIMITS, libraryConfig, startLibraryWorld, until } from "../testing/library-world.ts";
import { createObserver } from "./observer.ts";

test("an observer takes up an application that is added, and lets go of one that is removed", async () => {
  const world = await startLibraryWorld({ aws: { limits: FAST_LIMITS } });
  const { aws, controllers } = world;
  const observer = createObserver({ aws, controllers, configs: [], fastMs: 50, idleMs: 100, onError: () => undefined });
  observer.start();
  try {
    expect(observer.applications()).toEqual([]);
    observer.reconfigure([libraryConfig()]);
    await until(async () => observer.observation("library") !== null);
    observer.reconfigure([
      { ...libraryConfig(), name: "other" },
      { ...libraryConfig(), bakeMinutes: 3 },
    ]);
    // It goes on as it was until its names are found anew.
    expect(observer.findApplication("library")).not.toBeNull();
    await until(async () => observer.findApplication("library")?.bakeMinutes === 3);
    await until(async () => observer.observation("other") !== null);
    observer.reconfigure([{ ...libraryConfig(), name: "other" }]);
    expect(observer.findApplication("library")).toBeNull();
    expect(observer.observation("library")).toBeNull();
    expect(observer.unresolved()).toEqual([]);
  } finally {
    await observer.stop();
  }
});
