import { say } from "../domain/sentence/sentence.ts";
import { shortName } from "../domain/text/short-name.ts";
import type { ApplicationConfig } from "./application-config.ts";
import { fix } from "./fix.ts";

/** A service or target group that an earlier application has: where it stands in switchyard.yaml, and what to do. */
interface SharedPart {
  path: (string | number)[];
  message: string;
}

/**
 * Services and target groups that two applications name. Each has its own lease, record, freezes and approvals, so that one
 * would stop or replace what the other serves with, and go round what was said of it. By name or ARN alike, as far as the file tells.
 */
export function findSharedParts(applications: readonly ApplicationConfig[]): SharedPart[] {
  const owners = new Map<string, string>();
  return applications.flatMap((application, index) =>
    partsOf(application).flatMap(({ key, path }) => {
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, application.name);
      if (owner === undefined || owner === application.name) return [];
      const message = fix(say("config.sharedPart", { owner }));
      return [{ path: ["applications", index, ...path], message }];
    }),
  );
}

function partsOf(application: ApplicationConfig): { key: string; path: string[] }[] {
  const { account, region, cluster, service } = application;
  const place = `${account ?? ""} ${region ?? ""}`;
  const serviceKey = (name: string) => `${place} ${lastPart(cluster)}/${lastPart(name)}`;
  const ofSides = (["blue", "green"] as const).flatMap((color) => {
    const side = application[color];
    if (!side) return [];
    const group = /:targetgroup\/([^/]+)\//.exec(side.targetGroup)?.[1] ?? side.targetGroup;
    return [
      { key: `${place} group ${group}`, path: [color, "targetGroup"] },
      ...(side.service === null ? [] : [{ key: serviceKey(side.service), path: [color, "service"] }]),
    ];
  });
  return [...(service === null ? [] : [{ key: serviceKey(service), path: ["service"] }]), ...ofSides];
}

function lastPart(name: string): string {
  return name.startsWith("arn:") ? shortName(name) : name;
}
