import type { SimulatedService } from "./service.ts";

/** Worlds of the same account's other Regions, in which there is nothing until somebody makes it. */
export interface OtherRegions {
  /** The service, in which a call that is signed for another Region comes to that Region's own. */
  apart(service: SimulatedService): SimulatedService;
  /** Ends every one of them. */
  clear(): Promise<void>;
}

/** A world that `open` makes, as far as it is asked here. */
interface World {
  services: readonly SimulatedService[];
  close(): Promise<void>;
}

/** None is opened before the first call that is signed for it. */
export function createOtherRegions(own: string, open: (region: string) => Promise<World>): OtherRegions {
  const worlds = new Map<string, Promise<World>>();
  const enter = (region: string) => {
    const world = worlds.get(region) ?? open(region);
    worlds.set(region, world);
    return world;
  };
  return {
    apart(service) {
      const operations = Object.entries(service.operations).map(([name, operation]) => [
        name,
        async (...[input, call]: Parameters<typeof operation>) => {
          if (call.region === undefined || call.region === own) return operation(input, call);
          const { services } = await enter(call.region);
          return services.find((one) => one.name === service.name)?.operations[name]?.(input, call);
        },
      ]);
      return { ...service, operations: Object.fromEntries(operations) };
    },
    async clear() {
      const all = [...worlds.values()];
      worlds.clear();
      await Promise.all(all.map(async (world) => (await world).close()));
    },
  };
}
