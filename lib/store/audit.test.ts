import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEmptyDatabase } from "../testing/memory-store.ts";
import { auditQuery } from "./audit.ts";
import type { Database } from "./database.ts";
import { migrate } from "./migrate.ts";
import type { AuditQuery } from "./store.ts";

let db: Database;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ db, close } = await openEmptyDatabase());
  await migrate(db, 1);
  // Enough that the planner has something to choose from; chained one by one they would take minutes.
  await db.execute(sql`alter table audit disable trigger user`);
  await db.execute(sql`
    insert into audit (id, at, actor_id, actor_name, via, action, outcome, message, sequence, hash)
    select 'a-' || n, n, 'person-' || n % 300 || '@example.com', 'Person ' || n % 300, 's', 'a', 'done', 'm', n, 'h'
    from generate_series(1, 30000) n`);
  await db.execute(sql`alter table audit enable trigger user`);
  await db.execute(sql`analyze audit`);
});
afterAll(() => close());

/** The indexes that the database reads for a page, as it says itself. */
async function indexesFor(filter: AuditQuery): Promise<string[]> {
  const plan = await db.execute(sql`explain ${auditQuery(db, filter, { limit: 10 }).getSQL()}`);
  return [...JSON.stringify(plan).matchAll(/using (\w+) on audit/g)].map((match) => match[1] ?? "");
}

test.each(["Nobody", "Person 77", "person-77@example.com"])(
  "a person's rows are read along the indexes on id and name, never through the whole audit: %s",
  async (actor) => {
    expect(await indexesFor({ actor })).toEqual(["audit_actor", "audit_actor_name"]);
    expect(await indexesFor({ actor, from: 100, to: 20_000 })).toEqual(["audit_actor", "audit_actor_name"]);
  },
);

test("the newest rows of all are read along time", async () => {
  expect(await indexesFor({})).toEqual(["audit_newest"]);
});
