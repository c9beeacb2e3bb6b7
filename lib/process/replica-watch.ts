import type { ReplicaRow } from "../store/replicas.ts";
import type { Store } from "../store/store.ts";

/** Tells the record that this replica is there, and everybody who asks of AWS how many share the account's limits. */
export interface ReplicaWatch {
  start(): void;
  /** Tells that this replica is gone. */
  stop(): Promise<void>;
}

/** What shares the account's limits with other replicas. */
export interface SharedLimits {
  /** Told at each look, so that whatever was opened since has its share too. */
  shareAmong(replicas: number): void;
  /** How often AWS throttled this replica since its start, by account, Region and API family. */
  throttles(): Readonly<Record<string, number>>;
  /** AWS throttled another replica in this: what AWS gives is the account's, so this one slows down as well. */
  throttledElsewhere(what: string): void;
}

const EVERY_MS = 5000;
/** A replica is gone when it was not seen for three turns. */
const TTL_MS = 3 * EVERY_MS;

/** One a process. */
export function createReplicaWatch(options: {
  store: Pick<Store, "seeReplica" | "forgetReplica">;
  holder: string;
  now: () => number;
  limits: SharedLimits;
  onError: (error: unknown) => void;
}): ReplicaWatch {
  const { store, holder, now, limits, onError } = options;
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> = Promise.resolve();
  let known = new Map<string, ReplicaRow["throttles"]>();

  /** While the record is away as many are taken to be there as were: more would ask more of AWS than is ours. */
  async function look(): Promise<void> {
    try {
      const replicas = await store.seeReplica({ holder, throttles: limits.throttles() }, now(), TTL_MS);
      limits.shareAmong(replicas.length);
      const others = new Map(replicas.filter((one) => one.holder !== holder).map((one) => [one.holder, one.throttles]));
      for (const what of newThrottles(known, others)) limits.throttledElsewhere(what);
      known = others;
    } catch (error) {
      onError(error);
    }
  }

  return {
    start() {
      looking = look();
      timer = setInterval(() => {
        looking = look();
      }, EVERY_MS);
      timer.unref();
    },
    async stop() {
      if (timer) clearInterval(timer);
      await looking;
      await store.forgetReplica(holder).catch(onError);
    },
  };
}

/** What any of them was throttled in since the last look; of one that was not known then, nobody knows since when. */
function newThrottles(
  before: ReadonlyMap<string, ReplicaRow["throttles"]>,
  after: ReadonlyMap<string, ReplicaRow["throttles"]>,
): Set<string> {
  const found = new Set<string>();
  for (const [holder, throttles] of after) {
    const earlier = before.get(holder);
    if (!earlier) continue;
    for (const [what, count] of Object.entries(throttles)) if (count > (earlier[what] ?? 0)) found.add(what);
  }
  return found;
}
