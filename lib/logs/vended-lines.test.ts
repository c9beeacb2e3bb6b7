import { expect, test } from "vitest";
import { LineNumbering, toTailedLine } from "./line-identity.ts";
import { LogChannel, ownedLine } from "./log-channel.ts";
import { createSlotStreams } from "./slot-streams.ts";
import { vendedOwnerOf } from "./vended-lines.ts";

const ARN = "arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:targetgroup";
const BLUE = `${ARN}/library-blue-tg/1111111111111111`;
const GREEN = `${ARN}/library-green-tg/2222222222222222`;
const OTHER = `${ARN}/catalog-blue-tg/3333333333333333`;
const SERVICES = "arn:aws:ecs:ap-northeast-2:123456789012";
const names = {
  cluster: "library-cluster",
  sides: {
    blue: {
      targetGroupArn: BLUE,
      service: "library-blue",
      tasks: [
        { id: "b1", address: "10.0.3.1" },
        { id: "b2", address: "10.0.3.14" },
      ],
    },
    green: { targetGroupArn: GREEN, service: "library-green", tasks: [] },
  },
};

/** An access log entry in plain text, by the load balancer guide's own fields. */
const plain = (group: string) =>
  `http 2026-11-29T17:00:01.186641Z app/library-alb/50dc6c495c0c9188 192.0.2.7:2817 10.0.3.14:8081 0.000 0.001 0.000 200 200 34 366 "GET http://books.example.com:80/books HTTP/1.1" "curl/8.5" - - ${group} "Root=1-58337262-36d228ad5d99923122bbe354" "-" "-" 0 2026-11-29T17:00:01.000000Z "forward" "-" "-" "10.0.3.14:8081" "200" "-" "-"`;
const json = (group: string) =>
  JSON.stringify({
    type: "http",
    elb: "app/library-alb/50dc6c495c0c9188",
    target_group_arn: group,
    elb_status_code: "502",
  });

test.each<[string, string, ReturnType<typeof vendedOwnerOf>]>([
  ["a request of blue, with its task", plain(BLUE), { slot: "blue", taskId: "b2", origin: "load-balancer" }],
  ["a request of green, as JSON", json(GREEN), { slot: "green", taskId: null, origin: "load-balancer" }],
  [
    "a health check",
    JSON.stringify({ type: "http", target_group_id: "targetgroup/library-blue-tg/1111111111111111", status: "PASS" }),
    null,
  ],
  ["a request of another application", plain(OTHER), "foreign"],
  ["a request that went to no group", plain("-"), null],
  [
    "what ECS did with blue's service",
    `{"serviceArn":"${SERVICES}:service/library-cluster/library-blue","action":"x"}`,
    { slot: "blue", taskId: null, origin: "ecs" },
  ],
  [
    "what ECS did with a deployment",
    `{"arn":"${SERVICES}:service-deployment/library-cluster/library-green/abc"}`,
    { slot: "green", taskId: null, origin: "ecs" },
  ],
  ["what ECS did with another application", `{"serviceArn":"${SERVICES}:service/library-cluster/catalog"}`, "foreign"],
  [
    "a service of the same name in another cluster",
    `{"serviceArn":"${SERVICES}:service/other/library-blue"}`,
    "foreign",
  ],
  ["a function's line", "START RequestId: 5f1c Version: $LATEST", null],
])("%s", (what, text, owner) => {
  const expected = what === "a health check" ? { slot: "blue", taskId: null, origin: "load-balancer" } : owner;
  expect(vendedOwnerOf(text, names)).toEqual(expected);
});

test("of one service for both sides no side is said", () => {
  const shared = {
    ...names,
    sides: { blue: { ...names.sides.blue, service: "s" }, green: { ...names.sides.green, service: "s" } },
  };
  const text = `{"serviceArn":"${SERVICES}:service/library-cluster/s"}`;
  expect(vendedOwnerOf(text, shared)).toEqual({ slot: null, taskId: null, origin: "ecs" });
});

test("live and in the past: a task's own line stays its own whatever it says, another application's requests are not shown at all", () => {
  let now = 0;
  const other = createSlotStreams(() => ({ blue: { tasks: [{ id: "x9" }] as never }, green: { tasks: [] } }));
  const streams = createSlotStreams(
    () => ({ blue: { tasks: [{ id: "b2" }] as never }, green: { tasks: [] } }),
    () => [other],
    () => names,
  );
  const channel = new LogChannel(streams, { lines: 100, characters: 100_000 }, () => now);
  const numbering = new LineNumbering();
  const line = (stream: string, message: string) => {
    const raw = { at: 0, ingestedAt: 0, stream, message, eventId: null };
    return toTailedLine(raw, numbering.idOf(raw));
  };
  const forged = line("ecs/app/b2", `says ${GREEN}`);
  const request = line("delivery-1", plain(BLUE));
  const others = line("delivery-1", plain(OTHER));
  const foreign = line("ecs/app/x9", `says ${BLUE}`);
  channel.ingest([forged, request, others, foreign]);
  now = 60_000;
  channel.ingest([]);
  const shown = Array.from({ length: channel.journal.end }, (_, i) => channel.journal.at(i));
  expect(shown.map((each) => [each?.slot, each?.taskId, each?.origin])).toEqual([
    ["blue", "b2", undefined],
    ["blue", "b2", "load-balancer"],
  ]);
  expect(ownedLine(request, streams, {})).toMatchObject({ slot: "blue", origin: "load-balancer" });
  expect(ownedLine(forged, streams, {})).not.toHaveProperty("origin");
});
