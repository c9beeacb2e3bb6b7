import { shortName } from "../text/short-name.ts";

/** As much of an application's settings, or of a proposal, as names its services. */
interface Named {
  cluster: string;
  service?: string | null;
  blue?: { service: string | null } | null;
  green?: { service: string | null } | null;
}

/** Which of the applications moves any of these services; null when none does. */
export function describedBy(
  cluster: string,
  services: readonly string[],
  applications: readonly (Named & { name: string })[],
): string | null {
  const found = applications.find(
    (application) =>
      shortName(application.cluster) === cluster && servicesOf(application).some((name) => services.includes(name)),
  );
  return found?.name ?? null;
}

/** The services that an application or a proposal moves, blue's first. */
export function servicesOf({ service, blue, green }: Omit<Named, "cluster">): string[] {
  return [service, blue?.service, green?.service].filter((name) => typeof name === "string");
}
