import { expect, test } from "vitest";
import { PUT_IN, placeOf, readSources, type SourceFile, textOf, walk } from "../testing/source-text.ts";

/** Folders whose sentences are not in the catalogues yet. It only gets shorter: a folder without sentences has to go. */
const NOT_YET: readonly string[] = [
  "app/api/v1",
  "app/api/v1/applications/[name]/logs",
  "lib/auth",
  "lib/aws",
  "lib/config",
  "lib/domain/access",

  "lib/domain/discovery",
  "lib/domain/incident",

  "lib/domain/log",
  "lib/domain/observation",
  "lib/domain/readiness",
  "lib/engine",
  "lib/gather",
  "lib/logs",
  "lib/notify",
  "lib/observe",
  "lib/operations",
  "lib/process",
  "lib/queries",
  "lib/request",
  "lib/store",
  "lib/streams",
];

/** Attributes of elements and of our components that are read by people. */
const READ_ATTRIBUTES =
  /^(?:aria-(?:label|description|roledescription|valuetext)|title|placeholder|alt|label|detail|hint|note|suffix|text|what|heading|caption|summary|busyLabel|empty)$/;

type Around = Parameters<Parameters<typeof walk>[1]>[1];
type Node = Parameters<typeof walk>[0];

/** What is shown: text between tags, and what an expression between tags, in a read attribute or in a member of its name comes to. */
function isShown(node: Node, around: Around): boolean {
  for (let i = around.length - 1; i >= 0; i--) {
    const each = around[i];
    const child = around[i + 1] ?? node;
    if (!each) return false;
    if (each.type === "JSXExpressionContainer" || each.type === "LogicalExpression" || each.type === "TemplateLiteral")
      continue;
    if (each.type === "ConditionalExpression") {
      if (child === each.test) return false;
      continue;
    }
    if (each.type === "Property") return READ_ATTRIBUTES.test(String((each.key as Node).name)) && child === each.value;
    if (each.type === "JSXElement" || each.type === "JSXFragment") return true;
    if (each.type === "JSXAttribute") return READ_ATTRIBUTES.test(String((each.name as Node).name));
    return false;
  }
  return false;
}

/** What nobody reads on a page: class names, what is logged or thrown, what is imported, which directive it is. */
function isUnread(around: Around): boolean {
  return around.some((node) => {
    if (node.type === "JSXAttribute")
      return /^(?:className|d|style|sizes|viewBox|points)$/.test(String((node.name as Node).name));
    if (node.type === "NewExpression") return /Error$/.test(String((node.callee as Node).name));
    if (node.type === "CallExpression")
      return /^(?:log|console)$/.test(String(((node.callee as Node).object as Node | undefined)?.name));
    return /^(?:Import|Export)\w*Declaration$/.test(node.type) && node.source !== null && node.source !== undefined;
  });
}

/** "Nothing was changed", "{} of {} tasks run": a capital and words, or words around a value. */
const READS_LIKE_A_SENTENCE = /^\p{Lu}[^\n]*\p{L} \p{L}|\{\} \p{Ll}+ \p{Ll}+|\p{Ll}+ \p{Ll}+ \{\}/u;

/** Names and codes are the same in every language. */
const NAMES = /^(?:Switchyard|AWS|Amazon ECS|CloudWatch|CodeDeploy|English|한국어|blue|green|5xx|STOPPED)$/;

/** Every sentence that is written in a file's code. */
function sentencesIn(file: SourceFile): string[] {
  const found: string[] = [];
  walk(file.program, (node, around) => {
    const text = textOf(node);
    if (text === null || NAMES.test(text) || !/\p{L}{2}/u.test(text.replaceAll(PUT_IN, ""))) return;
    if (isUnread(around)) return;
    if (node.type === "JSXText" || isShown(node, around) || READS_LIKE_A_SENTENCE.test(text))
      found.push(placeOf(file, node, text));
  });
  return found;
}

/** English alone, on purpose: the description of the API, which programs are written from, and names. */
const ENGLISH_ALONE =
  /^app\/api\/v1\/(?:openapi-[a-z]+|[a-z-]*schemas|schema-parts)\.ts$|^lib\/auth\/sandbox-users\.ts$/;

const sources = readSources(["app", "components", "lib"]).filter(
  ({ path }) => !path.startsWith("lib/messages/") && !ENGLISH_ALONE.test(path),
);
const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/"));
const isPut = (path: string) => NOT_YET.includes(folderOf(path));

test("no sentence stands outside the catalogues", () => {
  const written = sources.filter(({ path }) => !isPut(path)).flatMap(sentencesIn);
  expect(written).toEqual([]);
});

test.each(NOT_YET)("%s has sentences of its own still", (folder) => {
  const found = sources.filter(({ path }) => folderOf(path) === folder).flatMap(sentencesIn);
  expect(found).not.toEqual([]);
});
