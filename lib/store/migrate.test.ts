import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openEmptyDatabase } from "../testing/memory-store.ts";
import { findPostgres, startPostgres } from "../testing/test-postgres.ts";
import type { Database } from "./database.ts";
import { MigrationRefused, migrate } from "./migrate.ts";
import { MIGRATIONS } from "./migrations/all.ts";
import { openPostgres } from "./open-postgres.ts";

const first = { name: "0001-first", statements: ["create table one (id text)"] };
const second = {
  name: "0002-second",
  statements: ["alter table one add column note text", "create table two (id text)"],
};

describe("migrations", () => {
  let db: Database;
  let close: () => Promise<void>;
  beforeEach(async () => {
    ({ db, close } = await openEmptyDatabase());
  });
  afterEach(() => close());

  test("apply once and in order", async () => {
    expect(await migrate(db, 1, [first])).toEqual(["0001-first"]);
    expect(await migrate(db, 2, [first, second])).toEqual(["0002-second"]);
    expect(await migrate(db, 3, [first, second])).toEqual([]);
    await db.execute(sql`insert into one (id, note) values ('a', 'b')`);
  });

  test("refuse an applied migration that was edited", async () => {
    await migrate(db, 1, [first]);
    const edited = { ...first, statements: ["create table one (id integer)"] };
    await expect(migrate(db, 2, [edited, second])).rejects.toBeInstanceOf(MigrationRefused);
    await expect(db.execute(sql`select * from two`)).rejects.toThrow();
  });

  test("refuse a database of a newer version", async () => {
    await migrate(db, 1, [first, second]);
    await expect(migrate(db, 2, [first])).rejects.toThrow(/0002-second, which this version/);
  });

  test("leave nothing behind when one of them fails", async () => {
    const broken = { name: "0002-broken", statements: ["create table two (id text)", "create tabel three ()"] };
    await expect(migrate(db, 1, [first, broken])).rejects.toThrow();
    await expect(db.execute(sql`select * from one`)).rejects.toThrow();
    expect(await migrate(db, 2, [first, second])).toHaveLength(2);
  });

  test("make an audit and a journal that only grow", async () => {
    await migrate(db, 1);
    for (const statement of [
      "delete from audit",
      "update audit set reason = 'x'",
      "truncate audit",
      "delete from journal",
    ])
      await expect(db.execute(sql.raw(statement)), statement).rejects.toMatchObject({
        cause: expect.objectContaining({ message: expect.stringContaining("only ever added") }),
      });
  });
});

const postgres = findPostgres();
describe.skipIf(postgres === null)("migrations on a PostgreSQL server", () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  beforeAll(async () => {
    server = await startPostgres(postgres ?? "");
  });
  afterAll(() => server.stop());

  test("run once when many replicas start together", async () => {
    const replicas = await Promise.all(Array.from({ length: 5 }, () => openPostgres(server.url)));
    const applied = await Promise.all(replicas.map(({ db }) => migrate(db, 1)));
    expect(applied.flat()).toEqual(MIGRATIONS.map((migration) => migration.name));
    await Promise.all(replicas.map(({ close }) => close()));
  });

  test("a database that does not exist is said at once", async () => {
    const started = performance.now();
    await expect(openPostgres(server.url.replace(/postgres$/, "nothing"))).rejects.toThrow(/nothing/);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test("a server that is not there is waited for, but not for ever", async () => {
    await expect(openPostgres("postgres://x@127.0.0.1:1/x", 600)).rejects.toThrow(/ECONNREFUSED/);
  });
});
