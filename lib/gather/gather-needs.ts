import { inTime } from "../async/within.ts";
import type { Aws } from "../aws/aws.ts";
import type { Priority } from "../aws/budget.ts";
import type { DefinitionNeeds } from "../aws/definition-needs.ts";
import type { ServiceNetwork } from "../aws/service-reading.ts";
import type { Application } from "../domain/application/application.ts";
import type { Need, RevisionState } from "../domain/observation/revision-state.ts";
import { SLOT_COLORS, type SlotColor } from "../domain/observation/slot.ts";
import { parameterNameOf } from "../domain/readiness/check-task.ts";
import { findSecretProblem, readSecretReference, type SecretReference } from "../domain/readiness/managed-secret.ts";
import { type Facts, serviceKey } from "./facts.ts";
import { lookAt } from "./look-at.ts";

/** From many a private network there is no way to IAM or Parameter Store: nobody is kept waiting for that. */
const LOOK_MS = 3_000;

export type Needs = Required<Pick<RevisionState, "gone" | "unseen">>;

/** Which of these are gone, and of which nobody could say: they may not be looked at, or AWS did not answer. Reads no value. */
export async function readNeeds(
  aws: Pick<Aws, "roles" | "parameters" | "managedSecrets">,
  place: Pick<Application, "accountId" | "region">,
  { executionRole, taskRole, secrets, registries }: DefinitionNeeds,
  priority: Priority,
): Promise<Needs> {
  const roles: Need[] = [
    ...(executionRole ? [{ kind: "executionRole" as const, name: executionRole }] : []),
    ...(taskRole ? [{ kind: "taskRole" as const, name: taskRole }] : []),
  ];
  const parameters = secrets.filter((from) => isOwnParameter(from, place));
  const others = secrets.filter((from) => !parameters.includes(from));
  const found = await Promise.all([
    ...roles.map((role) => readRole(aws, place, role, priority)),
    readParameters(aws, parameters, priority),
    ...others.map((from) => readSecret(aws, place, from, readSecretReference(from), priority)),
    ...registries.map((from) => readSecret(aws, place, from, readRegistryReference(from, place), priority)),
  ]);
  return { gone: found.flatMap(({ gone }) => gone), unseen: found.flatMap(({ unseen }) => unseen) };
}

/** By side, where its tasks get their network interfaces, as far as its service was read. */
export type SideNetworks = Partial<Record<SlotColor, ServiceNetwork>>;

/** The networks as the sides' services name them. */
export function networksOf({ cluster, slots }: Application, { services }: Pick<Facts, "services">): SideNetworks {
  const networks: SideNetworks = {};
  for (const color of SLOT_COLORS) {
    const network = services.find(serviceKey(cluster, slots[color].service ?? ""))?.value?.network;
    if (network) networks[color] = network;
  }
  return networks;
}

/** Which subnets and security groups of the sides' services are gone, and of which nobody could say. */
export async function readNetworkNeeds(
  { networks }: Pick<Aws, "networks">,
  sides: SideNetworks,
  priority: Priority,
): Promise<Needs> {
  const needs = (kind: Need["kind"], ids: (network: ServiceNetwork) => readonly string[]) =>
    SLOT_COLORS.flatMap((side) => {
      const network = sides[side];
      return network ? ids(network).map((name): Need => ({ kind, name, side })) : [];
    });
  const [subnets, groups] = await Promise.all([
    readMissing(
      needs("subnet", (network) => network.subnets),
      (ids) => networks.missingSubnets(ids, priority),
    ),
    readMissing(
      needs("securityGroup", (network) => network.securityGroups),
      (ids) => networks.missingSecurityGroups(ids, priority),
    ),
  ]);
  return { gone: [...subnets.gone, ...groups.gone], unseen: [...subnets.unseen, ...groups.unseen] };
}

async function readMissing(needs: Need[], find: (ids: string[]) => Promise<string[]>): Promise<Needs> {
  if (needs.length === 0) return { gone: [], unseen: [] };
  const ids = [...new Set(needs.map(({ name }) => name))].toSorted();
  const looked = (
    await inTime(
      LOOK_MS,
      lookAt(() => find(ids)),
    )
  )?.value;
  if (looked?.state !== "seen") return { gone: [], unseen: needs };
  const missing = new Set(looked.value);
  return { gone: needs.filter(({ name }) => missing.has(name)), unseen: [] };
}

async function readRole(
  { roles }: Pick<Aws, "roles">,
  { accountId }: Pick<Application, "accountId">,
  role: Need,
  priority: Priority,
): Promise<Needs> {
  const own = /^arn:[\w-]+:iam::(?<account>\d{12}):role\/(?:.*\/)?(?<name>[^/]+)$/.exec(role.name)?.groups;
  if (own?.account !== accountId || own.name === undefined) return { gone: [], unseen: [role] };
  const { name } = own;
  const looked = (
    await inTime(
      LOOK_MS,
      lookAt(() => roles.findRole(name, priority)),
    )
  )?.value;
  if (looked?.state !== "seen") return { gone: [], unseen: [role] };
  return { gone: looked.value === null ? [role] : [], unseen: [] };
}

async function readParameters(
  { parameters }: Pick<Aws, "parameters">,
  wanted: readonly string[],
  priority: Priority,
): Promise<Needs> {
  if (wanted.length === 0) return { gone: [], unseen: [] };
  const all = wanted.map((from): Need => ({ kind: "ssmParameter", name: parameterNameOf(from) ?? from }));
  // An ARN says the same of "name" and "/name".
  const names = all.flatMap(({ name }) => (name.includes("/") ? [name] : [name, `/${name}`]));
  const looked = (
    await inTime(
      LOOK_MS,
      lookAt(() => parameters.describe(names, priority)),
    )
  )?.value;
  if (looked?.state !== "seen") return { gone: [], unseen: all };
  const there = new Set(looked.value.map(({ name }) => name));
  return { gone: all.filter(({ name }) => !there.has(name) && !there.has(`/${name}`)), unseen: [] };
}

/** Of this account and Region alone: others' are unseen. */
async function readSecret(
  { managedSecrets }: Pick<Aws, "managedSecrets">,
  { accountId, region }: Pick<Application, "accountId" | "region">,
  from: string,
  reference: SecretReference | null,
  priority: Priority,
): Promise<Needs> {
  const secret: Need = { kind: "managedSecret", name: reference?.arn ?? from };
  if (reference?.accountId !== accountId || reference.region !== region) return { gone: [], unseen: [secret] };
  const looked = (
    await inTime(
      LOOK_MS,
      lookAt(() => managedSecrets.describe(reference.arn, priority)),
    )
  )?.value;
  if (looked?.state !== "seen") return { gone: [], unseen: [secret] };
  const problem = findSecretProblem(looked.value, reference);
  if (problem === "unlisted") return { gone: [], unseen: [secret] };
  return { gone: problem === null ? [] : [secret], unseen: [] };
}

/** A registry's credentials may be named without their ARN: then they are of the task's own account and Region. */
function readRegistryReference(
  from: string,
  { accountId, region }: Pick<Application, "accountId" | "region">,
): SecretReference | null {
  return from.startsWith("arn:")
    ? readSecretReference(from)
    : { arn: from, accountId, region, stage: null, versionId: null };
}

/** Of this account and Region, whose list of parameters tells it; AWS's own public parameters are in no list. */
function isOwnParameter(from: string, { accountId, region }: Pick<Application, "accountId" | "region">): boolean {
  const name = parameterNameOf(from);
  if (name === null || name.startsWith("/aws/")) return false;
  return !from.startsWith("arn:") || from.split(":").slice(3, 5).join(":") === `${region}:${accountId}`;
}
