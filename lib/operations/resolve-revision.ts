import { z } from "zod";
import type { DefinitionNeeds } from "../aws/definition-needs.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { DefinitionFit } from "../aws/task-definitions.ts";
import { fix } from "../config/fix.ts";
import type { RevisionRequest } from "../controllers/controller.ts";
import type { Application } from "../domain/application/application.ts";
import { parseRepository } from "../domain/observation/image-repository.ts";
import { parseImage } from "../domain/observation/image-tag.ts";
import { findMalformed } from "../domain/observation/malformed-image.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { otherColor, revisionName, type SlotColor } from "../domain/observation/slot.ts";
import { findMainContainer, type TaskDefinitionSummary } from "../domain/observation/task-definition.ts";
import { findFamilyBlocker, findRepositoryBlocker, parseTaskDefinition } from "../domain/rules/revision-rules.ts";
import { needsSaid } from "../domain/rules/start-rules.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { shortName } from "../domain/text/short-name.ts";
import type { Blocker } from "../domain/verb/blocker.ts";
import { type Needs, readNeeds, readNetworkNeeds } from "../gather/gather-needs.ts";
import type { AsksAws } from "../request/context.ts";
import { type Refusal, refuse, refuseFor } from "../request/refusal.ts";
import { findDefinitionMisfit } from "../resolve/service-fit.ts";
import {
  checkImage,
  findPlatformMisfit,
  isOwnImage,
  type Resolved,
  resolveImage,
  resolveTag,
} from "./resolve-image.ts";

/** The three ways to say what to run; exactly one of them. */
export const revisionFields = {
  imageTag: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, fix(say("input.imageTag")))
    .optional(),
  image: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,511}$/, fix(say("input.image")))
    .optional(),
  taskDefinition: z
    .string()
    .regex(/^[A-Za-z0-9_:/-]{1,512}$/, fix(say("input.taskDefinition")))
    .optional(),
};
type RevisionInput = { [K in keyof typeof revisionFields]?: string };

/** The check that exactly one is given, as `refine` takes it. */
export const revisionIsOne: [(input: RevisionInput) => boolean, { message: string; path: string[] }] = [
  ({ imageTag, image, taskDefinition }) =>
    [imageTag, image, taskDefinition].filter((given) => given !== undefined).length === 1,
  { message: fix(say("input.oneRevision")), path: ["imageTag"] },
];

type Runtime = AsksAws;

const PRIORITY = "action";

/**
 * What is to run, as AWS knows it now: a tag becomes its digest and a task definition its ARN, because tags move and families go
 * on. What the application may not run, and what could not start, is refused here, before anything is recorded.
 */
export async function resolveRevision(
  runtime: Runtime,
  application: Application,
  observation: Observation,
  input: RevisionInput,
): Promise<Resolved> {
  if (input.taskDefinition) return resolveTaskDefinition(runtime, application, observation, input.taskDefinition);
  const resolved = input.image
    ? await resolveImage(runtime, application, observation, input.image)
    : await resolveTag(runtime, application, input.imageTag ?? "");
  if (!resolved.ok) return resolved;
  const place = await findPlace(runtime, application, observation);
  if (!place.ok) return place;
  const misfit = await findPlatformMisfit(runtime, imageOf(resolved), place.platform);
  return misfit ?? place.gone ?? resolved;
}

async function resolveTaskDefinition(
  runtime: Runtime,
  application: Application,
  observation: Observation,
  reference: string,
): Promise<Resolved> {
  const parsed = parseTaskDefinition(reference, application);
  if (!parsed.ok) return parsed;
  const { family, revision } = parsed.value;
  // Before AWS is asked, so that nobody learns what other families there are.
  const foreign = refuseFor(present(findFamilyBlocker(application, observation, family)));
  if (foreign) return foreign;
  const name = revision === null ? family : `${family}:${revision}`;
  const found = await runtime.aws.definitions.inspect(name, PRIORITY);
  if (!found?.summary.arn || found.summary.family !== family)
    return refuse("TASK_DEFINITION_NOT_FOUND", say("refusal.noTaskDefinition", { name }), say("refusal.registerIt"));
  // An ARN of another partition is another's, however it goes on.
  if (reference.startsWith("arn:") && !found.summary.arn.startsWith(reference.slice(0, reference.indexOf(":ecs:") + 1)))
    return refuse(
      "REVISION_NOT_ALLOWED",
      say("refusal.partition", { reference, name: application.name }),
      say("refusal.registerHere"),
    );
  if (found.status !== "ACTIVE")
    return refuse(
      "TASK_DEFINITION_INACTIVE",
      say("refusal.notActive", { name, status: found.status }),
      say("refusal.chooseActive"),
    );
  const { summary } = found;
  const missing = findMissingContainer(summary, application, name);
  if (missing) return missing;
  const misfit = await findServiceMisfit(runtime, application, observation, { name, ...found.fit });
  if (misfit) return misfit;
  const gone = await findGone(runtime, application, standbyOf(observation), { name, needs: found.needs });
  if (gone) return gone;
  const notices: Sentence[] = [];
  const mainContainer = findMainContainer(summary, application.container);
  const main = mainContainer?.image;
  const ownContainers = new Set([mainContainer?.name, ...(application.containers ?? [])]);
  let digest = main === undefined ? null : parseImage(main).digest;
  for (const { name: container, image } of summary.containers) {
    const malformed = findMalformed(image);
    if (malformed) return refuse("INVALID_INPUT", malformed.said, malformed.fixSaid);
    const { repository } = parseImage(image);
    // Whoever may register a definition of the family must not get another image into the application's place by that.
    const foreignImage = ownContainers.has(container)
      ? findRepositoryBlocker(application, observation, repository)
      : null;
    if (foreignImage) return { ok: false, ...foreignImage };
    // What else runs beside it may be of any registry, which nobody configured and nobody asks.
    if (parseRepository(repository).kind !== "ecr" && !isOwnImage(application, observation, image)) continue;
    const checked = await checkImage(runtime, application, image);
    if (!checked.ok) return checked;
    if (image === main) digest ??= checked.digest ?? null;
    notices.push(...(checked.notices ?? []));
    const unfit = await findPlatformMisfit(runtime, image, summary.platform);
    if (unfit) return unfit;
  }
  return { ok: true, request: { taskDefinition: found.summary.arn }, ...(digest ? { digest } : {}), notices };
}

/** What ECS would refuse the side's service or task set for, once it is to be started. */
async function findServiceMisfit(
  { aws }: Runtime,
  { cluster, slots }: Application,
  observation: Observation,
  definition: DefinitionFit & { name: string },
): Promise<Refusal<never> | null> {
  const to = standbyOf(observation);
  const live = otherColor(to);
  const { service, targetGroupArn } = slots[to];
  if (service === null) return null;
  const [services, groups] = await Promise.all([
    aws.ecs.describeServices(cluster, [service], PRIORITY),
    aws.elb.describeGroups([targetGroupArn], PRIORITY),
  ]);
  const [reading, group] = [services.get(service), groups.get(targetGroupArn)];
  if (reading instanceof AwsFailure) throw reading;
  if (group instanceof AwsFailure) throw group;
  const misfit =
    reading &&
    group &&
    findDefinitionMisfit(definition, reading, { targetGroupArn, otherGroupArn: slots[live].targetGroupArn, ...group });
  return misfit ? refuse("INVALID_INPUT", misfit, say("refusal.chooseFitting")) : null;
}

/** A copy gets the image in the application's container: what it would be made from must have that one. */
async function findPlace(
  { aws }: Runtime,
  application: Application,
  observation: Observation,
): Promise<{ ok: true; platform: string | null; gone?: Refusal<never> | null } | Refusal<never>> {
  const { slots } = observation;
  const to = standbyOf(observation);
  const from = slots[to].revision ?? slots[otherColor(to)].revision;
  if (!from) return { ok: true, platform: null };
  const found = await aws.definitions.inspect(from.taskDefinition, PRIORITY);
  const definition = found?.summary ?? (await aws.definitions.get(from.taskDefinition, PRIORITY));
  const missing = findMissingContainer(definition, application, revisionName(from));
  if (missing) return missing;
  const name = shortName(from.taskDefinition);
  const gone = found && (await findGone({ aws }, application, to, { name, needs: found.needs }));
  return { ok: true, platform: definition.platform, gone };
}

/** The side that the next release goes to. */
function standbyOf({ traffic }: Pick<Observation, "traffic">): SlotColor {
  return otherColor(traffic.live === "green" ? "green" : "blue");
}

/** Roles, parameters and networks without which none of its tasks starts on the side. */
async function findGone(
  { aws }: Pick<Runtime, "aws">,
  application: Application,
  to: SlotColor,
  { name, needs }: { name: string; needs: DefinitionNeeds },
): Promise<Refusal<never> | null> {
  const found = await Promise.all([
    readNeeds(aws, application, needs, PRIORITY),
    findNetworkNeeds(aws, application, to),
  ]);
  const gone = found.flatMap((each) => each.gone);
  if (gone.length === 0) return null;
  return refuse(
    "TASK_NEEDS_GONE",
    say("refusal.needsGone", { name, needs: needsSaid(gone) }),
    say("blocker.makeNeedsAgain"),
  );
}

async function findNetworkNeeds(aws: Runtime["aws"], { cluster, slots }: Application, to: SlotColor): Promise<Needs> {
  const { service } = slots[to];
  const reading = service === null ? null : (await aws.ecs.describeServices(cluster, [service], PRIORITY)).get(service);
  if (!reading || reading instanceof AwsFailure || !reading.network) return { gone: [], unseen: [] };
  return readNetworkNeeds(aws, { [to]: reading.network }, PRIORITY);
}

function imageOf({ request }: { request: RevisionRequest }): string {
  return "image" in request ? request.image : "";
}

function findMissingContainer(
  definition: TaskDefinitionSummary,
  { name, container, containers = [] }: Application,
  shown: string,
): Refusal<never> | null {
  const absent = containers.find((further) => !findMainContainer(definition, further));
  const isThere = findMainContainer(definition, container) !== null;
  if (isThere && absent === undefined) return null;
  const names = definition.containers.map((one) => one.name).join(", ") || say("refusal.none");
  if (!isThere && container === null)
    return refuse(
      "INVALID_INPUT",
      say("refusal.severalContainers", { name: shown, names }),
      say("refusal.nameContainer", { name }),
    );
  return refuse(
    "INVALID_INPUT",
    say("refusal.lacksContainer", { shown, container: (isThere ? absent : container) ?? "", name, names }),
    say("refusal.correctContainer", { setting: isThere ? "containers" : "container", name }),
  );
}

function present(blocker: Blocker | null): Blocker[] {
  return blocker ? [blocker] : [];
}
