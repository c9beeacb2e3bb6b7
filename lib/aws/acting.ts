import { AsyncLocalStorage } from "node:async_hooks";

const acting = new AsyncLocalStorage<string>();

/** Runs `work`; in accounts that are entered by a role, AWS is told that its calls are this person's. */
export function actingFor<T>(actor: string, work: () => Promise<T>): Promise<T> {
  return acting.run(actor, work);
}

/** On whose behalf AWS is called here and now; null where nobody asked. */
export function actorHere(): string | null {
  return acting.getStore() ?? null;
}
