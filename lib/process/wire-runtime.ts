import { createAccessCache } from "../auth/access-cache.ts";
import { createTokenMemory, type TokenSource } from "../auth/token-memory.ts";
import { onlyHereSaid } from "../domain/observation/error-kinds.ts";
import { utcClock } from "../domain/text/utc-minute.ts";
import { createEngine } from "../engine/engine.ts";
import type { EngineDeps } from "../engine/engine-deps.ts";
import { createIncidentKeeper } from "../engine/incident-keeper.ts";
import { createOutsideCallers } from "../engine/outside-callers.ts";
import { createErrorComparisons } from "../logs/error-comparisons.ts";
import { createLinesAround } from "../logs/lines-around.ts";
import { createLastLines, createRequestEvidence } from "../logs/log-evidence.ts";
import { createNotifier } from "../notify/notifier.ts";
import { createDiscoveryLooks } from "../observe/discovery-looks.ts";
import { placeOpener } from "../observe/open-place.ts";
import { createPlaces, type Places } from "../observe/places.ts";
import { readDeploymentFacts } from "../observe/readiness-deployments.ts";
import { createReadinessLooks } from "../observe/readiness-looks.ts";
import { createSnapshotHub, type SnapshotHub } from "../observe/snapshot-hub.ts";
import { withStore } from "../request/refusal.ts";
import type { Store } from "../store/store.ts";
import { createEventConsumers } from "./event-consumers.ts";
import { followLooks } from "./follow-looks.ts";
import type { WiredRuntime, WiringOptions } from "./wiring.ts";

/** A pipeline waits no longer for the database before what it said last is taken. */
const TOKEN_WITHIN_MS = 3_000;

/** The one wiring of the runtime, for `npm start`, replicas and tests alike. */
export function wireRuntime(options: WiringOptions): WiredRuntime {
  const { store, writeAheadLog, now, log } = options;
  const failed = (what: string) => (error: unknown) => log("warn", `${what} failed`, { error });
  const places = createPlaces({
    region: options.aws.region,
    accounts: options.accounts,
    configs: options.configs(),
    open: placeOpener(options.aws, {
      now,
      ...options.looks,
      ...(options.limits ? { limits: options.limits } : {}),
      ...(options.rateLimits ? { rateLimits: options.rateLimits } : {}),
      onError: failed("An observation"),
      log,
    }),
  });
  const { observer, logs } = places;
  const { aws } = places.home;
  const snapshots = createSnapshotHub({ observer, store, writeAheadLog, now, onError: failed("A snapshot") });
  const errors = createErrorComparisons({ reader: logs, observer, now, told: observer.setErrorKinds });
  const notifier = createNotifier({
    store,
    config: options.notifications,
    now,
    async errorLine(deployment) {
      const application = observer.findApplication(deployment.application);
      const look = observer.observation(deployment.application);
      if (!application || !look) return null;
      return onlyHereSaid(await errors.compare(application, look, deployment), utcClock);
    },
    baseUrl: options.baseUrl,
    log,
  });
  // Whoever changes a deployment tells the hub; people are told from there.
  const hub: SnapshotHub = {
    ...snapshots,
    deploymentChanged(deployment) {
      snapshots.deploymentChanged(deployment);
      notifier.deploymentChanged(deployment);
      callers.recordSeen(deployment);
    },
  };
  const callers = createOutsideCallers({
    store,
    findApplication: observer.findApplication,
    trailFor: (application) => places.awsFor(application).trail,
    holder: options.holder,
    deploymentChanged: hub.deploymentChanged,
    recordChanged: hub.recordChanged,
    now,
    log,
    onError: failed("Finding out who did something outside Switchyard"),
    ...(options.callersEveryMs === undefined ? {} : { everyMs: options.callersEveryMs }),
  });
  const newEngine = (holder: string, ownStore: Store) =>
    createEngine({ ...enginePorts(options, places, hub), holder, store: ownStore });
  const wired: WiredRuntime = {
    store,
    places,
    aws,
    awsFor: places.awsFor,
    awsOfLogGroup: places.awsOfLogGroup,
    controllers: places.controllers,
    observer,
    hub,
    errors,
    engine: newEngine(options.holder, store),
    notifier,
    callers,
    events: createEventConsumers(options, places),
    readiness: createReadinessLooks({
      awsOf: places.awsOf,
      inRegion: places.inRegion,
      configs: options.configs,
      store,
      github: options.github,
      standIn: options.standIn,
      readDeployments: (application) => readDeploymentFacts(store, application),
      now,
    }),
    discovery: createDiscoveryLooks({ aws, now }),
    accessCache: createAccessCache({ source: store, now, onError: failed("A look at grants and sessions") }),
    tokens: createTokenMemory(tokensOf(store), now),
    now,
    newEngine,
  };
  followLooks(wired, failed, options.isDriftWatched ?? true);
  return wired;
}

function tokensOf(store: Store): TokenSource {
  return {
    lookUp: (hash) => withStore(() => store.findApiToken({ hash }), TOKEN_WITHIN_MS),
    noteUse: (id, now) => store.noteApiTokenUse(id, now),
  };
}

function enginePorts(
  { store, writeAheadLog, now, log, ticks, settleMs }: WiringOptions,
  { home, controllers, observer, logs, awsOfArn }: Places,
  hub: SnapshotHub,
): Omit<EngineDeps, "holder"> {
  return {
    store,
    controllers,
    observer,
    hub,
    requests: createRequestEvidence(logs),
    lines: createLastLines(logs),
    scaling: home.aws.scaling,
    incidents: createIncidentKeeper({
      store,
      lines: createLinesAround(logs, observer),
      readDefinition: (arn) => awsOfArn(arn).definitions.get(arn, "question"),
      now,
      ...(settleMs === undefined ? {} : { settleMs }),
    }),
    now,
    writeAheadLog,
    log,
    ...ticks,
  };
}
