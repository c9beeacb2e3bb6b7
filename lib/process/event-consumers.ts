import { createEventConsumer, type EventConsumer } from "../observe/event-consumer.ts";
import type { Places } from "../observe/places.ts";
import type { WiringOptions } from "./wiring.ts";

/** One for each queue of a place that an application is in. */
export function createEventConsumers(
  { events = [], accounts, store, holder, now, log }: WiringOptions,
  places: Places,
): EventConsumer[] {
  return events.flatMap(({ queueUrl, ...named }) => {
    const account = accounts.find(({ name }) => name === named.account) ?? null;
    const region = named.region ?? account?.regions[0] ?? places.home.region;
    const place = places.all().find((each) => each.account === account && each.region === region);
    if (!place) {
      log("warn", "ECS's events are not read: no application is where the queue is", { queue: queueUrl });
      return [];
    }
    const { observer, aws } = place;
    const { applications, attentionOf, refreshNow } = observer;
    return [
      createEventConsumer({
        ...{ queueUrl, queues: aws.queues, region, store, holder, now, log, applications },
        look: (name) => refreshNow(name, { priority: "engine" }),
        isLookedAt: (name) => attentionOf(name) !== "idle",
      }),
    ];
  });
}
