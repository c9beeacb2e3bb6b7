import type { Aws } from "../aws/aws.ts";
import { delay } from "../aws/caller.ts";
import { AwsFailure, failureSaid } from "../aws/errors.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import type { Controllers } from "../controllers/registry.ts";
import type { Application } from "../domain/application/application.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { englishOf, lineMembers, type Told } from "../domain/sentence/told.ts";
import { resolveApplication } from "../resolve/resolve-application.ts";
import { shareReads } from "./shared-reads.ts";

/** An application that is not known in AWS's names (yet). */
export interface Unresolved {
  name: string;
  message: string;
  /** `message` in no language yet. */
  said?: Sentence;
  /** True while nobody has looked yet, or AWS could not be asked: it may be there all the same. */
  isPassing?: boolean;
}

/** Turns configured names into ARNs in the background: an application that AWS does not know (yet) stops no other. */
export interface ApplicationResolver {
  /** Resolves all and keeps trying until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  resolved(): Application[];
  find(name: string): Application | null;
  unresolved(): Unresolved[];
  /** Resolves what is new or changed, and forgets what is gone; what is changed goes on as it was until its names are found. */
  reconfigure(configs: readonly ApplicationConfig[]): void;
  /** Resolves it again soon, because something of it is gone; at most every 30 s. */
  doubt(name: string): void;
}

export interface ResolverOptions {
  aws: Aws;
  configs: readonly ApplicationConfig[];
  controllers: Controllers;
  now: () => number;
  changed: (application: Application) => void;
  /** Told of every try that did not find its names. */
  failed: (name: string, message: string) => void;
  onError: (error: unknown) => void;
}

const RETRY_MS = [1000, 2000, 5000, 10_000, 30_000, 60_000];
const DOUBT_MS = 30_000;
const UNTRIED = { ...lineMembers(say("resolve.lookedUp")), isPassing: true };

/** Nothing is resolved before `run`. */
export function createApplicationResolver(options: ResolverOptions): ApplicationResolver {
  const { controllers, now } = options;
  let { configs } = options;
  const aws = shareReads(options.aws, now);
  const found = new Map<string, { application: Application; at: number }>();
  const problems = new Map<string, Omit<Unresolved, "name">>();
  let running: AbortSignal | null = null;
  /** What is being resolved; a later settings entry of the same name ends the earlier try. */
  const resolving = new Map<string, AbortController>();

  function begin(config: ApplicationConfig, signal: AbortSignal): Promise<void> {
    resolving.get(config.name)?.abort();
    const own = new AbortController();
    resolving.set(config.name, own);
    return resolve(config, AbortSignal.any([signal, own.signal]));
  }

  async function resolve(config: ApplicationConfig, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        if (!controllers[config.controller]) {
          problems.set(config.name, lineMembers(say("resolve.notBuilt", { controller: config.controller })));
          return;
        }
        const application = await resolveApplication(aws, config);
        if (signal.aborted) return;
        found.set(config.name, { application, at: now() });
        problems.delete(config.name);
        options.changed(application);
        return;
      } catch (error) {
        if (!(error instanceof AwsFailure)) options.onError(error);
        // One that was resolved before goes on with what it had; its sources tell what is gone.
        const isPassing = error instanceof AwsFailure && error.retryable;
        if (!found.has(config.name))
          problems.set(config.name, { ...lineMembers(toldOf(error)), ...(isPassing ? { isPassing } : {}) });
        options.failed(config.name, englishOf(toldOf(error)));
        await delay(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] ?? 60_000, signal).catch(() => {});
      }
    }
  }

  return {
    async run(signal) {
      running = signal;
      await Promise.all(configs.map((config) => begin(config, signal)));
    },
    reconfigure(next) {
      const before = new Map(configs.map((config) => [config.name, JSON.stringify(config)]));
      const names = new Set(next.map(({ name }) => name));
      configs = next;
      for (const name of before.keys())
        if (!names.has(name)) {
          resolving.get(name)?.abort();
          for (const known of [resolving, found, problems]) known.delete(name);
        }
      for (const config of next)
        if (running && before.get(config.name) !== JSON.stringify(config)) void begin(config, running);
    },
    resolved: () => configs.flatMap(({ name }) => found.get(name)?.application ?? []),
    find: (name) => found.get(name)?.application ?? null,
    unresolved: () =>
      configs.filter(({ name }) => !found.has(name)).map(({ name }) => ({ name, ...(problems.get(name) ?? UNTRIED) })),
    doubt(name) {
      const entry = found.get(name);
      const config = configs.find((candidate) => candidate.name === name);
      if (!entry || !config || !running || now() - entry.at < DOUBT_MS) return;
      entry.at = now();
      void begin(config, running);
    },
  };
}

function toldOf(error: unknown): Told {
  if (error instanceof AwsFailure) return failureSaid(error);
  return error instanceof Error ? error.message : String(error);
}
