import type { LevelRule } from "./level-rule.ts";

/** The two sides by name: this room comes before what is observed of them. */
type SlotColor = "blue" | "green";

/** Where an application's log is and how it is read, beyond what its tasks say themselves. */
export interface LogSettings {
  /** Log groups that hold lines of both sides. */
  groups: readonly string[];
  /** Log groups that hold one side's lines alone: whatever their streams are called, they are that side's. */
  sides: Readonly<Record<SlotColor, readonly string[]>>;
  /** Only streams that begin so; all of them without any. At most 100, as AWS allows. */
  streamPrefixes: readonly string[];
  /** How the levels are named where they are not told right by themselves. */
  level: LevelRule | null;
  /** What of its lines is masked besides what always is, before they are stored or leave the server; nothing when left out. */
  mask?: readonly { name: string; pattern: string }[];
}

/** A log group that is read for an application. */
export interface LogSource {
  /** By name, or by ARN where tasks write to another Region. */
  group: string;
  /** Whose lines it holds where that is configured; null where the streams tell. */
  side: SlotColor | null;
}

type Logs = Pick<LogSettings, "groups" | "sides">;
type Tasks = Readonly<
  Record<SlotColor, { tasks: readonly { logGroup?: string; logs?: readonly { group: string }[] }[] }>
>;

/**
 * The groups as configured, else those that the tasks of both sides name; none while no task is known. A configured one to which
 * tasks write in another Region is read there.
 */
export function logSourcesOf(application: { logGroup: string | null; logs?: Logs }, slots: Tasks | null): LogSource[] {
  const { groups = [], sides = { blue: [], green: [] } } = application.logs ?? {};
  const written = groupsOf(slots ? [...slots.blue.tasks, ...slots.green.tasks] : []);
  const sources = new Map<string, SlotColor | null>();
  for (const named of [...groups, ...(application.logGroup ? [application.logGroup] : [])])
    for (const group of placesOf(named, written)) sources.set(group, null);
  for (const color of ["blue", "green"] as const)
    for (const named of sides[color])
      for (const group of placesOf(named, written)) sources.set(group, sources.has(group) ? null : color);
  if (sources.size === 0) for (const group of written) sources.set(group, null);
  return [...sources].map(([group, side]) => ({ group, side }));
}

function groupsOf(tasks: Tasks[SlotColor]["tasks"]): Set<string> {
  const groups = tasks.flatMap(({ logGroup, logs = [] }) => [
    ...(logGroup === undefined ? [] : [logGroup]),
    ...logs.map(({ group }) => group),
  ]);
  return new Set(groups);
}

/** Where tasks write to a group of that name; its own Region while none does. */
function placesOf(named: string, written: ReadonlySet<string>): string[] {
  const places = [...written].filter((group) => group === named || group.endsWith(`:log-group:${named}`));
  return places.length > 0 ? places : [named];
}
