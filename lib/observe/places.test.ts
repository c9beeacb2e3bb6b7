import { beforeAll, expect, onTestFinished, test } from "vitest";
import { createSandboxAccounts } from "../../sandbox/accounts.ts";
import { actingFor } from "../aws/acting.ts";
import { createAws } from "../aws/aws.ts";
import { AwsFailure } from "../aws/errors.ts";
import { accountsSchema } from "../config/accounts-config.ts";
import { type ApplicationConfig, applicationSchema } from "../config/application-config.ts";
import { trafficDriverOf } from "../controllers/controller.ts";
import type { Application } from "../domain/application/application.ts";
import { LIBRARY_SETTINGS } from "../testing/library-settings.ts";
import { FAST_LIMITS } from "../testing/library-world.ts";
import { until } from "../testing/test-world.ts";
import { placeOpener } from "./open-place.ts";
import { createPlaces } from "./places.ts";

const HOME = "123456789012";
const STAGING = "111122223333";
const BROKEN = "444455556666";
const roleOf = (account: string) => `arn:aws:iam::${account}:role/switchyard`;

beforeAll(() => {
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
});

const settings = (name: string, where: object = {}): ApplicationConfig =>
  applicationSchema.parse({ ...LIBRARY_SETTINGS, name, ...where });
const OWN = settings("own");
const EUROPE = settings("europe", { account: "staging" });
const AMERICA = settings("america", { account: "staging", region: "us-east-1" });
const CLOSED = settings("closed", { account: "broken" });

/** The same names of everything in three accounts and three Regions, and one role that may not be assumed. */
async function start(configs: readonly ApplicationConfig[]) {
  const world = (accountId: string, region: string) => ({
    ...{ place: { accountId, region }, seed: "paired", throttling: false, ecs: { virtual: true } },
  });
  const sandbox = await createSandboxAccounts({
    worlds: [
      world(HOME, "ap-northeast-2") as never,
      world(STAGING, "eu-central-1") as never,
      world(STAGING, "us-east-1") as never,
      world(BROKEN, "eu-central-1") as never,
    ],
    roles: [
      { arn: roleOf(STAGING), externalId: "switchyard-1", allowsSourceIdentity: true },
      { arn: roleOf(BROKEN), externalId: "another" },
    ],
    speed: 20,
  });
  const accounts = accountsSchema.parse([
    {
      ...{ name: "staging", roleArn: roleOf(STAGING), externalId: "switchyard-1", sourceIdentity: true },
      regions: ["eu-central-1", "us-east-1"],
    },
    { name: "broken", roleArn: roleOf(BROKEN), regions: ["eu-central-1"] },
  ]);
  const own = createAws({ region: "ap-northeast-2", endpoint: sandbox.url, limits: FAST_LIMITS });
  const places = createPlaces({
    ...{ region: "ap-northeast-2", accounts, configs },
    open: placeOpener(own, { now: () => sandbox.clock.now(), limits: FAST_LIMITS, onError: () => undefined }),
  });
  places.observer.start();
  onTestFinished(async () => {
    await places.observer.stop();
    for (const { aws } of places.all()) aws.destroy();
    await sandbox.close();
  });
  const found = (name: string) =>
    until(() => {
      const isSeen = places.observer.observation(name)?.sources.every(({ state }) => state === "ok") === true;
      return isSeen ? places.observer.findApplication(name) : null;
    });
  return { sandbox, places, found };
}

test("each application is found, seen and moved in its own account and Region, and AWS is told who moved it", async () => {
  const { sandbox, places, found } = await start([OWN, EUROPE, AMERICA]);
  const applications = await Promise.all([OWN, EUROPE, AMERICA].map(({ name }) => found(name)));
  expect(applications.map(({ accountId, region }) => [accountId, region])).toEqual([
    [HOME, "ap-northeast-2"],
    [STAGING, "eu-central-1"],
    [STAGING, "us-east-1"],
  ]);
  expect(places.observer.applications().map(({ name }) => name)).toEqual(["own", "europe", "america"]);
  for (const { name, accountId, region, listener } of applications) {
    expect(listener.arn).toContain(`:${region}:${accountId}:`);
    expect(places.observer.observation(name)?.traffic.listenerOrRuleArn).toBe(listener.arn);
  }
  const europe = applications[1] as Application;
  const driver = trafficDriverOf(places.controllers, europe);
  const { weights } = await driver.readWeights(europe);
  const turned = { blue: weights.green, green: weights.blue };
  await actingFor("kim@example.com", () => driver.shift(europe, weights, turned));
  expect((await driver.readWeights(europe)).weights).toEqual(turned);
  const own = applications[0] as Application;
  expect((await trafficDriverOf(places.controllers, own).readWeights(own)).weights).toEqual(weights);
  const writes = sandbox.trail().filter(({ operation }) => operation === "ModifyListener");
  expect(writes).toMatchObject([
    {
      accountId: STAGING,
      region: "eu-central-1",
      session: { name: "kim@example.com", sourceIdentity: "kim@example.com" },
    },
  ]);
  // Looking is nobody's: one session for each place, however many calls.
  const names = sandbox.sessions.begun().map(({ name }) => name);
  expect(names.toSorted()).toEqual(["kim@example.com", "switchyard", "switchyard"]);
});

test("a role that cannot be assumed takes only its own applications down, and says which role and why", async () => {
  const { places, found } = await start([CLOSED, OWN, EUROPE]);
  await Promise.all([found("own"), found("europe")]);
  const problem = await until(() => places.observer.unresolved().find(({ isPassing }) => !isPassing));
  expect(problem.name).toBe("closed");
  expect(problem.message).toContain("sts:AssumeRole");
  expect(problem.message).toContain(roleOf(BROKEN));
  await expect(places.observer.refreshNow("closed")).rejects.toThrow(/closed: .*sts:AssumeRole/);
  expect(places.observer.applications().map(({ name }) => name)).toEqual(["own", "europe"]);
});

test("what an account's session names of another account, or another Region, is refused", async () => {
  const { places, found } = await start([OWN, EUROPE, AMERICA]);
  const [own, europe, america] = await Promise.all([found("own"), found("europe"), found("america")]);
  for (const [here, there] of [
    [europe, own],
    [europe, america],
    [own, europe],
  ] as const) {
    const answers = await places.awsFor(here).elb.describeForwards([there.listener], "action");
    expect(answers.get(there.listener.arn)).toBeInstanceOf(AwsFailure);
  }
  const arn = europe.slots.blue.targetGroupArn;
  expect(places.awsOfArn(arn)).toBe(places.awsFor(europe));
});

test("an application of a new place is watched once it is in the settings, also by who subscribed before", async () => {
  const { places, found } = await start([OWN]);
  const seen = new Set<string>();
  places.observer.subscribe("*", ({ application }) => seen.add(application));
  await found("own");
  places.observer.reconfigure([OWN, AMERICA]);
  await found("america");
  await until(() => seen.has("america"));
  places.observer.reconfigure([AMERICA]);
  expect(places.observer.applications().map(({ name }) => name)).toEqual(["america"]);
});
