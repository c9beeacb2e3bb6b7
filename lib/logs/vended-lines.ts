import type { LineOrigin } from "../domain/observation/log-line.ts";
import type { Slot, SlotColor } from "../domain/observation/slot.ts";

/** Whose line it is. */
export interface LineOwner {
  /** Null when the line is the application's but its side is not known. */
  slot: SlotColor | null;
  /** Null where several tasks write to one stream. */
  taskId: string | null;
}

/** As much of an application as AWS's own logs name: its sides' target groups, services and tasks' addresses. */
export interface VendedNames {
  /** Cluster name. */
  cluster: string;
  sides: Readonly<
    Record<
      SlotColor,
      { targetGroupArn: string; service?: string; tasks: readonly Pick<Slot["tasks"][number], "id" | "address">[] }
    >
  >;
}

/** Whose line it is by what stands in it; foreign where it names another application's things alone, null where it names none. */
export type VendedOwner = (LineOwner & { origin: LineOrigin }) | "foreign" | null;

/** Of access logs (`target_group_arn`) and health-check logs (`target_group_id`), in JSON and in plain text. */
const TARGET_GROUP = /targetgroup\/[\w-]{1,32}\/[0-9a-f]{16}/g;
/** Of ECS's action logs: the ARN of a service, or of one of its deployments or revisions. */
const SERVICE = /:service(?:-deployment|-revision)?\/([\w-]{1,255})\/([\w-]{1,255})/g;

/**
 * Whose line it is that AWS itself wrote: load balancers and ECS deliver their logs for all applications of a group, in streams that name
 * no task. Which fields they have is a delivery's own choice, so that the line is read by the ARNs in it. Only for lines whose
 * stream is nobody's.
 */
export function vendedOwnerOf(text: string, { cluster, sides }: VendedNames): VendedOwner {
  const groups = text.match(TARGET_GROUP);
  if (groups) {
    const slot = (["blue", "green"] as const).find((color) =>
      groups.some((group) => sides[color].targetGroupArn.endsWith(`:${group}`)),
    );
    if (!slot) return "foreign";
    const task = sides[slot].tasks.find(({ address }) => address && namesTarget(text, address));
    return { slot, taskId: task?.id ?? null, origin: "load-balancer" };
  }
  const services = [...text.matchAll(SERVICE)].filter(([, its]) => its !== undefined);
  if (services.length === 0) return null;
  const own = (["blue", "green"] as const).filter((color) =>
    services.some(([, its, name]) => its === cluster && name === sides[color].service),
  );
  if (own.length === 0) return "foreign";
  // Task sets share one service, and ECS's words about it are of both sides.
  return { slot: own.length === 1 ? (own[0] ?? null) : null, taskId: null, origin: "ecs" };
}

/** "10.0.3.14:8081", and not as a part of another address. */
function namesTarget(text: string, address: string): boolean {
  const at = text.indexOf(`${address}:`);
  return at >= 0 && !/[\d.]/.test(text.charAt(at - 1));
}
