import { z } from "zod";
import { delay } from "../aws/caller.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { Queues } from "../aws/queues.ts";
import type { Application } from "../domain/application/application.ts";
import { type AwsEvent, readAwsEvent } from "../domain/observation/aws-event.ts";
import { SLOT_COLORS } from "../domain/observation/slot.ts";
import { shortName } from "../domain/text/short-name.ts";
import type { Store } from "../store/store.ts";

/** How a queue was read so far. */
interface EventUse {
  /** The queue's name; its URL says nothing more that anybody needs. */
  queue: string;
  /** "waiting": another replica reads it. */
  state: "reading" | "waiting" | "away" | "denied";
  received: number;
  /** Of them, what was no event of ECS's or CodeDeploy's, or of another account or Region. */
  dropped: number;
  /** Of them, told before or overtaken by a newer one of the same task. */
  repeated: number;
  /** Looks that they led to. */
  looks: number;
}

/**
 * Has what ECS and CodeDeploy tell of looked at now, in every replica where somebody waits for it. Looking by time goes on beside it
 * whatever becomes of the queue.
 */
export interface EventConsumer {
  start(): void;
  /** Resolves once nothing is read any more. */
  stop(): Promise<void>;
  use(): EventUse;
}

interface EventConsumerDeps {
  queueUrl: string;
  queues: Queues;
  /** Where the queue is. */
  region: string;
  /** Of those in this place. */
  applications(): readonly Application[];
  look(application: string): Promise<unknown>;
  /** Whether somebody here waits for what is new of it: what another replica read of it is looked at then. */
  isLookedAt(application: string): boolean;
  store: Pick<Store, "acquireLease" | "releaseLease" | "tellReplicas" | "listenToReplicas">;
  /** Names this replica in leases. */
  holder: string;
  now(): number;
  log(level: "info" | "warn", message: string, fields?: Record<string, unknown>): void;
  /** For tests: real ms between two tries for the queue. */
  againMs?: number;
  /** For tests: real ms between two looks at one application. */
  looksEveryMs?: number;
}

/** Longer than a receive may take; another replica goes on with the queue after this. */
const LEASE_MS = 15_000;
const AGAIN_MS = 5_000;
/** However many events come, an application is looked at no more often than while somebody watches. */
const LOOKS_EVERY_MS = 500;
/** What was told lately, so that a second delivery leads to no second look. */
const REMEMBERED = 5_000;

/** What the replica that reads a queue tells the others: something happened to this application. */
const passedOn = z.object({ queueUrl: z.string(), holder: z.string(), application: z.string() });

/** One for each queue. One replica reads it at a time, and passes on what it read. */
export function createEventConsumer(deps: EventConsumerDeps): EventConsumer {
  const { queueUrl, queues, store, now } = deps;
  const use: EventUse = {
    queue: shortName(queueUrl),
    state: "waiting",
    ...{ received: 0, dropped: 0, repeated: 0, looks: 0 },
  };
  const stopping = new AbortController();
  const { signal } = stopping;
  const seen = new Set<string>();
  const versions = new Map<string, number>();
  /** By application that is being looked at: whether another look is wanted, and whether the other replicas are to be told. */
  const looking = new Map<string, Wanted>();
  const work = new Set<Promise<void>>();
  let running: Promise<void> = Promise.resolve();
  let stopListening = () => {};

  function isRepeated({ id, version, service }: AwsEvent): boolean {
    if (seen.has(id)) return true;
    remember(seen, id);
    if (!version) return false;
    // An event of another service that names this one's task says nothing of it.
    const of = `${service?.cluster}/${service?.service} ${version.of}`;
    if (version.number <= (versions.get(of) ?? -1)) return true;
    versions.delete(of);
    versions.set(of, version.number);
    const [oldest] = versions.keys();
    if (versions.size > REMEMBERED && oldest !== undefined) versions.delete(oldest);
    return false;
  }

  /** Names of the applications that an event is about. */
  function concerned({ account, region, service, codeDeploy }: AwsEvent): string[] {
    return deps
      .applications()
      .filter((each) => each.accountId === account && each.region === region)
      .filter(
        (each) =>
          (each.cluster === service?.cluster &&
            SLOT_COLORS.some((color) => each.slots[color].service === service.service)) ||
          (codeDeploy !== null &&
            each.codeDeploy?.application === codeDeploy.application &&
            each.codeDeploy.group === codeDeploy.group),
      )
      .map(({ name }) => name);
  }

  function take(body: string): void {
    use.received += 1;
    const event = readAwsEvent(body);
    if (!event || event.region !== deps.region) {
      use.dropped += 1;
      return;
    }
    // What is about nobody here is not remembered: it must not displace, nor outdate, what is.
    const names = concerned(event);
    if (names.length > 0 && isRepeated(event)) {
      use.repeated += 1;
      return;
    }
    for (const name of names) lookSoon(name, true);
  }

  /** From another replica, which looks by itself. */
  function heard(text: string): void {
    const { data } = passedOn.safeParse(parsed(text));
    if (!data || data.queueUrl !== queueUrl || data.holder === deps.holder || signal.aborted) return;
    const isHere = deps.applications().some(({ name }) => name === data.application);
    if (isHere && deps.isLookedAt(data.application)) lookSoon(data.application, false);
  }

  /** At once, and once more after it when more was told meanwhile. */
  function lookSoon(name: string, isToBeTold: boolean): void {
    const known = looking.get(name);
    if (known) {
      known.again = true;
      known.isToBeTold ||= isToBeTold;
      return;
    }
    const entry: Wanted = { again: false, isToBeTold };
    looking.set(name, entry);
    const done: Promise<void> = lookNow(name, entry).finally(() => {
      looking.delete(name);
      work.delete(done);
    });
    work.add(done);
  }

  async function lookNow(name: string, entry: Wanted): Promise<void> {
    do {
      const { isToBeTold } = entry;
      Object.assign(entry, { again: false, isToBeTold: false });
      use.looks += 1;
      // Not waited for: while the database is away this would hold up the next look.
      if (isToBeTold) void passOn(name);
      // Whoever looks by time tells what AWS does not answer.
      await Promise.all([
        deps.look(name).catch(() => undefined),
        delay(deps.looksEveryMs ?? LOOKS_EVERY_MS, signal).catch(() => undefined),
      ]);
    } while (entry.again && !signal.aborted);
  }

  /** The others look by time where this does not reach them. */
  async function passOn(application: string): Promise<void> {
    const message: z.infer<typeof passedOn> = { queueUrl, holder: deps.holder, application };
    await store.tellReplicas(JSON.stringify(message)).catch(() => undefined);
  }

  function told(state: EventUse["state"], error?: unknown): void {
    if (use.state === state) return;
    const before = use.state;
    use.state = state;
    const fields = { queue: use.queue, ...(error === undefined ? {} : { error }) };
    if (state === "denied")
      deps.log("warn", "ECS's events cannot be read: SQS refuses it. Looking by time goes on", fields);
    if (state === "away") deps.log("warn", "ECS's events cannot be read now. Looking by time goes on", fields);
    if (state === "reading" && before !== "waiting") deps.log("info", "ECS's events are read again", fields);
  }

  async function run(): Promise<void> {
    const againMs = deps.againMs ?? AGAIN_MS;
    const lease = `events ${queueUrl}`;
    while (!signal.aborted) {
      try {
        const fence = await store.acquireLease(lease, deps.holder, now(), LEASE_MS);
        if (!fence) {
          told("waiting");
          await delay(againMs, signal);
          continue;
        }
        const messages = await queues.receive(queueUrl, signal);
        told("reading");
        for (const { body } of messages) take(body);
        // Deleted once looks are on their way: a process that dies in between has them delivered again.
        await queues.remove(queueUrl, messages, signal);
      } catch (error) {
        if (signal.aborted) break;
        told(error instanceof AwsFailure && error.kind === "denied" ? "denied" : "away", error);
        await delay(againMs, signal).catch(() => undefined);
      }
    }
    const fence = await store.acquireLease(lease, deps.holder, now(), LEASE_MS).catch(() => null);
    if (fence) await store.releaseLease(fence).catch(() => undefined);
  }

  return {
    start() {
      stopListening = store.listenToReplicas(heard);
      running = run();
    },
    async stop() {
      stopping.abort(new Error("The reader of events was stopped"));
      stopListening();
      await running;
      await Promise.all(work);
    },
    use: () => ({ ...use }),
  };
}

interface Wanted {
  again: boolean;
  isToBeTold: boolean;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function remember(known: Set<string>, id: string): void {
  known.add(id);
  const [oldest] = known;
  if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
}
