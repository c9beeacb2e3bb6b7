import { expect, test } from "vitest";
import { LIBRARY_SUBJECT, readyFacts, seen } from "../../testing/readiness-facts.ts";
import type { DatabaseFact, IngressFact, SecurityGroupFact } from "./network-facts.ts";
import type { CheckOutcome } from "./readiness.ts";
import type { ReadinessFacts } from "./readiness-facts.ts";
import { readinessReport } from "./readiness-report.ts";

/* The database, as RDS tells it: reached by the tasks on its port, and by nobody else. */

const MYSQL: DatabaseFact = { name: "library-db", port: 3306, groupIds: ["sg-rds"], isPublic: false };
const tcp = (port: number, from: Partial<IngressFact>): IngressFact => ({
  ...{ protocol: "tcp", fromPort: port, toPort: port, cidrs: [], groupIds: [], prefixLists: [] },
  ...from,
});
const ofTasks = { groupIds: ["sg-task"] };

/** What is said of databases, with these of RDS and these rules of the database's group. */
function told(databases: ReadinessFacts["databases"], change: Partial<SecurityGroupFact> = {}, id = "sg-rds") {
  const facts = readyFacts();
  const groups = facts.securityGroups.state === "seen" ? facts.securityGroups.value : [];
  const securityGroups = seen(groups.map((group) => (group.id === id ? { ...group, ...change } : group)));
  const { steps } = readinessReport(LIBRARY_SUBJECT, { ...facts, databases, securityGroups }, []);
  const points = steps.find((step) => step.id === "security-groups")?.points ?? [];
  return points
    .map(({ outcome, evidence }): [CheckOutcome, string] => [outcome, evidence])
    .filter(([, text]) => /library-db|shop-db|rds|database/i.test(text));
}

test.each<[string, DatabaseFact[], Partial<SecurityGroupFact>, [CheckOutcome, RegExp][]]>([
  ["reached by the tasks alone", [MYSQL], {}, [["pass", /^library-db takes the tasks in on port 3306$/]]],
  [
    "on another port than the usual ones",
    [{ ...MYSQL, port: 6033 }],
    { ingress: [tcp(6033, ofTasks)] },
    [["pass", /on port 6033$/]],
  ],
  [
    "whose group is open on a usual port that it does not listen on",
    [{ ...MYSQL, port: 6033 }],
    { ingress: [tcp(3306, ofTasks)] },
    [["warn", /^no rule of library-db's security groups lets the tasks in on port 6033$/]],
  ],
  [
    "open to everybody",
    [MYSQL],
    { ingress: [tcp(3306, { ...ofTasks, cidrs: ["::/0"] })] },
    [
      ["fail", /^library-db takes everybody in on port 3306$/],
      ["pass", /takes the tasks in/],
    ],
  ],
  [
    "open to addresses",
    [MYSQL],
    { ingress: [tcp(3306, { cidrs: ["10.0.0.0/16"] })] },
    [["warn", /^library-db takes in 10\.0\.0\.0\/16 on port 3306, by address/]],
  ],
  [
    "with a public address",
    [{ ...MYSQL, isPublic: true }],
    {},
    [
      ["warn", /^library-db has a public address/],
      ["pass", /takes the tasks in/],
    ],
  ],
  [
    "closed",
    [MYSQL],
    { ingress: [tcp(3306, { groupIds: ["sg-other"] })] },
    [["warn", /^no rule of library-db's security groups lets the tasks in on port 3306$/]],
  ],
  [
    "beside another application's, which the tasks do not reach",
    [{ ...MYSQL, name: "shop-db", groupIds: ["sg-alb"] }, MYSQL],
    {},
    [["pass", /^library-db takes/]],
  ],
  ["being made, without a port yet", [{ ...MYSQL, port: null }], {}, [["pass", /on port 3306, 5432$/]]],
  [
    "in another VPC: known by its group's name and port alone",
    [{ ...MYSQL, groupIds: ["sg-elsewhere"] }],
    {},
    [["pass", /\(sg-rds\) opens the database to the tasks$/]],
  ],
])("a database %s", (_, databases, change, expected) => {
  const said = told(seen(databases), change);
  expect(said.map(([outcome]) => outcome)).toEqual(expected.map(([outcome]) => outcome));
  for (const [index, [, words]] of expected.entries()) expect(said[index]?.[1]).toMatch(words);
});

test("the tasks' own group must let them out to it", () => {
  const said = told(seen([MYSQL]), { egress: [tcp(443, { cidrs: ["0.0.0.0/0"] })] }, "sg-task");
  expect(said).toContainEqual(["warn", expect.stringMatching(/lets them out to library-db \(sg-rds\) on port 3306$/)]);
});

test("where nobody may look at RDS that is said, and is no pass", () => {
  const said = told({ state: "denied", permission: "rds:DescribeDBInstances" });
  expect(said).toEqual([
    ["unknown", expect.stringContaining("rds:DescribeDBInstances")],
    ["pass", expect.stringMatching(/\(sg-rds\) opens the database to the tasks$/)],
  ]);
});
