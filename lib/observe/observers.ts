import type { ApplicationConfig } from "../config/application-config.ts";
import type { Application } from "../domain/application/application.ts";
import type { Observer } from "./observer.ts";
import type { Place } from "./place.ts";
import type { ObservationListener } from "./watchers.ts";

interface Subscription {
  name: string;
  listener: ObservationListener;
  options: { isPassive?: boolean };
  stops: Map<Observer, () => void>;
}

/** The observers of all places as one. What is said of an application by its name is said to each: only one has it. */
export function createObservers({
  sort,
  home,
  ...given
}: {
  /** The settings of each place, which is opened where it was not. */
  sort: (configs: readonly ApplicationConfig[]) => Map<Place, ApplicationConfig[]>;
  configs: readonly ApplicationConfig[];
  /** Asked for what no settings name. */
  home: Observer;
}): Observer {
  let isStarted = false;
  let positions = positionsOf(given.configs);
  let byName = new Map<string, Observer>();
  let all: Observer[] = [];
  const subscriptions = new Set<Subscription>();
  take(sort(given.configs));

  function take(sorted: Map<Place, ApplicationConfig[]>): Observer[] {
    const known = new Set(all);
    all = [...sorted.keys()].map(({ observer }) => observer);
    byName = new Map([...sorted].flatMap(([{ observer }, configs]) => configs.map(({ name }) => [name, observer])));
    const added = all.filter((observer) => !known.has(observer));
    for (const observer of added) for (const subscription of subscriptions) join(subscription, observer);
    return added;
  }

  function join({ name, listener, options, stops }: Subscription, observer: Observer): void {
    stops.set(observer, observer.subscribe(name, listener, options));
  }

  const of = (name: string) => byName.get(name) ?? home;
  const position = ({ name }: { name: string }) => positions.get(name) ?? 0;
  const inOrder = <T extends { name: string }>(found: T[]): T[] =>
    all.length === 1 ? found : found.toSorted((a, b) => position(a) - position(b));

  return {
    start() {
      isStarted = true;
      for (const observer of all) observer.start();
    },
    async stop() {
      await Promise.all(all.map((observer) => observer.stop()));
    },
    applications: () => inOrder<Application>(all.flatMap((observer) => observer.applications())),
    unresolved: () => inOrder(all.flatMap((observer) => observer.unresolved())),
    findApplication: (name) => of(name).findApplication(name),
    observation: (name) => of(name).observation(name),
    look: (name) => of(name).look(name),
    refreshNow: (name, options) => of(name).refreshNow(name, options),
    lookWithin: (name, ageMs) => of(name).lookWithin(name, ageMs),
    checkRevision: (application, revision) => of(application.name).checkRevision(application, revision),
    subscribe(name, listener, options = {}) {
      const subscription: Subscription = { name, listener, options, stops: new Map() };
      subscriptions.add(subscription);
      for (const observer of all) join(subscription, observer);
      return () => {
        subscriptions.delete(subscription);
        for (const stop of subscription.stops.values()) stop();
      };
    },
    attentionOf: (name) => of(name).attentionOf(name),
    setWindow(name, isOpen) {
      for (const observer of all) observer.setWindow(name, isOpen);
    },
    setInFlight(name, isInFlight) {
      for (const observer of all) observer.setInFlight(name, isInFlight);
    },
    setErrorKinds: (name, compared) => of(name).setErrorKinds(name, compared),
    setWayBack(name, revision) {
      for (const observer of all) observer.setWayBack(name, revision);
    },
    reconfigure(configs) {
      positions = positionsOf(configs);
      const sorted = sort(configs);
      const added = take(sorted);
      for (const [{ observer }, own] of sorted) if (!added.includes(observer)) observer.reconfigure(own);
      if (isStarted) for (const observer of added) observer.start();
    },
  };
}

function positionsOf(configs: readonly ApplicationConfig[]): Map<string, number> {
  return new Map(configs.map(({ name }, index) => [name, index]));
}
