import { RegisterTaskDefinition$ } from "@aws-sdk/client-ecs";
import { NormalizedSchema } from "@smithy/core/schema";
import type { SchemaRef } from "@smithy/types";
import { describe, expect, test } from "vitest";
import { diffTaskDefinitions } from "../domain/observation/task-definition.ts";
import { taskDefinitionFields } from "../domain/observation/task-definition-fields.ts";

/* Every member of a task definition that the SDK models, one changed at a time. */

type Leaf = { path: readonly string[]; values: readonly [unknown, unknown] };

function leavesOf(schema: NormalizedSchema, path: readonly string[] = []): Leaf[] {
  if (schema.isStructSchema())
    return [...schema.structIterator()].flatMap(([name, member]) => leavesOf(member, [...path, name]));
  if (schema.isListSchema()) return leavesOf(schema.getValueSchema(), [...path, "[]"]);
  if (schema.isMapSchema()) return leavesOf(schema.getValueSchema(), [...path, "{}"]);
  if (schema.isBooleanSchema()) return [{ path, values: [false, true] }];
  return [{ path, values: schema.isNumericSchema() ? [10, 11] : ["one", "two"] }];
}

/** A document that has nothing but this member, beside what every task definition has. */
function documentWith(path: readonly string[], value: unknown): Record<string, unknown> {
  const build = ([first, ...rest]: readonly string[]): unknown => {
    if (first === undefined) return value;
    if (first === "[]") return [build(rest)];
    return { [first === "{}" ? "a-key" : first]: build(rest) };
  };
  const changed = build(path) as { containerDefinitions?: object[] };
  const container = { name: "web", image: "library:1", ...changed.containerDefinitions?.[0] };
  return { family: "library", ...changed, containerDefinitions: [container] };
}

const input = NormalizedSchema.of((RegisterTaskDefinition$ as unknown as SchemaRef[])[4] as SchemaRef);
const leaves = leavesOf(input).filter(({ path }) => path[0] !== "family");
const read = (definition: Record<string, unknown>) => ({ fields: taskDefinitionFields(definition, (text) => text) });

describe("the diff of two task definitions", () => {
  test("there are as many members as people know", () => {
    expect(leaves.length).toBeGreaterThan(120);
  });

  test.each(leaves.map((leaf) => [leaf.path.join("."), leaf] as const))("tells a change of %s in words", (_, leaf) => {
    const [before, after] = leaf.values.map((value) => read(documentWith(leaf.path, value)));
    const without = read(documentWith(["family"], "library"));
    if (!before || !after) throw new Error("There are two");
    const name = leaf.path.at(-1) === "name" && leaf.path.length === 3;
    for (const changes of [
      diffTaskDefinitions(before, after),
      // A container's own name is told by the lines of that container.
      ...(name ? [] : [diffTaskDefinitions(without, after), diffTaskDefinitions(after, without)]),
    ]) {
      expect(changes).not.toEqual([]);
      for (const { field } of changes) {
        expect(field).not.toMatch(/[a-z][A-Z](?!ens)|Order of entries|undefined|: $|^:/);
        expect(field).toMatch(/\w/);
      }
    }
  });
});
