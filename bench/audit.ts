import { createStore } from "../lib/store/create-store.ts";
import { openPostgres } from "../lib/store/open-postgres.ts";
import { findPostgres, startPostgres } from "../lib/testing/test-postgres.ts";
import { fillAudit } from "./audit-rows.ts";
import { type Figure, quantile } from "./figure.ts";
import { signIn } from "./person.ts";
import { residentMiB, startWorld, TOKEN, type World } from "./world.ts";

const ROWS = Number(process.env.SWITCHYARD_BENCH_AUDIT_ROWS ?? 1_000_000);
const LOOKS = 40;
const MEMORY_EVERY_MS = 250;

/** The audit with a million rows on a PostgreSQL server of our own: first page, filters, export, and the walk over its chain. */
export async function measureAudit(): Promise<Figure[]> {
  const bin = findPostgres();
  if (bin === null) throw new Error("it needs a PostgreSQL server's programs in /usr/lib/postgresql");
  const server = await startPostgres(bin);
  try {
    const store = await createStore({ databaseUrl: server.url });
    const owner = await openPostgres(server.url);
    await fillAudit(owner.db, ROWS, Date.now());
    await owner.close();
    const walkedAt = performance.now();
    const verdict = await store.verifyAudit([]);
    const walkSeconds = (performance.now() - walkedAt) / 1000;
    await store.close();
    if (!verdict.isIntact || verdict.rows !== ROWS)
      throw new Error(`the chain does not hold: ${JSON.stringify(verdict)}`);
    const world = await startWorld({ env: { DATABASE_URL: server.url } });
    try {
      return [
        ...(await measurePages(world)),
        ...(await measureExport(world)),
        { name: `audit: walk over the chain of ${ROWS} rows`, value: walkSeconds, unit: "s", target: null },
      ];
    } finally {
      await world.stop();
    }
  } finally {
    await server.stop();
  }
}

async function measurePages(world: World): Promise<Figure[]> {
  const cookie = await signIn(world.appUrl, "admin");
  const page = (path: string) => timed(`${world.appUrl}${path}`, { cookie });
  const api = (path: string) => timed(`${world.appUrl}${path}`, { authorization: `Bearer ${TOKEN}` });
  const first = await repeat(() => page("/audit"));
  const firstOfApi = await repeat(() => api("/api/v1/audit?limit=100"));
  const day = 24 * 60 * 60_000;
  const filters = [
    "application=library",
    "application=application-150",
    "application=no-such-application",
    "actor=Person+77",
    "actor=person-77@example.com",
    "actor=Nobody",
    "verb=retire",
    "verb=session.started",
    "outcome=failed",
    "application=application-150&outcome=failed",
    "application=library&actor=Person+77",
    "application=application-150&actor=Person+77&verb=switch&outcome=refused",
    `from=${Date.now() - 200 * day}&to=${Date.now() - 199 * day}`,
    `actor=Person+77&from=${Date.now() - 200 * day}&to=${Date.now() - 190 * day}`,
  ];
  const slowest: { filter: string; p95: number }[] = [];
  for (const filter of filters) {
    const took = await repeat(() => api(`/api/v1/audit?limit=100&${filter}`), LOOKS / 2);
    slowest.push({ filter, p95: quantile(took, 0.95) });
  }
  slowest.sort((a, b) => b.p95 - a.p95);
  return [
    {
      name: `audit, ${ROWS} rows: page as HTML, p95`,
      value: quantile(first, 0.95),
      unit: "ms",
      target: { kind: "<=", value: 200 },
    },
    {
      name: "audit: first page of the API, p95",
      value: quantile(firstOfApi, 0.95),
      unit: "ms",
      target: { kind: "<=", value: 200 },
    },
    {
      name: `audit: slowest of ${filters.length} filters, p95`,
      value: slowest[0]?.p95 ?? Number.NaN,
      unit: "ms",
      target: { kind: "<=", value: 500 },
      note: slowest[0]?.filter ?? "",
    },
  ];
}

async function measureExport(world: World): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, accept] of [
    ["CSV", "text/csv"],
    ["JSON lines", "application/x-ndjson"],
  ] as const) {
    const before = await residentMiB(world.serverPid);
    const peaks: number[] = [];
    const timer = setInterval(() => void residentMiB(world.serverPid).then((mib) => peaks.push(mib)), MEMORY_EVERY_MS);
    const startedAt = performance.now();
    const response = await fetch(`${world.appUrl}/api/v1/audit`, {
      headers: { authorization: `Bearer ${TOKEN}`, accept },
    });
    let rows = name === "CSV" ? -1 : 0;
    for await (const chunk of response.body ?? []) for (const byte of chunk) if (byte === 10) rows += 1;
    const seconds = (performance.now() - startedAt) / 1000;
    clearInterval(timer);
    // What happened in this world stands in its audit as well.
    if (rows < ROWS) throw new Error(`the export as ${name} has ${rows} of ${ROWS} rows`);
    const half = Math.ceil(peaks.length / 2);
    figures.push(
      {
        name: `audit: export as ${name}`,
        value: rows / seconds,
        unit: "rows/s",
        target: { kind: ">=", value: 20_000 },
      },
      {
        name: `audit: memory in an export's second half over its first, ${name}`,
        value: Math.max(...peaks.slice(half)) / Math.max(...peaks.slice(0, half)),
        unit: "x",
        target: { kind: "<=", value: 1.15 },
        note: `${Math.round(before)} MiB before, ${Math.round(Math.max(...peaks))} at most`,
      },
    );
  }
  return figures;
}

/** Milliseconds until the whole answer is here. */
async function timed(url: string, headers: Record<string, string>): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(url, { headers, redirect: "manual" });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return performance.now() - startedAt;
}

async function repeat(look: () => Promise<number>, times = LOOKS): Promise<number[]> {
  // The first ones compile, connect and fill caches.
  for (let i = 0; i < 3; i++) await look();
  const took: number[] = [];
  for (let i = 0; i < times; i++) took.push(await look());
  return took;
}
