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
import { judge } from "./look.ts";
import type { Point, StepSpec } from "./readiness.ts";
import type { ReadinessFacts, Subject } from "./readiness-facts.ts";
import { seenOf } from "./seen-of.ts";
import { byHand } from "./shell.ts";

const AWS = "https://docs.aws.amazon.com";
const GITHUB = "https://docs.github.com/en/actions";

/** The 24 steps from an empty account to the first green deployment, in their order. */
export const STEPS: readonly StepSpec[] = [
  step("preparation", "pipeline-identity", "Role for the pipeline", {
    why: "Without a role the pipeline needs an access key, which is a secret that can be copied and does not end.",
    link: `${AWS}/IAM/latest/UserGuide/id_roles_providers_create_oidc.html`,
    check: checkPipelineIdentity,
    fix: fixes.fixProvider,
  }),
  step("preparation", "repository-secrets", "Secrets and variables of the repository", {
    needs: ["pipeline-identity"],
    why: "The workflow has to know the role, the Region and Switchyard's address, and nothing secret may be in the repository.",
    link: `${GITHUB}/how-tos/write-workflows/choose-what-workflows-do/use-secrets`,
    check: checkNames,
    fix: () => byHand("Set AWS_ROLE_ARN, AWS_REGION and SWITCHYARD_URL as variables of the repository"),
  }),
  step("preparation", "branch", "Branch that is deployed", {
    why: "Whoever may push to this branch deploys: protect it.",
    link: "https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches",
    check: checkBranch,
    fix: () => byHand("Choose the branch, and protect it with a required review"),
  }),
  step("preparation", "documents", "Description in switchyard.yaml", {
    needs: ["service"],
    why: "Names that only one person knows are found again too late at night.",
    link: "https://yaml.org/spec/1.2.2/",
    check: checkDocuments,
    fix: fixes.fixDocuments,
  }),
  step("local", "dockerfile", "Dockerfile", {
    why: "The image is what is deployed: built in stages, run as another user than root, with a health check.",
    link: "https://docs.docker.com/build/building/best-practices/",
    check: checkDockerfile,
    fix: () => byHand("Write a Dockerfile with a build stage and a stage that runs as a user of its own"),
  }),
  step("local", "compose-file", "Compose file with a database", {
    needs: ["dockerfile"],
    why: "What does not start beside a database on one machine does not start in AWS either, and is found sooner here.",
    link: "https://docs.docker.com/compose/",
    check: checkRuns,
    fix: fixes.fixCompose("config"),
  }),
  step("local", "production-profile", "Production profile", {
    why: "The profile takes its database from the environment, so that the same image runs everywhere.",
    link: "https://docs.spring.io/spring-boot/reference/features/profiles.html",
    check: checkRuns,
    fix: () =>
      byHand("Read url, username and password from the environment, and start with SPRING_PROFILES_ACTIVE=production"),
  }),
  step("local", "image-build", "Image build", {
    needs: ["dockerfile"],
    why: "An image for another processor than the task's ends with exec format error.",
    link: `${AWS}/AmazonECR/latest/userguide/docker-push-ecr-image.html`,
    check: checkImageBuilt,
    fix: fixes.fixImage("1.0.0"),
  }),
  step("local", "compose-up", "Application and database started together", {
    needs: ["compose-file", "production-profile", "image-build"],
    why: "It shows that migrations run and the health check answers.",
    link: "https://docs.docker.com/reference/cli/docker/compose/up/",
    check: checkRuns,
    fix: fixes.fixCompose("up --wait"),
  }),
  step("local", "local-test", "Local test on the container's port", {
    needs: ["compose-up"],
    why: "The load balancer asks the same path on the same port.",
    link: `${AWS}/elasticloadbalancing/latest/application/target-group-health-checks.html`,
    check: checkRuns,
    fix: ({ port }) => ({ words: null, cli: [`curl --fail http://127.0.0.1:${port}/actuator/health`], template: null }),
  }),
  step("infrastructure", "repository", "ECR repository", {
    why: "Tasks pull their image from it; tags that can be moved make it unclear what runs.",
    link: `${AWS}/AmazonECR/latest/userguide/repository-create.html`,
    check: checkRepository,
    fix: fixes.fixRepository,
  }),
  step("infrastructure", "cluster", "ECS cluster", {
    why: "Services and tasks belong to a cluster.",
    link: `${AWS}/AmazonECS/latest/developerguide/create-cluster-console-v2.html`,
    check: checkCluster,
    fix: fixes.fixCluster,
  }),
  step("infrastructure", "security-groups", "Network and security groups", {
    why: "The load balancer must reach the tasks, these the database, ECR, logs and parameters, and nobody else either.",
    link: `${AWS}/AmazonECS/latest/developerguide/fargate-task-networking.html`,
    check: checkNetwork,
    fix: fixNetwork,
  }),
  step("infrastructure", "target-groups", "Target groups for blue and green", {
    needs: ["security-groups"],
    why: "The two groups are the two sides; moving traffic is moving weights between them.",
    link: `${AWS}/elasticloadbalancing/latest/application/load-balancer-target-groups.html`,
    check: checkTargetGroups,
    fix: fixTargetGroups,
  }),
  step("infrastructure", "load-balancer", "Load balancer and listener", {
    needs: ["target-groups"],
    why: "People reach the application through it. It costs money while it stands, so it may be put off.",
    link: `${AWS}/elasticloadbalancing/latest/application/create-application-load-balancer.html`,
    check: checkLoadBalancer,
    fix: fixLoadBalancer,
  }),
  step("infrastructure", "parameters", "Parameters", {
    why: "Passwords stay out of images and task definitions.",
    link: `${AWS}/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html`,
    check: checkParameters,
    fix: fixes.fixParameters,
  }),
  step("infrastructure", "log-group", "Log group", {
    why: "Without it tasks do not start (ResourceInitializationError), and nobody sees why a container ended.",
    link: `${AWS}/AmazonECS/latest/developerguide/using_awslogs.html`,
    check: checkLogGroup,
    fix: fixes.fixLogGroup,
  }),
  step("infrastructure", "service", "ECS service", {
    needs: ["cluster", "load-balancer", "task-definition"],
    why: "It keeps the wanted number of tasks running and registers them with their target group.",
    link: `${AWS}/AmazonECS/latest/developerguide/ecs_services.html`,
    check: checkService,
    fix: fixService,
  }),
  step("automation", "task-definition", "Task definition", {
    needs: ["push", "parameters", "log-group"],
    why: "It says which image runs, with which size, roles, ports, secrets and log.",
    link: `${AWS}/AmazonECS/latest/developerguide/task_definition_parameters.html`,
    check: checkTaskDefinition,
    fix: fixTaskDefinition,
  }),
  step("automation", "workflow", "Workflow", {
    needs: ["repository-secrets", "branch", "service"],
    why: "A deployment that a person types is different every time.",
    link: `${GITHUB}/tutorials/deploying-with-github-actions`,
    check: checkWorkflow,
    fix: () => byHand("Copy deploy/github/deploy-to-ecs.yml to .github/workflows and set its names"),
  }),
  step("automation", "push", "First image pushed", {
    needs: ["image-build", "repository"],
    why: "Only an image in the registry can be deployed.",
    link: `${AWS}/AmazonECR/latest/userguide/docker-push-ecr-image.html`,
    check: checkPushed,
    fix: fixes.fixImage("1.0.0"),
  }),
  step("automation", "image-deployed", "Newest image in the task definition", {
    needs: ["task-definition", "service"],
    why: "An image that nobody deploys is not what people use.",
    link: `${AWS}/AmazonECS/latest/developerguide/update-task-definition-console-v2.html`,
    check: checkUpToDate,
    fix: fixes.fixSwitch,
  }),
  step("automation", "deployment", "Deployment that ended well", {
    needs: ["image-deployed", "documents"],
    why: "The first one shows what is missing while nobody waits for it.",
    link: `${AWS}/AmazonECS/latest/developerguide/deployment-types.html`,
    check: checkDeployed,
    fix: fixes.fixDeployment,
  }),
  step("automation", "blue-green", "Traffic moved from blue to green", {
    needs: ["deployment", "load-balancer"],
    why: "From here on a release has a way back that takes seconds.",
    link: `${AWS}/AmazonECS/latest/developerguide/deployment-type-blue-green.html`,
    check: checkSwitched,
    fix: fixes.fixSwitch,
  }),
].map((spec, index) => ({ ...spec, number: index + 1 }));

function step(
  phase: StepSpec["phase"],
  id: string,
  title: string,
  rest: Omit<StepSpec, "phase" | "id" | "title" | "number" | "needs"> & { needs?: readonly string[] },
): Omit<StepSpec, "number"> {
  return { needs: [], ...rest, phase, id, title };
}

function checkNetwork(facts: ReadinessFacts, subject: Subject): readonly Point[] {
  const services = seenOf(facts.services) ?? [];
  const subnets =
    services.length === 0 ? [] : judge(facts.network, (network) => checkSubnets(network, services, facts));
  return [...checkSecurityGroups(facts, subject), ...subnets];
}
