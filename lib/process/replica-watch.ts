import type { Store } from "../store/store.ts";

/** Tells the record that this replica is there, and everybody who asks of AWS how many share the account's limits. */
export interface ReplicaWatch {
  start(): void;
  /** Tells that this replica is gone. */
  stop(): Promise<void>;
}

const EVERY_MS = 5000;
/** A replica is gone when it was not seen for three turns. */
const TTL_MS = 3 * EVERY_MS;

/** One a process. `shared` is told at each look, so that whatever was opened since has its share too. */
export function createReplicaWatch(options: {
  store: Pick<Store, "seeReplica" | "forgetReplica">;
  holder: string;
  now: () => number;
  shared: (replicas: number) => void;
  onError: (error: unknown) => void;
}): ReplicaWatch {
  const { store, holder, now, shared, onError } = options;
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> = Promise.resolve();

  /** While the record is away as many are taken to be there as were: more would ask more of AWS than is ours. */
  async function look(): Promise<void> {
    try {
      shared(await store.seeReplica(holder, now(), TTL_MS));
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
