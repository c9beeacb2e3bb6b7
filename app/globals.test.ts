import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("globals.css", import.meta.url), "utf8");

/** Relative luminance of "#rrggbb" (WCAG 2.2). */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function colorOf(name: string, theme: "light" | "dark"): string {
  const found = new RegExp(`--color-${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css);
  const hex = found?.[theme === "light" ? 1 : 2];
  if (!hex) throw new Error(`no color ${name}`);
  return hex;
}

const GROUNDS = ["ground", "card", "soft"] as const;
/** What marks, borders of controls and bars are drawn in (WCAG 1.4.11), and what words are written in (1.4.3). */
const DRAWN = ["faint", "second", "ink", "blue", "green", "fault", "warning"] as const;
const WRITTEN = ["ink", "second", "fault", "warning"] as const;

for (const theme of ["light", "dark"] as const)
  for (const ground of GROUNDS) {
    test.each(DRAWN)(`%s stands out by 3 from ${ground}, ${theme}`, (name) => {
      expect(contrast(colorOf(name, theme), colorOf(ground, theme))).toBeGreaterThanOrEqual(3);
    });
    test.each(WRITTEN)(`%s is readable on ${ground}, ${theme}`, (name) => {
      expect(contrast(colorOf(name, theme), colorOf(ground, theme))).toBeGreaterThanOrEqual(4.5);
    });
  }

test.each(["light", "dark"] as const)("the letter of a side is readable on its mark, %s", (theme) => {
  for (const side of ["blue", "green"])
    expect(contrast(colorOf("on-slot", theme), colorOf(side, theme))).toBeGreaterThanOrEqual(4.5);
});

const ANSI = ["red", "green", "yellow", "blue", "magenta", "cyan"] as const;
for (const theme of ["light", "dark"] as const)
  test.each(ANSI)(`a log line's %s is readable on every ground of a line, and words are on it, ${theme}`, (name) => {
    for (const ground of [...GROUNDS, "fault-ground"])
      expect(contrast(colorOf(`ansi-${name}`, theme), colorOf(ground, theme))).toBeGreaterThanOrEqual(4.5);
    for (const behind of [`ansi-${name}-ground`, "ansi-plain-ground"])
      expect(contrast(colorOf("ink", theme), colorOf(behind, theme))).toBeGreaterThanOrEqual(4.5);
  });
