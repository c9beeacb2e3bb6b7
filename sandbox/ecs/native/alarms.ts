import type { EcsWorld, ServiceDeployment } from "../world.ts";

const namesOf = ({ configuration }: ServiceDeployment) =>
  configuration.alarms?.enable ? (configuration.alarms.alarmNames ?? []) : [];

/**
 * Begins to watch the deployment's alarms. One that is in ALARM already makes AWS ignore all of them for this deployment.
 * Assumption: they then read DISABLED.
 */
export function startAlarms(world: EcsWorld, open: ServiceDeployment): void {
  const names = namesOf(open);
  if (!open.native || names.length === 0) return;
  const isLoud = names.some((name) => world.ports.alarms.stateOf(name) === "ALARM");
  open.native.alarms = isLoud ? "DISABLED" : "MONITORING";
}

/** The alarms that went off since; once told, they are told no more. */
export function triggeredAlarms(world: EcsWorld, open: ServiceDeployment): string[] {
  if (open.native?.alarms !== "MONITORING") return [];
  const triggered = namesOf(open).filter((name) => world.ports.alarms.stateOf(name) === "ALARM");
  if (triggered.length > 0) Object.assign(open.native, { alarms: "TRIGGERED", triggeredAlarms: triggered });
  return triggered;
}
