import type { LogSink, SandboxBase } from "../service.ts";

const BATCH_MS = 100;
const LEVELS = ["INFO", "INFO", "INFO", "DEBUG", "INFO", "WARN", "INFO", "INFO", "ERROR", "INFO"];

/** What POST /_sandbox/logs asks for. */
export interface GeneratedLines {
  logGroup: string;
  logStream: string;
  linesPerSecond: number;
  seconds: number;
  bytesPerLine?: number;
}

/** Writes numbered lines at a steady rate until `seconds` of sandbox time have passed; returns how to stop early. */
export function generateLines({ clock }: SandboxBase, sink: LogSink, wanted: GeneratedLines): () => void {
  const start = clock.now();
  const total = Math.floor(wanted.linesPerSecond * wanted.seconds);
  let written = 0;
  const ticker = clock.every(BATCH_MS, () => {
    const now = clock.now();
    const due = Math.min(total, Math.floor(((now - start) * wanted.linesPerSecond) / 1000));
    const events: { timestamp: number; message: string }[] = [];
    for (; written < due; written++) {
      events.push({ timestamp: now, message: generatedLine(now, written, wanted.bytesPerLine) });
    }
    if (events.length > 0) sink.write(wanted.logGroup, wanted.logStream, events);
    if (written >= total) ticker.cancel();
  });
  return () => ticker.cancel();
}

function generatedLine(now: number, number: number, bytes: number | undefined): string {
  const level = LEVELS[number % LEVELS.length] ?? "INFO";
  const line = `${new Date(now).toISOString()} ${level.padStart(5)} 1 --- [generator] c.e.library.Generated : line ${number}`;
  return bytes === undefined || bytes <= line.length ? line : `${line} ${"x".repeat(bytes - line.length - 1)}`;
}
