import { type Document, isMap, isScalar, LineCounter, parseDocument, visit } from "yaml";
import { z } from "zod";
import { say } from "../domain/sentence/sentence.ts";
import { cutText } from "../domain/text/cut-text.ts";
import { type AccessConfig, accessSchema, NO_ACCESS } from "./access-config.ts";
import { type AccountConfig, accountsSchema, findAccountProblems } from "./accounts-config.ts";
import { type ApplicationConfig, applicationSchema } from "./application-config.ts";
import { type AuditConfig, auditSchema, DEFAULT_AUDIT } from "./audit-config.ts";
import { type EventsQueue, eventsSchema, findEventsProblems } from "./events-config.ts";
import { expandVariables } from "./expand-variables.ts";
import { fix, fixOf } from "./fix.ts";
import {
  isSecretSetting,
  NO_NOTIFICATIONS,
  type NotificationsConfig,
  notificationsSchema,
} from "./notifications-config.ts";
import { issuersOf, NO_PIPELINES, type PipelinesConfig, pipelinesSchema } from "./pipelines-config.ts";
import { type ConfigProblem, configProblem, nearestName } from "./problem.ts";
import { type RateLimits, rateLimitsSchema } from "./rate-limits-config.ts";
import { regionSchema } from "./region.ts";
import { findSharedParts } from "./shared-parts.ts";

const fileSchema = z
  .strictObject(
    {
      /** For every application that names none. */
      region: regionSchema.nullable().default(null),
      accounts: accountsSchema.default([]),
      /** Of the account of Switchyard's own credentials. */
      rateLimits: rateLimitsSchema.default({}),
      /** Queues with ECS's events, where there are any. */
      events: eventsSchema.default([]),
      access: accessSchema.default(NO_ACCESS),
      notifications: notificationsSchema.default(NO_NOTIFICATIONS),
      audit: auditSchema.default(DEFAULT_AUDIT),
      pipelines: pipelinesSchema.default(NO_PIPELINES),
      applications: z
        // None at all is an installation that begins: it opens on readiness.
        .array(applicationSchema, fix(say("config.applicationList"))),
    },
    fix(say("config.applications")),
  )
  .superRefine((file, context) => {
    const seen = new Set<string>();
    file.applications.forEach(({ name }, index) => {
      if (seen.has(name))
        context.addIssue({
          code: "custom",
          path: ["applications", index, "name"],
          message: fix(say("config.nameOfApplication")),
        });
      seen.add(name);
    });
    for (const { path, message } of [
      ...findSharedParts(file.applications),
      ...findAccountProblems(file.accounts, file.applications),
      ...findEventsProblems(file.events, file.accounts),
    ])
      context.addIssue({ code: "custom", path, message });
    const issuers = issuersOf(file.pipelines).map(({ name }) => name);
    file.applications.forEach(({ pipelines }, index) => {
      pipelines.forEach(({ issuer }, rule) => {
        if (!issuers.includes(issuer))
          context.addIssue({
            code: "custom",
            path: ["applications", index, "pipelines", rule, "issuer"],
            message: fix(say("config.oneOfIssuers", { names: issuers.join(", ") })),
          });
      });
    });
  });

/** switchyard.yaml as it is used; application names are unique. */
export interface ConfigFile {
  region: string | null;
  /** Besides that of Switchyard's own credentials. */
  accounts: AccountConfig[];
  /** Of the account of Switchyard's own credentials. */
  rateLimits: RateLimits;
  events: EventsQueue[];
  access: AccessConfig;
  /** Told of every application. */
  notifications: NotificationsConfig;
  audit: AuditConfig;
  pipelines: PipelinesConfig;
  applications: ApplicationConfig[];
}

/** Where the default is a number, so is what the environment gives; anything else stays text, a secret of digits too. */
const NUMBER_BY_DEFAULT = /^\$\{\w+:-\d+(\.\d+)?\}$/;
const isNumber = (text: string) => /^\d+(\.\d+)?$/.test(text);

/** Reads the text of switchyard.yaml: the settings, or every problem with its line, value and fix. `${NAME:-default}` in values is replaced from `env`. */
export function parseConfigFile(
  text: string,
  fileName: string,
  env: Readonly<Record<string, string | undefined>>,
): { ok: true; file: ConfigFile } | { ok: false; problems: ConfigProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${fileName}:${line}:${col}`;
  };
  const problems: ConfigProblem[] = document.errors.map((error) =>
    configProblem(place(error.pos[0]), error.message, say("config.correctYaml")),
  );
  if (problems.length > 0) return { ok: false, problems };

  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value !== "string") return;
      const expanded = expandVariables(node.value, env);
      if (expanded.ok)
        node.value =
          isNumber(expanded.value) && NUMBER_BY_DEFAULT.test(node.value) && node.type === "PLAIN"
            ? Number(expanded.value)
            : expanded.value;
      else
        problems.push(
          configProblem(
            place(node.range?.[0] ?? 0),
            say("config.noVariable", { name: expanded.missing }),
            say("config.setVariable", { name: expanded.missing, form: `\${${expanded.missing}:-default}` }),
          ),
        );
    },
  });

  const parsed = fileSchema.safeParse(document.toJS());
  if (!parsed.success) for (const issue of parsed.error.issues) problems.push(...describeIssue(issue, document, place));
  return problems.length > 0 || !parsed.success ? { ok: false, problems } : { ok: true, file: parsed.data };
}

function describeIssue(
  issue: z.core.$ZodIssue,
  document: Document.Parsed,
  place: (offset: number) => string,
): ConfigProblem[] {
  const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => {
      const near = nearestName(key, knownKeys(path));
      return configProblem(
        `${place(keyOffset(document, path, key))} ${renderPath([...path, key])}`,
        say("config.noSetting"),
        near ? say("config.didYouMean", { name: near }) : say("config.removeIt", { names: knownKeys(path).join(", ") }),
      );
    });
  const value = document.getIn(path);
  const shown = isSecretSetting(path) ? say("config.theValue") : show(value);
  const message = value === undefined ? say("config.missing") : say("config.notValid", { shown });
  return [configProblem(`${place(nodeOffset(document, path))} ${renderPath(path)}`, message, fixOf(issue))];
}

/** The node itself, or the nearest one around it that exists. */
function nodeOffset(document: Document.Parsed, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (node && typeof node === "object" && "range" in node && Array.isArray(node.range)) return Number(node.range[0]);
  }
  return document.contents?.range?.[0] ?? 0;
}

function keyOffset(document: Document.Parsed, path: readonly (string | number)[], key: string): number {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isMap(map))
    for (const pair of map.items)
      if (isScalar(pair.key) && String(pair.key.value) === key && pair.key.range) return pair.key.range[0];
  return nodeOffset(document, path);
}

function knownKeys(path: readonly (string | number)[]): string[] {
  let schema: unknown = fileSchema;
  for (const part of path) {
    const inner = unwrap(schema);
    if (inner instanceof z.ZodArray) schema = inner.element;
    else if (inner instanceof z.ZodObject) schema = inner.shape[String(part)];
    else if (inner instanceof z.ZodRecord) schema = inner.valueType;
    else if (inner instanceof z.ZodUnion)
      schema = inner.options.find((option) => unwrap(option) instanceof z.ZodObject);
  }
  const last = unwrap(schema);
  return last instanceof z.ZodObject ? Object.keys(last.shape) : [];
}

function unwrap(schema: unknown): unknown {
  let inner = schema;
  for (;;) {
    if (inner instanceof z.ZodDefault || inner instanceof z.ZodNullable || inner instanceof z.ZodOptional)
      inner = inner.unwrap();
    // What is prepared before it is checked has its shape behind the preparation.
    else if (inner instanceof z.ZodPipe) inner = inner.in instanceof z.ZodTransform ? inner.out : inner.in;
    else break;
  }
  return inner;
}

function renderPath(path: readonly (string | number)[]): string {
  return path.map((part, i) => (typeof part === "number" ? `[${part}]` : i === 0 ? part : `.${part}`)).join("");
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${cutText(text, 77)}...` : text;
}
