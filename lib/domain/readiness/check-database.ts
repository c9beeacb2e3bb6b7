import { say } from "../sentence/sentence.ts";
import { covers, isEverybody, isForEverybody, letsOut } from "./ingress.ts";
import { judge } from "./judge-look.ts";
import type { DatabaseFact, IngressFact, SecurityGroupFact } from "./network-facts.ts";
import { fail, pass, warn } from "./point.ts";
import type { Point } from "./readiness.ts";
import type { ReadinessFacts } from "./readiness-facts.ts";

/** What MySQL and PostgreSQL listen on. */
const DATABASE_PORTS = [3306, 5432];

/**
 * The tasks reach the database on its port, and nobody else does: of RDS's in the tasks' VPC, which say their port and their groups.
 * Without any there, and where nobody may look, a database is known by a security group with a usual port alone.
 */
export function checkDatabase(
  look: ReadinessFacts["databases"],
  all: readonly SecurityGroupFact[],
  ofTasks: readonly SecurityGroupFact[],
  /** Groups that are no database's. */
  others: readonly string[],
): readonly Point[] {
  const byGroups = () => checkGroups(all, ofTasks, others);
  if (look.state !== "seen") return [...judge(look, () => []), ...byGroups()];
  const here = look.value.filter(({ groupIds }) =>
    all.some((group) => groupIds.includes(group.id) && ofTasks.some(({ vpcId }) => vpcId === group.vpcId)),
  );
  return here.length > 0 ? checkDatabases(here, all, ofTasks) : byGroups();
}

/** One that the tasks do not reach is somebody else's where they reach another. */
function checkDatabases(
  databases: readonly DatabaseFact[],
  all: readonly SecurityGroupFact[],
  ofTasks: readonly SecurityGroupFact[],
): readonly Point[] {
  const judged = databases.map((one) => ({ one, ...judgeDatabase(one, all, ofTasks) }));
  const isReached = judged.some(({ reaches }) => reaches);
  return judged.flatMap(({ reaches, points, unreached }) => [...points, ...(reaches || isReached ? [] : unreached)]);
}

function judgeDatabase(
  { name, port, groupIds, isPublic }: DatabaseFact,
  all: readonly SecurityGroupFact[],
  ofTasks: readonly SecurityGroupFact[],
): { reaches: boolean; points: readonly Point[]; unreached: readonly Point[] } {
  const own = all.filter(({ id }) => groupIds.includes(id)).flatMap(({ ingress }) => ingress);
  const rules = own.filter((rule) => (port === null ? DATABASE_PORTS : [port]).some((one) => covers(rule, one)));
  const told = { name, port: port ?? DATABASE_PORTS.join(", ") };
  const wide = rules.flatMap(({ cidrs }) => cidrs);
  const tasks = ofTasks.map(({ id }) => id);
  const isIn = rules.some((rule) => rule.groupIds.some((id) => tasks.includes(id)));
  const isOut = (port === null ? DATABASE_PORTS : [port]).some((one) => letsOut(ofTasks, one, groupIds));
  const points = [
    ...(wide.some(isEverybody) ? [fail(say("finding.databaseToAll", told))] : []),
    ...(wide.length > 0 && !wide.some(isEverybody)
      ? [warn(say("finding.databaseByRange", { ...told, cidrs: wide.join(", ") }))]
      : []),
    ...(isPublic ? [warn(say("finding.databaseAddress", { name }))] : []),
    ...(isIn && isOut ? [pass(say("finding.databaseReached", told))] : []),
  ];
  const group = `${name} (${groupIds.join(", ")})`;
  const unreached = isOut
    ? [warn(say("finding.databaseNotReached", told))]
    : [warn(say("check.tasksNotToDatabase", { port: String(told.port), group }))];
  // A range may hold the tasks' addresses: whether it does is told by the range.
  return { reaches: isOut && (isIn || wide.length > 0), points, unreached };
}

function checkGroups(
  all: readonly SecurityGroupFact[],
  ofTasks: readonly SecurityGroupFact[],
  others: readonly string[],
): readonly Point[] {
  const opens = (rule: IngressFact) => DATABASE_PORTS.some((port) => covers(rule, port));
  const databases = all.filter(
    ({ id, ingress }) => !others.includes(id) && ingress.some((rule) => rule.protocol !== "-1" && opens(rule)),
  );
  if (databases.length === 0) return [warn(say("finding.noDatabaseGroup"))];
  const tasks = ofTasks.map(({ id }) => id);
  return databases.map(({ name, id, ingress }) => {
    const rules = ingress.filter(opens);
    const ports = DATABASE_PORTS.filter((port) => rules.some((rule) => covers(rule, port)));
    if (rules.some(isForEverybody)) return fail(say("finding.databaseOpen", { name, id }));
    if (ofTasks.length > 0 && !ports.some((port) => letsOut(ofTasks, port, [id])))
      return warn(say("check.tasksNotToDatabase", { port: ports.join(", "), group: `${name} (${id})` }));
    return rules.some(({ groupIds }) => groupIds.some((group) => tasks.includes(group)))
      ? pass(say("finding.databaseTasks", { name, id }))
      : warn(say("finding.databaseClosed", { name, id }));
  });
}
