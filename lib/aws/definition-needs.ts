import { isObject, type JsonObject } from "./raw-json.ts";

/** What tasks of a definition need besides their images before they start. */
export interface DefinitionNeeds {
  /** ARNs of roles that ECS takes for them. */
  executionRole: string | null;
  taskRole: string | null;
  /** What its secrets are read from, of Parameter Store and Secrets Manager, as the definition says it. */
  secrets: readonly string[];
  /** Secrets of Secrets Manager with what private registries ask for, by their ARNs or by their names alone. */
  registries: readonly string[];
}

/** Reads them from a task definition as AWS answers it. */
export function definitionNeeds(raw: JsonObject): DefinitionNeeds {
  const containers = listOf(raw.containerDefinitions);
  const secrets = containers.flatMap((container) => [
    ...listOf(container.secrets),
    ...(isObject(container.logConfiguration) ? listOf(container.logConfiguration.secretOptions) : []),
  ]);
  const registries = containers.flatMap(({ repositoryCredentials }) =>
    isObject(repositoryCredentials) ? [textOf(repositoryCredentials.credentialsParameter)] : [],
  );
  return {
    executionRole: textOf(raw.executionRoleArn),
    taskRole: textOf(raw.taskRoleArn),
    secrets: distinct(secrets.map(({ valueFrom }) => textOf(valueFrom))),
    registries: distinct(registries),
  };
}

function distinct(texts: readonly (string | null)[]): string[] {
  return [...new Set(texts.filter((each) => each !== null))];
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
