import type { ApplicationConfig } from "../config/application-config.ts";
import type { StandIn, Subject } from "../domain/readiness/subject.ts";
import { shortName } from "../domain/text/short-name.ts";

/** What an application listens on until AWS says otherwise. */
const USUAL_PORT = 8081;

/** What is proposed to an installation without applications: the names of the templates in deploy/aws. */
export function proposedSubject(region: string, standIn: StandIn | null = null): Subject {
  return {
    application: "library",
    isConfigured: false,
    region,
    cluster: "library-management-cluster",
    repository: "library-management-system",
    targetGroups: ["library-blue-tg", "library-green-tg"],
    loadBalancer: "library-alb",
    listenerPort: 80,
    services: ["library-service"],
    logGroup: "/ecs/library-management-task",
    family: "library-management-task",
    container: "library",
    port: USUAL_PORT,
    controller: "task-set",
    github: null,
    standIn,
  };
}

/** The names that switchyard.yaml has for an application. */
export function subjectOf(config: ApplicationConfig, region: string, standIn: StandIn | null = null): Subject {
  const services = [config.service, config.blue?.service, config.green?.service].filter(
    (name) => typeof name === "string",
  );
  const cluster = shortName(config.cluster);
  const byName = typeof config.listener === "string" ? null : config.listener;
  return {
    application: config.name,
    isConfigured: true,
    region: config.region ?? region,
    cluster,
    repository: config.repository,
    targetGroups: [config.blue?.targetGroup, config.green?.targetGroup].filter((name) => name !== undefined),
    loadBalancer: byName?.loadBalancer ?? null,
    listenerPort: byName?.port ?? null,
    services: [...new Set(services)],
    logGroup: config.logGroup,
    family: config.taskDefinitionFamilies[0] ?? `${config.name}-task`,
    container: config.container,
    port: USUAL_PORT,
    controller: config.controller,
    ...(config.approvals.release ? { approvals: config.approvals } : {}),
    ...(config.codeDeploy ? { codeDeploy: config.codeDeploy } : {}),
    github: config.github,
    standIn,
  };
}
