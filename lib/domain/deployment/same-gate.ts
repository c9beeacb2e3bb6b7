import type { Deployment, FollowedDeployment } from "./deployment.ts";

interface Told {
  expiresAt?: number | null;
}

/** Whether it ends later than the one known by the same id, and is therefore another one: a step's that comes after it. */
export function isLaterGate(seen: Told, known: Told): boolean {
  return seen.expiresAt != null && known.expiresAt != null && seen.expiresAt > known.expiresAt;
}

/** Whether this very gate was answered from here. */
export function isAnswered({ answered }: FollowedDeployment, gate: Told & { id: string }): boolean {
  return answered.some((each) => each.gate === gate.id && !isLaterGate(gate, each));
}

/** Whether both wait at the same gate, or both at none. */
export function isAtSameGate(one: Pick<Deployment, "aws">, other: Pick<Deployment, "aws">): boolean {
  const [a, b] = [one.aws?.gate, other.aws?.gate];
  return a?.id === b?.id && a?.expiresAt === b?.expiresAt;
}
