import { expect, test } from "vitest";
import { readHistoryQuery } from "./history-query.ts";

const NOW = Date.UTC(2026, 10, 29, 17);
const read = (query: string) => readHistoryQuery(new URLSearchParams(query), NOW);

test("fills in what is left out", () => {
  expect(read("")).toEqual({
    ok: true,
    value: {
      query: expect.objectContaining({ source: "", problem: null }),
      from: Date.UTC(2024, 0, 1),
      to: NOW,
      direction: "older",
      slots: "both",
      filter: "",
      limit: 500,
    },
  });
  expect(read(`after=${NOW - 1000}&slot=green&filter=x&limit=10`)).toMatchObject({
    value: { from: NOW - 1000, to: NOW, direction: "newer", slots: "green", filter: "x", limit: 10 },
  });
});

test.each([
  "before=yesterday",
  "after=1e99",
  "since=-1",
  "before=1&after=2",
  "slot=red",
  "limit=0",
  "query=/(/",
  "query=/(%3F=a)/",
  "limit=5000",
  `after=${NOW}&until=${NOW - 1}`,
])("refuses %s", (query) => expect(read(query)).toMatchObject({ ok: false, code: "INVALID_INPUT" }));
