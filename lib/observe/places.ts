import type { Aws } from "../aws/aws.ts";
import type { LogReader } from "../aws/logs.ts";
import { type AccountConfig, accountIdOf, placeOf } from "../config/accounts-config.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import type { Controller } from "../controllers/controller.ts";
import type { Controllers } from "../controllers/registry.ts";
import type { Application } from "../domain/application/application.ts";
import type { Observer } from "./observer.ts";
import { createObservers } from "./observers.ts";
import type { Place } from "./place.ts";

/** Every place that an application is in, opened with the first of them. One that cannot be entered holds up no other. */
export interface Places {
  /** Of the process's own credentials and Region. */
  home: Place;
  all(): readonly Place[];
  /** AWS as the application's place has it. */
  awsFor(application: Pick<Application, "accountId" | "region">): Aws;
  /** AWS as the place in the ARN has it. */
  awsOfArn(arn: string): Aws;
  /** AWS of the Region in a log group's ARN: tasks may write to another than they run in. */
  awsOfLogGroup(arn: string): Aws;
  /** AWS as the settings say, whether or not the names in them were found; home's for none. */
  awsOf(config: Pick<ApplicationConfig, "account" | "region"> | null): Aws;
  /** Another Region of the account that this is AWS of: a place of its own, without an application. */
  inRegion(aws: Aws, region: string): Aws;
  /** All observers as one. */
  observer: Observer;
  /** Controllers that write in each application's own place. */
  controllers: Controllers;
  /** Reads each log group in its own place. */
  logs: LogReader;
}

/** One a process. `open` makes a place that does nothing yet. */
export function createPlaces(options: {
  /** The process's own Region. */
  region: string;
  accounts: readonly AccountConfig[];
  configs: readonly ApplicationConfig[];
  open: (account: AccountConfig | null, region: string, configs: readonly ApplicationConfig[]) => Place;
}): Places {
  const { accounts, open } = options;
  const places = new Map<string, Place>();
  const keyOf = (account: AccountConfig | null, region: string) => `${account?.name ?? ""} ${region}`;

  const whereIs = (config: Pick<ApplicationConfig, "account" | "region">) => placeOf(config, accounts, options.region);

  function enter(account: AccountConfig | null, region: string, configs: readonly ApplicationConfig[]): Place {
    const key = keyOf(account, region);
    const place = places.get(key) ?? open(account, region, configs);
    places.set(key, place);
    return place;
  }

  /** The settings of each place, opened where it was not. */
  function sort(configs: readonly ApplicationConfig[]): Map<Place, ApplicationConfig[]> {
    const byKey = Map.groupBy(configs, (config) => {
      const { account, region } = whereIs(config);
      return keyOf(account, region);
    });
    for (const own of byKey.values()) {
      const [first] = own;
      if (!first) continue;
      const { account, region } = whereIs(first);
      enter(account, region, own);
    }
    return new Map([...places].map(([key, place]) => [place, byKey.get(key) ?? []]));
  }

  function find(accountId: string, region: string): Place {
    const here = [...places.values()].filter((place) => place.region === region);
    const own = here.find(({ account }) => account !== null && accountIdOf(account) === accountId);
    return own ?? here.find(({ account }) => account === null) ?? home;
  }

  const isHome = (config: ApplicationConfig) => {
    const { account, region } = whereIs(config);
    return account === null && region === options.region;
  };
  const home = enter(null, options.region, options.configs.filter(isHome));
  sort(options.configs);
  const awsOfArn = (arn: string) => {
    const [, , , region = "", accountId = ""] = arn.split(":");
    return find(accountId, region).aws;
  };
  /** Tasks may write to another Region than they run in: that one gets a place of its own, without an application. */
  const awsOfLogGroup = (arn: string) => {
    const [, , , region = "", accountId = ""] = arn.split(":");
    const found = find(accountId, region);
    if (found.region === region) return found.aws;
    const account = accounts.find((each) => accountIdOf(each) === accountId) ?? null;
    return enter(account, region, []).aws;
  };
  const logsOf = ({ logGroup }: { logGroup: { arn: string } }) => awsOfLogGroup(logGroup.arn).logs;
  return {
    home,
    all: () => [...places.values()],
    awsFor: ({ accountId, region }) => find(accountId, region).aws,
    awsOfArn,
    awsOfLogGroup,
    awsOf(config) {
      const { account, region } = config ? whereIs(config) : { account: null, region: options.region };
      return (places.get(keyOf(account, region)) ?? home).aws;
    },
    inRegion: (aws, region) =>
      enter([...places.values()].find((place) => place.aws === aws)?.account ?? null, region, []).aws,
    observer: createObservers({ sort, configs: options.configs, home: home.observer }),
    controllers: routed(home.controllers, ({ accountId, region }) => find(accountId, region).controllers),
    logs: {
      filterLines: (search) => logsOf(search).filterLines(search),
      lastLines: (request) => logsOf(request).lastLines(request),
      startLiveTail: (request) => logsOf(request).startLiveTail(request),
    },
  };
}

/** Controllers whose every call goes to those of the application that it is about. */
function routed(like: Controllers, of: (application: Application) => Controllers): Controllers {
  const names = Object.keys(like) as (keyof Controllers)[];
  const all = names.map((name) => {
    const entries = Object.entries(like[name]).map(([member, value]) => {
      if (typeof value !== "function") return [member, value] as const;
      const call = (application: Application, ...rest: unknown[]) => {
        const driver: Controller = of(application)[name];
        // Safe because every method of a controller takes its application first, and all places have the same ones.
        return (Reflect.get(driver, member) as (...input: unknown[]) => unknown).call(driver, application, ...rest);
      };
      return [member, call] as const;
    });
    return [name, Object.fromEntries(entries)] as const;
  });
  // Safe because each has the members of what it stands for.
  return Object.fromEntries(all) as unknown as Controllers;
}
