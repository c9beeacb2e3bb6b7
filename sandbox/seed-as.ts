import type { SandboxOptions } from "./sandbox-options.ts";
import { SEEDED_APPLICATIONS, seedDrivenWorld, seedPairedWorld, seedWholeWorld, seedWorld } from "./seed.ts";
import { seedSurroundings } from "./seed-surroundings.ts";
import type { SandboxBase } from "./service.ts";

/** Makes the world that is asked for. */
export async function seedAs(
  { seed, shape }: Pick<SandboxOptions, "seed" | "shape">,
  base: SandboxBase,
  services: { traffic: Parameters<typeof seedWholeWorld>[1]; surroundings: Parameters<typeof seedSurroundings>[1] },
): Promise<void> {
  const { traffic, surroundings } = services;
  if (seed === "bridge" || seed === "host") await seedPairedWorld(base, traffic, { network: seed });
  else if (seed === "paired") await seedPairedWorld(base, traffic, shape);
  else if (seed === "all") await seedWholeWorld(base, traffic);
  else if (seed === "driven") await seedDrivenWorld(base, traffic);
  else await seedWorld(base, traffic);
  await seedSurroundings(base, surroundings, seededApplications(seed));
}

/** The applications of the world that is asked for. */
function seededApplications(seed: SandboxOptions["seed"]): readonly string[] {
  if (seed === "all") return SEEDED_APPLICATIONS;
  if (seed === "driven") return ["orders", "members"];
  return seed === "paired" || seed === "bridge" || seed === "host" ? ["library"] : ["library", "catalog"];
}
