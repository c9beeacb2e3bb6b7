import { expect, test } from "vitest";
import { isConnectionFailure } from "./connection-failure.ts";

const coded = (code: string, message = "as the driver says it") => Object.assign(new Error(message), { code });
const inQuery = (cause: unknown) => new Error("Failed query: select 1", { cause });

test.each([
  ["a refused connection", coded("ECONNREFUSED")],
  ["every address refused", new AggregateError([coded("ECONNREFUSED"), coded("ECONNREFUSED")])],
  ["a reset connection, in Drizzle's wrapping", inQuery(coded("ECONNRESET"))],
  ["a name that does not resolve", coded("ENOTFOUND")],
  ["a server that shuts down", inQuery(coded("57P01"))],
  ["a server that starts", coded("57P03")],
  ["a server without a free connection", coded("53300")],
  ["a connection failure by state", coded("08006")],
  ["a connection that ended", inQuery(new Error("Connection terminated unexpectedly"))],
  ["no connection in time", new Error("timeout exceeded when trying to connect")],
  ["no answer in time", new Error("Query read timeout")],
  ["no answer to a read", new Error("No answer within 3000 ms")],
  ["an embedded database that was closed", new Error("PGlite is closed")],
])("%s is one", (_name, error) => {
  expect(isConnectionFailure(error)).toBe(true);
});

test.each([
  ["a key that is taken", inQuery(coded("23505", "duplicate key value violates unique constraint"))],
  ["a value that does not fit", coded("22P02")],
  ["a table that is not there", coded("42P01")],
  ["a missing privilege", coded("42501")],
  ["a deadlock", coded("40P01")],
  ["a query that took too long", coded("57014")],
  ["a full disk", coded("53100")],
  ["a standby that takes no writes", coded("25006")],
  ["a trigger that says connection", inQuery(coded("P0001", "Connection terminated"))],
  ["a mistake of this program", new TypeError("Cannot read properties of undefined")],
  ["anything else", "Connection terminated"],
])("%s is none", (_name, error) => {
  expect(isConnectionFailure(error)).toBe(false);
});
