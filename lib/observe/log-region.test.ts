import { expect, onTestFinished, test } from "vitest";
import { createSandboxAccounts } from "../../sandbox/accounts.ts";
import { createAws } from "../aws/aws.ts";
import { logSourcesOf } from "../domain/log/log-settings.ts";
import type { LogEvent } from "../domain/observation/log-line.ts";
import { streamsOfApplication } from "../logs/application-streams.ts";
import { createLastLines, createRequestEvidence } from "../logs/log-evidence.ts";
import { readLogPage } from "../logs/log-pages.ts";
import { searchLogSpan } from "../logs/log-search.ts";
import { createLogTails } from "../logs/log-tails.ts";
import { FAST_LIMITS, libraryConfig } from "../testing/library-world.ts";
import { until } from "../testing/test-world.ts";
import { placeOpener } from "./open-place.ts";
import { createPlaces } from "./places.ts";

const HOME = "123456789012";
const GROUP = "/ecs/library-management-task";
const THERE = `arn:aws:logs:us-east-1:${HOME}:log-group:${GROUP}`;

/** Tasks in Seoul whose awslogs driver writes to Virginia, where nothing else is. */
async function start(logGroup: string | null) {
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  const sandbox = await createSandboxAccounts({
    worlds: [
      {
        ...{
          place: { accountId: HOME, region: "ap-northeast-2" },
          seed: "paired",
          throttling: false,
          ecs: { virtual: true },
        },
        shape: { logRegion: "us-east-1" },
      },
      { place: { accountId: HOME, region: "us-east-1" }, seed: "empty" },
    ],
    roles: [],
    speed: 20,
  });
  const now = () => sandbox.clock.now();
  const own = createAws({ region: "ap-northeast-2", endpoint: sandbox.url, limits: FAST_LIMITS });
  const places = createPlaces({
    ...{ region: "ap-northeast-2", accounts: [], configs: [libraryConfig({ logGroup })] },
    open: placeOpener(own, { now, limits: FAST_LIMITS, onError: () => undefined }),
  });
  const tails = createLogTails({ reader: places.logs, now });
  places.observer.start();
  onTestFinished(async () => {
    await tails.stop();
    await places.observer.stop();
    for (const { aws } of places.all()) aws.destroy();
    await sandbox.close();
  });
  const look = await until(() => {
    const seen = places.observer.observation("library");
    // The service counts its tasks before they are listed.
    const isWhole = [seen?.slots.blue, seen?.slots.green].every(
      (side) => side?.tasks.length === 2 && side.tasks.every(({ logs }) => logs?.length),
    );
    return isWhole && seen?.slots.blue.counts.running === 2 && seen.slots.green.counts.running === 2 ? seen : null;
  });
  const application = places.observer.findApplication("library");
  if (!application) throw new Error("library was not found");
  const seoul = sandbox.world(HOME, "ap-northeast-2");
  const write = (message: string) => {
    const events = [{ timestamp: Math.floor(now()), message }];
    for (const task of [...look.slots.blue.tasks, ...look.slots.green.tasks])
      seoul.logs.sink.write(GROUP, task.logStream ?? "", events, "us-east-1");
  };
  return {
    write,
    sandbox,
    places,
    tails,
    look,
    application,
    streams: streamsOfApplication(places.observer, "library"),
  };
}

test.each([null, GROUP])(
  "lines that tasks write to another Region are read there, with %s in switchyard.yaml",
  async (configured) => {
    const { write, sandbox, places, tails, look, application, streams } = await start(configured);
    const sources = logSourcesOf(application, look.slots);
    expect(sources).toEqual([{ group: THERE, side: null }]);

    // The lines are in that Region alone.
    write("GET /books 200");
    const there = sandbox.world(HOME, "us-east-1").logs;
    const searched = (logs: typeof there) =>
      logs.service.operations.FilterLogEvents?.(
        { logGroupName: GROUP },
        { requestId: "r", signal: AbortSignal.timeout(9_000) },
      ) as { events: unknown[] };
    expect(searched(there).events).toHaveLength(4);
    expect(searched(sandbox.world(HOME, "ap-northeast-2").logs).events).toEqual([]);

    const events: LogEvent[] = [];
    const left = new AbortController();
    const watching = (async () => {
      const logGroup = { name: GROUP, arn: THERE };
      const request = { logGroup, namedAs: THERE, streams, slots: "both" as const, signal: left.signal };
      for await (const event of tails.watch(request)) events.push(event);
    })();
    const lines = () => events.flatMap((event) => (event.type === "line" ? event.lines : []));
    await until(() => ["blue", "green"].every((side) => lines().some(({ slot }) => slot === side)));
    expect(events).toContainEqual(expect.objectContaining({ type: "status", mode: "live" }));
    left.abort();
    await watching;

    const to = sandbox.clock.now();
    const page = await readLogPage(places.logs, {
      ...{ application, sources, streams, from: to - 3_600_000, to, direction: "older", slots: "both", filter: "" },
      ...{ limit: 100, signal: AbortSignal.timeout(30_000) },
    });
    expect(page.lines).toHaveLength(4);
    const found = await searchLogSpan(places.awsOfLogGroup(THERE).insights, {
      ...{ application, sources, streams, from: to - 3_600_000, to: to + 60_000, slots: "both", text: "/books" },
      signal: AbortSignal.timeout(30_000),
    });
    expect(found.lines).toHaveLength(4);
    const [task] = look.slots.blue.tasks;
    if (!task) throw new Error("blue has no task");
    expect(await createLastLines(places.logs).lastLines(application, task, 5)).toHaveLength(1);
    const evidence = createRequestEvidence(places.logs);
    const told = { ...application, requestLine: "GET \\S+ (?<status>\\d{3})" };
    expect(await evidence.requestsSince(told, "blue", look, 0, "first")).toMatchObject({ count: 2, failed: 0 });

    // With clients and budgets of that Region.
    expect(places.all().map(({ region }) => region)).toEqual(["ap-northeast-2", "us-east-1"]);
    const [home, virginia] = places.all().map(({ aws }) => aws.budgets.use().map(({ family }) => family));
    expect(virginia).toEqual(expect.arrayContaining(["logs-live-tail", "logs-filter", "logs-get"]));
    expect(home).not.toContain("logs-filter");
  },
);
