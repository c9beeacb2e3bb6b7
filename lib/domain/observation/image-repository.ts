/** Where an image's repository is: in an account's own registry, or anywhere else. */
export type ImageRepository = EcrRepository | { kind: "other"; uri: string };

/** A repository of an account's registry in a Region. */
export interface EcrRepository {
  kind: "ecr";
  accountId: string;
  region: string;
  name: string;
}

/** ECR's hosts: plain, FIPS and dual-stack, in the partition of their Region and in no other. */
const ECR_HOST =
  /^(\d{12})\.dkr(?:\.ecr|-ecr)(?:-fips)?\.(?:(cn-[a-z0-9-]+)\.(?:amazonaws\.com\.cn|on\.amazonwebservices\.com\.cn)|(eusc-[a-z0-9-]+)\.(?:amazonaws\.eu|on\.aws)|(us-iso-[a-z0-9-]+)\.c2s\.ic\.gov|(us-isob-[a-z0-9-]+)\.sc2s\.sgov\.gov|(eu-isoe-[a-z0-9-]+)\.cloud\.adc-e\.uk|(us-isof-[a-z0-9-]+)\.csp\.hci\.ic\.gov|((?!cn-|eusc-|us-iso[bf]?-|eu-isoe-)[a-z0-9-]+)\.(?:amazonaws\.com|on\.aws))$/;
const DOCKER_HUB = "docker.io";
/** Docker takes the older name for the same: https://github.com/distribution/reference, normalize.go. */
const HUB_HOSTS: readonly string[] = [DOCKER_HUB, "index.docker.io"];

/** Reads a repository as an image names it, without tag and digest. What has no host is Docker Hub's, as for docker itself. */
export function parseRepository(reference: string): ImageRepository {
  const slash = reference.indexOf("/");
  const first = slash > 0 ? reference.slice(0, slash) : "";
  const hasHost = /[.:]/.test(first) || first === "localhost";
  const ecr = hasHost ? ECR_HOST.exec(first) : null;
  const region = ecr?.slice(2).find((found) => found !== undefined);
  if (ecr?.[1] && region) return { kind: "ecr", accountId: ecr[1], region, name: reference.slice(slash + 1) };
  if (hasHost && !HUB_HOSTS.includes(first)) return { kind: "other", uri: reference };
  const name = hasHost ? reference.slice(slash + 1) : reference;
  return { kind: "other", uri: `${DOCKER_HUB}/${name.includes("/") ? name : `library/${name}`}` };
}

/** A repository as switchyard.yaml names it: one without a host is in the application's own registry. */
export function parseConfiguredRepository(
  reference: string,
  own: { accountId: string; region: string },
): ImageRepository {
  const slash = reference.indexOf("/");
  const hasHost = slash > 0 && /[.:]/.test(reference.slice(0, slash));
  return hasHost
    ? parseRepository(reference)
    : { kind: "ecr", accountId: own.accountId, region: own.region, name: reference };
}

/** Whether both are one repository: account, Region and name, or host and path, are exactly the same. */
export function isSameRepository(a: ImageRepository, b: ImageRepository): boolean {
  if (a.kind === "ecr" && b.kind === "ecr")
    return a.accountId === b.accountId && a.region === b.region && a.name === b.name;
  return a.kind === "other" && b.kind === "other" && a.uri === b.uri;
}

/**
 * What ECR is asked by for a repository that is given by its name, in the own registry, or as images name it. Null for one of
 * another registry: what is asked there must never be answered by the own one.
 */
export function locateRepository(
  reference: string,
): { region?: string; registryId?: string; repositoryName: string } | null {
  const parsed = parseConfiguredRepository(reference, { accountId: "", region: "" });
  if (parsed.kind === "other") return null;
  const { accountId, region, name } = parsed;
  return accountId === "" ? { repositoryName: name } : { region, registryId: accountId, repositoryName: name };
}
