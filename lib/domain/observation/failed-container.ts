import { say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
/** As much of a task's container as says how it ended. */
export interface EndedContainer {
  name: string;
  exitCode?: number;
  isUnhealthy?: boolean;
  reason?: string;
  /** Whether its end is its task's end; left out where the task definition was not read. */
  essential?: boolean;
}

/** Stopped on request: what happens to the others once one container has brought the task down, and to nothing before. */
const TERMINATED = 143;
/** Killed, after a request or for want of memory. */
const KILLED = 137;

/** The container that brought its task down, by exit code and essential flag and never by its place; null where none is told. */
export function findFailedContainer<Container extends EndedContainer>(
  containers: readonly Container[],
): Container | null {
  const ranked = containers
    .map((container) => ({ container, rank: rankOf(container) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank);
  return ranked[0]?.container ?? null;
}

/** Its end: "catalog, exit code 1", with what ECS says of it; null where no container is told. */
export function failedContainerSaid(containers: readonly EndedContainer[]): Told | null {
  const failed = findFailedContainer(containers);
  if (failed?.exitCode === undefined) return failed?.name ?? null;
  return say("told.container", { name: failed.name, code: failed.exitCode });
}

/** Higher for what rather is the cause; 0 for what says nothing. */
function rankOf({ exitCode, isUnhealthy, reason, essential }: EndedContainer): number {
  const isEssential = essential ?? true;
  if (reason !== undefined && /OutOfMemory/i.test(reason)) return isEssential ? 10 : 3;
  // It never ran: its image, its secrets or its command.
  if (exitCode === undefined) return reason === undefined ? 0 : isEssential ? 9 : 2;
  // Its health check brought the task down, and it was stopped with the others.
  if (isUnhealthy && isEssential && [0, KILLED, TERMINATED].includes(exitCode)) return 7;
  if (exitCode === 0) return essential ? 5 : essential === undefined ? 1 : 0;
  if (exitCode === KILLED) return isEssential ? 6 : 1;
  if (exitCode === TERMINATED) return isEssential ? 4 : 1;
  return isEssential ? 8 : 2;
}
