import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readColours } from "./ansi.ts";
import { MAX_LINE_LENGTH, toPlainText } from "./plain-text.ts";

const E = "\u001b[";
/** Each coloured part as "style:text". */
const parts = (raw: string) => {
  const { text, colours } = readColours(raw);
  return colours.map(
    ({ from, to, ...style }) => `${JSON.stringify(style).replaceAll(/["{}]/g, "")}|${text.slice(from, to)}`,
  );
};

describe("colours of a terminal", () => {
  test.each<[string, string, string[]]>([
    ["none", "plain", []],
    ["one", `a ${E}31mred${E}0m b`, ["colour:red|red"]],
    ["bright ones are the same", `${E}91mx${E}m`, ["colour:red|x"]],
    ["bold and colour in one", `${E}1;32mok${E}0m`, ["bold:true,colour:green|ok"]],
    [
      "one after another",
      `${E}1mb${E}33mby${E}22my${E}39mn`,
      ["bold:true|b", "bold:true,colour:yellow|by", "colour:yellow|y"],
    ],
    ["underlined", `${E}4mu${E}24mn`, ["underline:true|u"]],
    ["behind", `${E}41;97mx${E}49my${E}0m`, ["behind:red,colour:white|x", "colour:white|y"]],
    [
      "256 of them",
      `${E}38;5;196mr${E}0m${E}38;5;21mb${E}0m${E}38;5;12mb${E}0m`,
      ["colour:red|r", "colour:blue|b", "colour:blue|b"],
    ],
    ["greys", `${E}38;5;240mg${E}0m`, ["colour:black|g"]],
    ["any colour", `${E}38;2;250;200;10my${E}0m`, ["colour:yellow|y"]],
    ["any colour behind, and more after it", `${E}48;2;0;0;250;1mx${E}0m`, ["behind:blue,bold:true|x"]],
    ["with colons", `${E}38:5:2mg${E}0m`, ["colour:green|g"]],
    ["in the eighth bit's form", "\u009b36mc\u009b0m", ["colour:cyan|c"]],
    ["never ended", `x ${E}35mto the end  `, ["colour:magenta|to the end"]],
    ["over a line break", `${E}31ma\r\nb${E}0m c`, ["colour:red|a\nb"]],
    ["an end alone", `${E}0mx`, []],
    ["what is no colour", `${E}2K${E}1Gx`, []],
    ["numbers that are none", `${E}999;38;5mx`, []],
    ["without numbers behind 38", `${E}38mx`, []],
    ["around nothing", `${E}31m${E}0mx`, []],
    ["around a NUL", `${E}31m\u0000a${E}0m`, ["colour:red|a"]],
    [
      "a link is no colour, what stands in it is text",
      `\u001b]8;;http://x\u0007${E}34ml${E}0m\u001b]8;;\u0007`,
      ["colour:blue|l"],
    ],
  ])("%s", (_what, raw, expected) => {
    expect(parts(raw)).toEqual(expected);
  });

  test("places are within the text and in order, whatever is written, and the text is what it is without them", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        `${E}31m`,
        `${E}0m`,
        `${E}1;4;38;5;200m`,
        `${E}`,
        "\u001b",
        "\u001b]0;t",
        "\r",
        "\n",
        "\u0000",
        "\u202e",
        "\ud83d",
        "😀",
        " ",
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const raw = pieces.join("");
        const { text, colours } = readColours(raw);
        expect(text).toBe(toPlainText(raw));
        let done = 0;
        for (const { from, to } of colours) {
          expect(from).toBeGreaterThanOrEqual(done);
          expect(to).toBeGreaterThan(from);
          expect(to).toBeLessThanOrEqual(text.length);
          done = to;
        }
      }),
    );
  });

  test("a line of nothing but colours costs no page: beyond two hundred there is none", () => {
    expect(readColours(`${E}31ma${E}32mb`.repeat(150)).colours).toEqual([]);
    expect(readColours(`${E}31m${"x".repeat(MAX_LINE_LENGTH * 4)}`).colours.length).toBeLessThanOrEqual(1);
  });
});
