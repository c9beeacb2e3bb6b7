import { inEnglish } from "../sentence/in-language.ts";
import { type SentenceCode, say } from "../sentence/sentence.ts";
import { checkDeployed, checkSwitched } from "./check-deployments.ts";
import { checkLoadBalancer, checkService, checkTargetGroups } from "./check-entrance.ts";
import { checkBranch, checkNames, checkWorkflow } from "./check-github.ts";
import { checkSecurityGroups, checkSubnets } from "./check-network.ts";
import {
  checkDockerfile,
  checkDocuments,
  checkImageBuilt,
  checkPipelineIdentity,
  checkRuns,
} from "./check-preparation.ts";
import { checkCluster, checkLogGroup, checkPushed, checkRepository, checkUpToDate } from "./check-registry.ts";
import { checkParameters, checkTaskDefinition } from "./check-task.ts";
import { fixLoadBalancer, fixTargetGroups } from "./fix-entrance.ts";
import { fixNetwork } from "./fix-network.ts";
import { fixTaskDefinition } from "./fix-roles.ts";
import { fixService } from "./fix-service.ts";
import * as fixes from "./fixes.ts";
import { judge } from "./judge-look.ts";
import type { Point, StepSpec } from "./readiness.ts";
import type { ReadinessFacts } from "./readiness-facts.ts";
import { seenOf } from "./seen-of.ts";
import { byHand } from "./shell.ts";
import type { Subject } from "./subject.ts";

const AWS = "https://docs.aws.amazon.com";
const GITHUB = "https://docs.github.com/en/actions";

/** The 24 steps from an empty account to the first green deployment, in their order. */
export const STEPS: readonly StepSpec[] = [
  step("preparation", "pipeline-identity", {
    link: `${AWS}/IAM/latest/UserGuide/id_roles_providers_create_oidc.html`,
    check: checkPipelineIdentity,
    fix: fixes.fixProvider,
  }),
  step("preparation", "repository-secrets", {
    needs: ["pipeline-identity"],
    link: `${GITHUB}/how-tos/write-workflows/choose-what-workflows-do/use-secrets`,
    check: checkNames,
    fix: () => byHand(say("readinessStep.fix.variables")),
  }),
  step("preparation", "branch", {
    link: "https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches",
    check: checkBranch,
    fix: () => byHand(say("readinessStep.fix.branch")),
  }),
  step("preparation", "documents", {
    needs: ["service"],
    link: "https://yaml.org/spec/1.2.2/",
    check: checkDocuments,
    fix: fixes.fixDocuments,
  }),
  step("local", "dockerfile", {
    link: "https://docs.docker.com/build/building/best-practices/",
    check: checkDockerfile,
    fix: () => byHand(say("readinessStep.fix.dockerfile")),
  }),
  step("local", "compose-file", {
    needs: ["dockerfile"],
    link: "https://docs.docker.com/compose/",
    check: checkRuns,
    fix: fixes.fixCompose("config"),
  }),
  step("local", "production-profile", {
    link: "https://docs.spring.io/spring-boot/reference/features/profiles.html",
    check: checkRuns,
    fix: () => byHand(say("readinessStep.fix.profile")),
  }),
  step("local", "image-build", {
    needs: ["dockerfile"],
    link: `${AWS}/AmazonECR/latest/userguide/docker-push-ecr-image.html`,
    check: checkImageBuilt,
    fix: fixes.fixImage("1.0.0"),
  }),
  step("local", "compose-up", {
    needs: ["compose-file", "production-profile", "image-build"],
    link: "https://docs.docker.com/reference/cli/docker/compose/up/",
    check: checkRuns,
    fix: fixes.fixCompose("up --wait"),
  }),
  step("local", "local-test", {
    needs: ["compose-up"],
    link: `${AWS}/elasticloadbalancing/latest/application/target-group-health-checks.html`,
    check: checkRuns,
    fix: ({ port }) => ({ words: null, cli: [`curl --fail http://127.0.0.1:${port}/actuator/health`], template: null }),
  }),
  step("infrastructure", "repository", {
    link: `${AWS}/AmazonECR/latest/userguide/repository-create.html`,
    check: checkRepository,
    fix: fixes.fixRepository,
  }),
  step("infrastructure", "cluster", {
    link: `${AWS}/AmazonECS/latest/developerguide/create-cluster-console-v2.html`,
    check: checkCluster,
    fix: fixes.fixCluster,
  }),
  step("infrastructure", "security-groups", {
    link: `${AWS}/AmazonECS/latest/developerguide/fargate-task-networking.html`,
    check: checkNetwork,
    fix: fixNetwork,
  }),
  step("infrastructure", "target-groups", {
    needs: ["security-groups"],
    link: `${AWS}/elasticloadbalancing/latest/application/load-balancer-target-groups.html`,
    check: checkTargetGroups,
    fix: fixTargetGroups,
  }),
  step("infrastructure", "load-balancer", {
    needs: ["target-groups"],
    link: `${AWS}/elasticloadbalancing/latest/application/create-application-load-balancer.html`,
    check: checkLoadBalancer,
    fix: fixLoadBalancer,
  }),
  step("infrastructure", "parameters", {
    link: `${AWS}/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html`,
    check: checkParameters,
    fix: fixes.fixParameters,
  }),
  step("infrastructure", "log-group", {
    link: `${AWS}/AmazonECS/latest/developerguide/using_awslogs.html`,
    check: checkLogGroup,
    fix: fixes.fixLogGroup,
  }),
  step("infrastructure", "service", {
    needs: ["cluster", "load-balancer", "task-definition"],
    link: `${AWS}/AmazonECS/latest/developerguide/ecs_services.html`,
    check: checkService,
    fix: fixService,
  }),
  step("automation", "task-definition", {
    needs: ["push", "parameters", "log-group"],
    link: `${AWS}/AmazonECS/latest/developerguide/task_definition_parameters.html`,
    check: checkTaskDefinition,
    fix: fixTaskDefinition,
  }),
  step("automation", "workflow", {
    needs: ["repository-secrets", "branch", "service"],
    link: `${GITHUB}/tutorials/deploying-with-github-actions`,
    check: checkWorkflow,
    fix: () => byHand(say("readinessStep.fix.workflow")),
  }),
  step("automation", "push", {
    needs: ["image-build", "repository"],
    link: `${AWS}/AmazonECR/latest/userguide/docker-push-ecr-image.html`,
    check: checkPushed,
    fix: fixes.fixImage("1.0.0"),
  }),
  step("automation", "image-deployed", {
    needs: ["task-definition", "service"],
    link: `${AWS}/AmazonECS/latest/developerguide/update-task-definition-console-v2.html`,
    check: checkUpToDate,
    fix: fixes.fixSwitch,
  }),
  step("automation", "deployment", {
    needs: ["image-deployed", "documents"],
    link: `${AWS}/AmazonECS/latest/developerguide/deployment-types.html`,
    check: checkDeployed,
    fix: fixes.fixDeployment,
  }),
  step("automation", "blue-green", {
    needs: ["deployment", "load-balancer"],
    link: `${AWS}/AmazonECS/latest/developerguide/deployment-type-blue-green.html`,
    check: checkSwitched,
    fix: fixes.fixSwitch,
  }),
].map((spec, index) => ({ ...spec, number: index + 1 }));

/** The steps that have a title, by the keys of the catalogue. */
type StepId = SentenceCode extends infer C ? (C extends `readinessStep.title.${infer Id}` ? Id : never) : never;

function step(
  phase: StepSpec["phase"],
  id: StepId,
  rest: Pick<StepSpec, "link" | "check" | "fix"> & { needs?: readonly StepId[] },
): Omit<StepSpec, "number"> {
  const titleSaid = say(`readinessStep.title.${id}`);
  const whySaid = say(`readinessStep.why.${id}`);
  return { needs: [], ...rest, phase, id, title: inEnglish(titleSaid), titleSaid, why: inEnglish(whySaid), whySaid };
}

function checkNetwork(facts: ReadinessFacts, subject: Subject): readonly Point[] {
  const services = seenOf(facts.services) ?? [];
  const subnets =
    services.length === 0 ? [] : judge(facts.network, (network) => checkSubnets(network, services, facts));
  return [...checkSecurityGroups(facts, subject), ...subnets];
}
