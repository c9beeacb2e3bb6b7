import { NormalizedSchema } from "@smithy/core/schema";
import { describe, expect, it } from "vitest";
import { decodeQueryInput } from "./query-input.ts";

const item = [3, "t", "Item", 0, ["Name", "On", "Size", "At"], [0, 2, 1, 4]] as const;
const schema = NormalizedSchema.of([
  3,
  "t",
  "Input",
  0,
  ["Items", "Flat", "Renamed", "Map", "Blob"],
  [
    [1, "t", "Items", 0, item],
    [[1, "t", "Flat", 0, 0], { xmlFlattened: 1, xmlName: "F" }],
    [1, "t", "Renamed", 0, [0, { xmlName: "item" }]],
    [2, "t", "Map", 0, 0, 1],
    21,
  ],
] as unknown as Parameters<typeof NormalizedSchema.of>[0]);

const decode = (query: string) => decodeQueryInput(schema, new URLSearchParams(query));

describe("Query parameters", () => {
  it.each([
    [
      "a list of structures",
      "Items.member.1.Name=a&Items.member.1.On=true&Items.member.2.Size=-3.5&Items.member.2.At=2026-01-02T03:04:05Z",
      {
        Items: [
          { Name: "a", On: true },
          { Size: -3.5, At: new Date("2026-01-02T03:04:05Z") },
        ],
      },
    ],
    ["a flattened, renamed list", "F.2=b&F.1=a", { Flat: ["a", "b"] }],
    ["a list whose elements are renamed", "Renamed.item.1=x", { Renamed: ["x"] }],
    ["gaps between indexes", "F.10=c&F.3=b", { Flat: ["b", "c"] }],
    ["a map", "Map.entry.1.key=a.b&Map.entry.1.value=1&Map.entry.2.key=__proto__&Map.entry.2.value=2", undefined],
    ["bytes", "Blob=aGk%3D", { Blob: Buffer.from("hi") }],
    ["an empty list", "Items=", { Items: [] }],
    ["unknown parameters, which AWS ignores", "Nothing.member.1=x", {}],
  ])("reads %s", (_name, query, expected) => {
    const decoded = decode(query);
    if (expected) expect(decoded).toEqual(expected);
    else
      expect(Object.entries(decoded.Map as object)).toEqual([
        ["a.b", 1],
        ["__proto__", 2],
      ]);
  });

  it.each([
    ["a value where a list belongs", "Items=x"],
    ["a structure where a text belongs", "Items.member.1.Name.Deep=x"],
    ["an index that is no number", "F.x=1"],
    ["a boolean that is neither true nor false", "Items.member.1.On=yes"],
    ["an empty number", "Items.member.1.Size="],
    ["a time that is none", "Items.member.1.At=yesterday"],
    ["a map entry without a key", "Map.entry.1.value=1"],
    ["a name nested without end", `Items${".x".repeat(40)}=1`],
  ])("refuses %s", (_name, query) => {
    expect(() => decode(query)).toThrow(expect.objectContaining({ code: "MalformedInput", status: 400 }));
  });
});
