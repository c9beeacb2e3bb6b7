import type { ApplicationConfig } from "../config/application-config.ts";
import { type Application, productionRefs } from "../domain/application/application.ts";
import type { ComparedErrors } from "../domain/observation/compared-errors.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { isSame, type Weights } from "../domain/observation/traffic.ts";
import { assembleObservation } from "../gather/assemble-observation.ts";
import { isSomethingMissing } from "../gather/assemble-sources.ts";
import type { Facts } from "../gather/facts.ts";
import type { ApplicationResolver } from "./application-resolver.ts";
import type { ObserverLoops } from "./observer-loops.ts";
import type { OutageLog } from "./outage-log.ts";
import { isSuspicious } from "./suspicion.ts";
import { EMPTY_TURNS } from "./target-health-loop.ts";
import type { Watchers } from "./watchers.ts";

/** Three missed turns, but never sooner than one slow answer takes. */
const STALE_TURNS = 3;
const STALE_LEAST_MS = 4000;
const AGED_IN_TURNS = 5;
const NO_WEIGHTS: Weights = { blue: 0, green: 0 };
/** A first observation waits this long for the slower source. */
const FIRST_ROUND_MS = 3000;
/** As many observations are told before others get their turn on the processor. */
const PUBLISHED_TOGETHER = 20;

/** What was told of each application last, and what tells it anew. */
export interface ToldLooks {
  last(name: string): Observation | null;
  /** As far as it is known now; tells nobody. */
  observe(application: Application): Observation;
  /** Tells everybody who listens. */
  publish(application: Application): Observation;
  /** The names of this application were found; its first look is waited for from now on. */
  resolved(name: string): void;
  /** A loop has read these. */
  gathered(applications: readonly Application[]): Promise<void>;
  /** Once a second: what became old is told as such. */
  age(): void;
  /** AWS told what a listener or rule forwards to, beside a write. */
  forwardTold(arn: string): void;
  setErrorKinds(application: Application, compared: ComparedErrors): void;
  /** Forgets what is configured no more. */
  keepOnly(configs: readonly ApplicationConfig[]): void;
}

interface ToldLooksDeps {
  facts: Facts;
  now: () => number;
  resolver: Pick<ApplicationResolver, "resolved" | "find" | "doubt">;
  watchers: Pick<Watchers, "attentionOf" | "tell">;
  outages: Pick<OutageLog, "observed">;
  /** They tell what they have gathered, so that they are made after this. */
  loops: () => ObserverLoops;
}

/** Nothing was told yet. */
export function createToldLooks({ facts, now, resolver, watchers, outages, loops }: ToldLooksDeps): ToldLooks {
  const last = new Map<string, Observation>();
  const errorKinds = new Map<string, ComparedErrors>();
  const resolvedAt = new Map<string, number>();
  let agings = 0;
  const isFocus = (name: string) => watchers.attentionOf(name) === "focus";

  function observe(application: Application): Observation {
    const staleAfterMs = Math.max(
      STALE_LEAST_MS,
      ...loops().fresh.map((loop) => STALE_TURNS * loop.intervalMs(application.name)),
    );
    const targetsMs = Math.max(
      STALE_LEAST_MS,
      STALE_TURNS * EMPTY_TURNS * loops().targets.intervalMs(application.name),
    );
    const { name } = application;
    const look = assembleObservation(application, facts, now(), staleAfterMs, isFocus(name) ? null : targetsMs);
    const compared = errorKinds.get(name);
    return compared ? { ...look, errorKinds: compared } : look;
  }

  function publish(application: Application): Observation {
    const observation = observe(application);
    // Taken out of switchyard.yaml while it was read.
    if (!resolver.find(application.name)) return observation;
    last.set(application.name, observation);
    // What was not read yet is no outage.
    if (loops().first.every((loop) => loop.hasRead(application.name)))
      outages.observed(application.name, observation.sources);
    loops().targets.suspect(application.name, isSuspicious(observation));
    if (isSomethingMissing(application, facts) || observation.misfit) resolver.doubt(application.name);
    watchers.tell(observation);
    return observation;
  }

  async function gathered(applications: readonly Application[]): Promise<void> {
    for (const [index, application] of applications.entries()) {
      if (index % PUBLISHED_TOGETHER === PUBLISHED_TOGETHER - 1) await new Promise((resolve) => setImmediate(resolve));
      const isComplete = loops().first.every((loop) => loop.hasRead(application.name));
      const waitedMs = now() - (resolvedAt.get(application.name) ?? 0);
      if (isComplete || waitedMs > FIRST_ROUND_MS) publish(application);
    }
  }

  /** A source that stays silent brings no news by itself, so its age has to: soon for what is looked at most, in turns for all. */
  function age(): void {
    agings += 1;
    for (const [index, application] of resolver.resolved().entries()) {
      const before = last.get(application.name);
      if (!before) continue;
      if (!isFocus(application.name) && (agings + index) % AGED_IN_TURNS > 0) continue;
      const after = observe(application);
      if (after.sources.some((source, index) => source.state !== before.sources[index]?.state)) publish(application);
    }
  }

  /** What a write was compared with and what it read back is news at once, not with the next look. */
  function forwardTold(arn: string): void {
    for (const application of resolver.resolved()) {
      const refs = [...productionRefs(application), application.testListener];
      if (!refs.some((ref) => ref?.arn === arn)) continue;
      const before = last.get(application.name)?.traffic;
      const after = before && observe(application).traffic;
      if (!after || before.readAt > after.readAt) continue;
      const isSameTest = isSame(before.test?.weights ?? NO_WEIGHTS, after.test?.weights ?? NO_WEIGHTS);
      if (!isSame(before.weights, after.weights) || !isSameTest || before.drift !== after.drift) publish(application);
    }
  }

  return {
    last: (name) => last.get(name) ?? null,
    observe,
    publish,
    resolved(name) {
      resolvedAt.set(name, now());
    },
    gathered,
    age,
    forwardTold,
    setErrorKinds(application, compared) {
      errorKinds.set(application.name, compared);
      if (last.has(application.name)) publish(application);
    },
    keepOnly(configs) {
      const names = new Set(configs.map(({ name }) => name));
      for (const known of [last, errorKinds]) for (const name of known.keys()) if (!names.has(name)) known.delete(name);
    },
  };
}
