import fc from "fast-check";
import type { Subject } from "./find-subjects.ts";

/** What one fuzzed request carries; each kind of subject takes what it has. */
export interface FuzzInput {
  params: Record<string, string>;
  search: Record<string, string>;
  headers: Record<string, string>;
  /** Text as it is sent. */
  body: string;
  args: unknown[];
}

/** Names that inputs have somewhere, so that fuzzing gets past "missing". */
const FIELDS = [
  ...["application", "applications", "to", "receipt", "reason", "comment", "idempotencyKey", "deploymentId", "minutes"],
  ...["imageTag", "image", "taskDefinition", "name", "verbs", "expiresAt", "tokenId", "kind", "who", "role", "grantId"],
  ...[
    "personId",
    "deliveryId",
    "limit",
    "cursor",
    "from",
    "until",
    "percent",
    "force",
    "override",
    "note",
    "__proto__",
  ],
] as const;

/** Values that are right somewhere, at the edge of right, or what programs stumble over. */
const SALT = [
  ...[
    "library",
    "other",
    "green",
    "blue",
    "d-library",
    "d-other",
    "1.1.0",
    "admin",
    "operator",
    "address",
    "*",
    "deploy",
  ],
  ...["", " ", "\u0000", "a\u0000b", "\ud800", "\u202e", "..", "../..", "%00", "%2e%2e", "null", "NaN", "-1", "1e309"],
  ...["constructor", "__proto__", "toString", "'; drop table audit; --", "<script>", "=cmd()", "kim@example.com"],
  ...["0".repeat(64), "x".repeat(501), "9".repeat(40), "2026-13-45", "2026-11-25T00:00:00Z", "arn:aws:ecs:x:1:y/z"],
];

const text = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...SALT) }, fc.string({ unit: "binary", maxLength: 80 }));
const plain = fc.oneof(
  { weight: 4, arbitrary: text },
  fc.constantFrom(0, -1, 1, 30, 1e15, -0, 2 ** 53, 1.5, null, true, false, Number.MAX_VALUE),
  fc.integer(),
);
const value = fc.oneof(
  { weight: 6, arbitrary: plain },
  fc.array(plain, { maxLength: 5 }),
  fc.jsonValue({ maxDepth: 2 }),
  fc.constant(Array.from({ length: 200 }, () => "library")),
);
const fields = fc
  .array(fc.tuple(fc.constantFrom(...FIELDS), value), { maxLength: 8 })
  .map((pairs) => Object.fromEntries(pairs) as Record<string, unknown>);
/** A member given twice, the second time with an escape; programs differ in which of the two they take. */
const twice = fc.tuple(fields, fc.constantFrom(...FIELDS), value, value).map(([object, name, one, other]) => {
  const { [name]: _, ...rest } = object;
  const escaped = `\\u${name.charCodeAt(0).toString(16).padStart(4, "0")}${name.slice(1)}`;
  const members = Object.entries(rest).map(([key, held]) => `${JSON.stringify(key)}:${JSON.stringify(held)}`);
  return `{${[`"${name}":${JSON.stringify(one)}`, ...members, `"${escaped}":${JSON.stringify(other)}`].join(",")}}`;
});
const body = fc.oneof(
  { weight: 8, arbitrary: fields.map((object) => JSON.stringify(object)) },
  { weight: 2, arbitrary: twice },
  fc.jsonValue({ maxDepth: 3 }).map((json) => JSON.stringify(json)),
  fc.constantFrom(
    "",
    "{",
    "[]",
    "null",
    "\u0000",
    '{"a":1}}',
    "[".repeat(5_000),
    '{"__proto__":{"application":"library"}}',
  ),
  text,
);
/** A header takes Latin-1 without control characters; Next refuses others before anything here. */
const headerText = fc
  .oneof(text, fc.constant("text/csv"), fc.constant("application/x-ndjson"))
  .map((string) => string.replaceAll(/[^\x20-\x7e]/g, "~").trim());

/** Inputs for one subject: of a route its path, query, headers and body; of an action its arguments; of a page both of its own. */
export function fuzzInput(subject: Subject): fc.Arbitrary<FuzzInput> {
  const names = [...subject.path.matchAll(/\[(?:\.{3})?(\w+)\]/g)].map(([, name = ""]) => name);
  const known = fc.constantFrom("library", "other", "d-library", "t-000000000003", "d-other-newest");
  return fc.record({
    params: fc.record(Object.fromEntries(names.map((name) => [name, fc.oneof(known, text)]))),
    search: fc.dictionary(
      fc.oneof(
        fc.constantFrom("to", "limit", "cursor", "slot", "since", "filter", "verb", "outcome", "from", "state"),
        text,
      ),
      text,
      { maxKeys: 4 },
    ),
    headers: fc.record(
      {
        "content-type": fc.oneof(fc.constant("application/json"), headerText),
        "idempotency-key": headerText,
        "last-event-id": headerText,
        accept: headerText,
      },
      { requiredKeys: [] },
    ),
    body,
    args: fc.array(fc.oneof({ weight: 4, arbitrary: fields }, value), { minLength: 1, maxLength: 3 }),
  });
}
