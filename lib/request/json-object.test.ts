import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJsonObject } from "./json-object.ts";

test.each([
  ['{"to":"blue","to":"green"}', "to is given twice"],
  ['{"a":1,"\\u0061":2}', "a is given twice"],
  ['{"x":[{"a":{"b":1},"b":2,"a":3}]}', "a is given twice"],
  ['{"__proto__":1,"__proto__":2}', "__proto__ is given twice"],
  ['{"":1,"":2}', " is given twice"],
  ["[]", "The body is not a JSON object"],
  ["null", "The body is not a JSON object"],
  ['{"a":1}}', "The body is not JSON"],
])("%s is refused: %s", (text, message) => {
  expect(() => parseJsonObject(text)).toThrow(message);
});

test("whatever an object holds is taken as JSON.parse takes it, and refused once a member of it is written again", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (object, choice) => {
      const text = JSON.stringify(object);
      expect(parseJsonObject(text)).toEqual(JSON.parse(text));
      const names = Object.keys(object);
      if (names.length === 0) return;
      const again = JSON.stringify(names[choice % names.length]);
      expect(() => parseJsonObject(`${text.slice(0, -1)},${again}:0}`)).toThrow("is given twice");
    }),
  );
});
