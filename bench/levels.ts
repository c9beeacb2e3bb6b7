import { readFile } from "node:fs/promises";
import { readLevelCorpus, scoreLevels } from "../lib/domain/log/level-corpus.ts";
import { detectLevel } from "../lib/domain/log/log-level.ts";
import { toPlainText } from "../lib/domain/log/plain-text.ts";
import type { Figure } from "./figure.ts";

const CORPUS = new URL("../lib/domain/log/log-levels.txt", import.meta.url);

/** How well the levels of the labelled corpus are told. */
export async function measureLevels(): Promise<Figure[]> {
  const corpus = readLevelCorpus(await readFile(CORPUS, "utf8"));
  const formats = new Set(corpus.map(({ format }) => format)).size;
  const texts = corpus.map(({ text }) => text);
  const startedAt = performance.now();
  for (const text of texts) detectLevel(toPlainText(text));
  const microseconds = ((performance.now() - startedAt) * 1000) / texts.length;
  const scores = scoreLevels(corpus, (line) => detectLevel(toPlainText(line)));
  const note = `${corpus.length} lines of ${formats} formats`;
  return [
    ...scores.flatMap(({ level, lines, precision, recall }) => [
      share(`log levels: precision of ${level}`, precision, `${lines} lines`),
      share(`log levels: recall of ${level}`, recall, `${lines} lines`),
    ]),
    { name: "log levels: one line", value: microseconds, unit: "µs", target: null, note },
  ];
}

const share = (name: string, value: number, note: string): Figure => ({
  name,
  value,
  unit: "",
  target: { kind: ">=", value: 0.98 },
  note,
});
