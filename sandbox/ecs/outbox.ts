import { eventText } from "./service-events.ts";
import type { EventOutbox, Service, Task } from "./world.ts";

/** Nothing has happened yet. */
export function createOutbox(): EventOutbox {
  return {
    started: [],
    stoppedRunning: [],
    stoppedPending: 0,
    registered: new Map(),
    deregistered: new Map(),
    draining: new Map(),
  };
}

/** Where the task's news go: to its task set's own, else to its service's; undefined for a task of no service. */
export function outboxOf(task: Task): EventOutbox | undefined {
  return task.deployment?.outbox ?? task.service?.outbox;
}

/** Speaks of what happened since the last look, one event per kind, in the order AWS does. */
export function flushOutbox(service: Service, outbox: EventOutbox, speaker = service.name): void {
  const { events } = service;
  if (outbox.started.length > 0) events.add(eventText.started(speaker, outbox.started));
  for (const [group, count] of outbox.registered) events.add(eventText.registered(speaker, count, group));
  if (outbox.stoppedPending > 0) events.add(eventText.stoppedPending(speaker, outbox.stoppedPending));
  if (outbox.stoppedRunning.length > 0) events.add(eventText.stoppedRunning(speaker, outbox.stoppedRunning));
  for (const [group, count] of outbox.deregistered) events.add(eventText.deregistered(speaker, count, group));
  for (const [id, count] of outbox.draining) events.add(eventText.draining(service.name, id, count));
  Object.assign(outbox, createOutbox());
}
