import { expect, test } from "vitest";
import { readyFacts, seen } from "../../testing/readiness-facts.ts";
import { estimateCost } from "./cost.ts";
import { monthlySum } from "./monthly-sum.ts";
import { PRICES, PRICES_AS_OF } from "./prices.ts";

const SEOUL = { region: "ap-northeast-2" };
const put = (id: string) => [{ id, outcome: "put off" as const }];

test("what is there: the load balancer and the running tasks by their size, with the table's date", () => {
  const estimate = estimateCost(readyFacts(), SEOUL, []);
  expect(estimate).toMatchObject({
    asOf: PRICES_AS_OF,
    there: [
      { what: "Load balancer, without its capacity units", monthly: 16.43 },
      // Twice half a vCPU and 1 GB: 2 × (0.5 × 0.04656 + 0.00511) × 730.
      { what: "2 running tasks on Fargate", monthly: 41.45 },
    ],
    later: [],
  });
  expect(monthlySum(estimate?.there ?? [])).toBe(57.88);
});

test("an empty account: nothing, and what is put off or missing would be added", () => {
  const none = seen(null);
  const facts = {
    ...readyFacts(),
    loadBalancer: none,
    taskDefinition: none,
    services: seen([]),
    targetGroups: seen([]),
  };
  const estimate = estimateCost(facts, SEOUL, put("load-balancer"));
  expect(estimate?.there).toEqual([]);
  expect(estimate?.later.map(({ what }) => what)).toEqual([
    "Load balancer, without its capacity units",
    "One task on Fargate",
    "A warm second side, while it stands",
  ]);
});

test("endpoints count by zone, gateways cost nothing, and what nobody could see is in no sum", () => {
  const facts = readyFacts();
  const endpoint = (name: string) => ({
    ...{ name, groupIds: name === "s3" ? null : ["sg"], subnetIds: [], hasPrivateDns: true },
  });
  const network = { subnets: [], endpoints: ["ecr.api", "ecr.dkr", "logs", "ssm", "s3"].map(endpoint) };
  const estimate = estimateCost(
    { ...facts, network: seen(network), loadBalancer: { state: "denied", permission: "x" } },
    SEOUL,
    [],
  );
  expect(estimate?.there).toContainEqual(
    expect.objectContaining({ what: "4 interface endpoints in 2 zones", monthly: 75.92 }),
  );
  expect(estimate?.there.map(({ what }) => what).join()).not.toContain("Load balancer");
});

test("a Region without prices has no estimate, and the table is dated and positive", () => {
  expect(estimateCost(readyFacts(), { region: "me-south-1" }, [])).toBeNull();
  expect(PRICES_AS_OF).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  for (const prices of Object.values(PRICES))
    for (const price of Object.values(prices)) expect(price).toBeGreaterThan(0);
});
