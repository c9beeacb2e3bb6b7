import { and, desc, eq, sql } from "drizzle-orm";
import type { Incident, IncidentHead } from "../domain/incident/incident.ts";
import type { Database } from "./database.ts";
import { incidents } from "./schema.ts";

/** Adds it once; then the oldest of the application go until no more than `keptBytes` are left. False where it was there already. */
export async function saveIncident(db: Database, incident: Incident, keptBytes: number): Promise<boolean> {
  const { id, application, at, kind, title, titleSaid, deployment } = incident;
  const said = titleSaid ? { titleSaid } : {};
  const head: IncidentHead = { id, application, at, kind, title, ...said, deploymentId: deployment?.id ?? null };
  const bytes = Buffer.byteLength(JSON.stringify(incident));
  return db.transaction(async (tx) => {
    const inserted = await tx
      .insert(incidents)
      .values({ application, id, at, bytes, head, document: incident })
      .onConflictDoNothing()
      .returning({ id: incidents.id });
    if (inserted.length === 0) return false;
    await tx.execute(sql`
      delete from incidents where application = ${application} and id in (
        select id from (
          select id, sum(bytes) over (order by at desc, id desc) as total from incidents where application = ${application}
        ) as running where total > ${keptBytes}
      )`);
    return true;
  });
}

/** Newest first. */
export async function listIncidents(db: Database, application: string, limit: number): Promise<IncidentHead[]> {
  const rows = await db
    .select({ head: incidents.head })
    .from(incidents)
    .where(eq(incidents.application, application))
    .orderBy(desc(incidents.at), desc(incidents.id))
    .limit(limit);
  return rows.map(({ head }) => head);
}

export async function findIncident(db: Database, application: string, id: string): Promise<Incident | null> {
  const [row] = await db
    .select({ document: incidents.document })
    .from(incidents)
    .where(and(eq(incidents.application, application), eq(incidents.id, id)));
  return row?.document ?? null;
}
