import { expect, test } from "vitest";
import type { InsightsSearch, LogInsights } from "../aws/insights.ts";
import { type LogSpanSearch, searchLogSpan } from "./log-search.ts";

const GROUPS = { shared: "/ecs/library", green: "/ecs/library-green" } as const;
const arnOf = (group: string) => `arn:aws:logs:r:1:log-group:${group}`;

/** Logs Insights that finds these messages in whatever group, newest first. */
function insightsOf(found: readonly (readonly [group: string, stream: string, message: string])[]) {
  const asked: InsightsSearch[] = [];
  const insights: LogInsights = {
    async search(request) {
      asked.push(request);
      const lines = found.map(([group, stream, message], n) => {
        const at = 1000 - n;
        return { at, ingestedAt: at, stream, message, eventId: null, group };
      });
      return { lines, scannedBytes: 5, matched: lines.length, isComplete: true };
    },
    stop: async () => undefined,
  };
  return { insights, asked };
}

const search = (given: Partial<LogSpanSearch> = {}): LogSpanSearch => ({
  application: { region: "r", accountId: "1", logs: { streamPrefixes: ["library/"] } } as never,
  sources: [
    { group: GROUPS.shared, side: null },
    { group: GROUPS.green, side: "green" },
  ],
  streams: {
    ownerOf: (stream) => (stream === "library/b" ? { slot: "blue", taskId: "t" } : null),
    isForeign: (stream) => stream === "library/foreign",
    streamsOf: () => [],
  },
  slots: "both",
  ...{ from: 5, to: 2000, text: "boom" },
  signal: new AbortController().signal,
  ...given,
});

test("the application's groups are asked for and no others, within the span, for the newest thousand lines", async () => {
  const { insights, asked } = insightsOf([]);
  await searchLogSpan(insights, search());
  const { signal: _signal, ...request } = asked[0] ?? ({} as InsightsSearch);
  expect(asked).toHaveLength(1);
  expect(request).toEqual({
    logGroups: [GROUPS.shared, GROUPS.green].map((name) => ({ name, arn: arnOf(name) })),
    ...{ from: 5, to: 2000, text: "boom", streamPrefix: "library/", limit: 1000 },
  });
});

test("what another application wrote into a shared group is left out, whatever AWS answers", async () => {
  const { insights } = insightsOf([
    [GROUPS.green, "library/g", "boom 3"],
    [GROUPS.shared, "library/foreign", "boom of others"],
    [GROUPS.shared, "members/x", "boom of others"],
    ["/ecs/of-nobody", "library/b", "boom of others"],
    [GROUPS.shared, "library/b", "boom 1"],
  ]);
  const { lines } = await searchLogSpan(insights, search());
  expect(lines.map(({ slot, text }) => `${slot} ${text}`)).toEqual(["blue boom 1", "green boom 3"]);
});

test.each([
  ["hunter2", []],
  ["password=h", []],
  ["HUNTER2 boom", []],
  ["boom", ["password=[masked: named secret] boom"]],
  ["password=", ["password=[masked: named secret] boom"]],
])("a line is masked, and %j does not find it by what is masked", async (text, told) => {
  const { insights } = insightsOf([[GROUPS.shared, "library/b", "password=hunter2 boom"]]);
  const { lines } = await searchLogSpan(insights, search({ text }));
  expect(lines.map((line) => line.text)).toEqual(told);
});
