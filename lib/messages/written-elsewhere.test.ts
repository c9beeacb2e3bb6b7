import { expect, test } from "vitest";
import { PUT_IN, placeOf, readSources, type SourceFile, textOf, walk } from "../testing/source-text.ts";

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

/** What nobody reads on a page: class names, what is logged or thrown, what describes the API, what is imported. */
function isUnread(around: Around): boolean {
  return around.some((node) => {
    if (node.type === "JSXAttribute")
      return /^(?:className|d|style|sizes|viewBox|points)$/.test(String((node.name as Node).name));
    if (node.type === "ThrowStatement") return true;
    if (node.type === "NewExpression") return /Error$/.test(String((node.callee as Node).name));
    if (node.type === "CallExpression") return isUnreadCall(node.callee as Node);
    return /^(?:Import|Export)\w*Declaration$/.test(node.type) && node.source !== null && node.source !== undefined;
  });
}

/** `log.warn(…)`, `deps.log(…)`, `console.error(…)`, an error's `super(…)`, a schema's `.describe(…)`. */
function isUnreadCall(callee: Node): boolean {
  if (callee.type === "Super") return true;
  const names = [callee, callee.object, callee.property].map((part) => String((part as Node | undefined)?.name));
  return names.some((name) => /^(?:log|console|describe)$/.test(name));
}

/** "Nothing was changed", "{} of {} tasks run": a capital and words, or words around a value. */
const READS_LIKE_A_SENTENCE = /^\p{Lu}[^\n]*\p{L} \p{L}|\{\} \p{Ll}+ \p{Ll}+|\p{Ll}+ \p{Ll}+ \{\}/u;

/** Names and codes are the same in every language. */
const NAMES =
  /^\{ [\w, ]+ \}$|^(?:Switchyard|AWS|Amazon ECS|CloudWatch|CodeDeploy|Service Connect|Cloud Map|Classic ELB|VPC Lattice|English|한국어|blue|green|5xx|STOPPED)$/;

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

/** English alone, on purpose, by what reads it. */
const ENGLISH_ALONE = {
  "programs that are written from the description of the API":
    /^app\/api\/v1\/(?:openapi-[a-z-]+|[a-z-]*schemas|schema-parts)\.ts$/,
  "whoever runs the process, in its log and on its terminal": new RegExp(
    [
      "^lib/process/(?:boot|command-line|head-witnesses|otlp|proxy-look|verify-put-offs|runtime|wire-runtime|follow-looks)",
      "^lib/config/problem|^lib/domain/readiness/readiness-text|^lib/streams/event-stream",
      "^lib/engine/(?:deployment-record|take-step)|^lib/observe/(?:observer|outage-log)",
      "^lib/store/(?:audit-chain|audit-prune|create-store|data-directory|leases|migrate|outage-watch)",
    ].join("|"),
  ),
  "probes and monitoring": /^lib\/process\/(?:health|metrics|readiness)\.ts$/,
  "the database": /^lib\/store\/(?:incidents|outbox|runtime-role)\.ts$/,
  "everybody who opens switchyard.yaml, whatever they speak": /^lib\/domain\/discovery\/(?:config-text|propose)\.ts$/,
  "readers of log lines, in which it stands": /^lib\/domain\/log\/(?:plain-text|secrets|secret-rules|stack-trace)\.ts$/,
  "AWS's own console and command line":
    /^lib\/(?:aws\/cloudwatch|domain\/observation\/(?:order-field|task-definition-fields)|domain\/readiness\/fix(?:es|-network))\.ts$/,
  "the page, by the member's name": /^lib\/domain\/readiness\/readiness\.ts$/,
  "the audit, as the names of who asks without being a person":
    /^lib\/(?:domain\/access\/person-name|engine\/foreign-deployments)\.ts$/,
  "nobody: the sign-in page is our own": /^lib\/auth\/(?:auth-options|sandbox-users)\.ts$/,
};

const sources = readSources(["app", "components", "lib"]).filter(
  ({ path }) =>
    !path.startsWith("lib/messages/") && !Object.values(ENGLISH_ALONE).some((pattern) => pattern.test(path)),
);

test("no sentence stands outside the catalogues", () => {
  expect(sources.flatMap(sentencesIn)).toEqual([]);
});

test.each(Object.entries(ENGLISH_ALONE))("%s read English that is there", (_reader, pattern) => {
  const files = readSources(["app", "components", "lib"]).filter(({ path }) => pattern.test(path));
  expect(files.flatMap(sentencesIn)).not.toEqual([]);
});
