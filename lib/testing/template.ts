import { readFileSync } from "node:fs";
import { type CollectionTag, parse, type ScalarTag } from "yaml";

/** A CloudFormation template, its short forms as the long ones without "Fn::". */
export interface Template {
  AWSTemplateFormatVersion: string;
  Description: string;
  Parameters?: Record<string, { Type: string; Default?: unknown }>;
  Conditions?: Record<string, unknown>;
  Resources: Record<string, TemplateResource>;
  Outputs?: Record<string, { Value: unknown; Condition?: string }>;
}

export interface TemplateResource {
  Type: string;
  Condition?: string;
  DependsOn?: string | string[];
  Properties?: Record<string, unknown>;
}

const FUNCTIONS = ["Ref", "Sub", "GetAtt", "Select", "Cidr", "GetAZs", "Join", "Equals", "Not", "If"];

/** Reads a template of deploy/aws. For tests. */
export function readTemplate(path: string | URL): Template {
  const customTags = FUNCTIONS.flatMap((tag): (ScalarTag | CollectionTag)[] => [
    { tag: `!${tag}`, resolve: (text: string) => ({ [tag]: text }) },
    {
      tag: `!${tag}`,
      collection: "seq",
      resolve: (items) => ({ [tag]: (items as { toJSON(): unknown }).toJSON() }) as never,
    },
  ]);
  // Safe because whatever a template lacks is found by the tests that read it.
  return parse(readFileSync(path, "utf8"), { customTags }) as Template;
}
