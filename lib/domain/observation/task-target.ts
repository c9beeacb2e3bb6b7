import type { Target, Task } from "./slot.ts";

/** What a load balancer knows a task by: an address with any port, or an instance with the port of it that leads to the task. */
interface Registration {
  /** Null while it is not known which instance the task runs on. */
  id: string | null;
  port: number | null;
}

type Named = Pick<Task, "address" | "ipv6" | "containerInstance" | "instanceId" | "containers">;

/** Every registration that would be the task's: its addresses, and each port of its instance that one of its containers has. */
function registrationsOf(task: Named): Registration[] {
  const addresses = [task.address, ...(task.ipv6 ?? [])].filter((address) => address !== null);
  const own = addresses.map((id) => ({ id: canonicalId(id), port: null }));
  if (task.containerInstance === undefined) return own;
  const ports = new Set(task.containers.flatMap(({ hostPorts = [] }) => hostPorts));
  return [...own, ...[...ports].map((port) => ({ id: task.instanceId ?? null, port }))];
}

/** Targets by the tasks that they stand for, and those that stand for none. */
export interface JoinedTargets<T extends Named> {
  /** The targets that are this task's; none for an unknown task. */
  targetsOf(task: T): Target[];
  /** Targets of no task. One on an instance is left out while a task on an unknown instance has that port. */
  strangers: Target[];
}

/** Joins by address (IPv4 and IPv6 in any spelling), and by instance and host port. */
export function joinTargets<T extends Named>(tasks: readonly T[], targets: readonly Target[]): JoinedTargets<T> {
  const byKey = new Map<string, Target[]>();
  for (const target of targets)
    for (const port of [null, target.port]) {
      const key = keyOf(canonicalId(target.id), port);
      byKey.set(key, [...(byKey.get(key) ?? []), target]);
    }
  const byTask = new Map<T, Target[]>();
  const owned = new Set<Target>();
  const portsAnywhere = new Set<number>();
  for (const task of tasks) {
    const found = registrationsOf(task).flatMap(({ id, port }) => {
      if (id === null && port !== null) portsAnywhere.add(port);
      return id === null ? [] : (byKey.get(keyOf(id, port)) ?? []);
    });
    for (const target of found) owned.add(target);
    byTask.set(task, found);
  }
  const mayBeSomeones = ({ id, port }: Target) => isInstance(id) && portsAnywhere.has(port);
  return {
    targetsOf: (task) => byTask.get(task) ?? [],
    strangers: targets.filter((target) => !owned.has(target) && !mayBeSomeones(target)),
  };
}

/** The name that the task's target has or would have; null while nothing tells it. */
export function targetNameOf(task: Named): string | null {
  const [first] = registrationsOf(task).filter(({ id }) => id !== null);
  if (!first) return null;
  return first.port === null ? (task.address ?? first.id) : `${first.id}:${first.port}`;
}

function isInstance(id: string): boolean {
  return id.startsWith("i-");
}

function keyOf(id: string, port: number | null): string {
  return port === null ? id : `${id} ${port}`;
}

/** AWS writes IPv6 addresses in more than one way. */
function canonicalId(id: string): string {
  if (!id.includes(":")) return id;
  const url = `http://[${id}]/`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : id.toLowerCase();
}
