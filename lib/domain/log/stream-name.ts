/** The container that a log stream is of, by awslogs' and FireLens's names for streams; null where its name does not tell. */
export function containerOf(stream: string): string | null {
  const fireLens = /(?:^|[/.])([\w-]+)-firelens-[^/]+$/.exec(stream);
  if (fireLens) return fireLens[1] ?? null;
  return /(?:^|\/)([^/]+)\/[^/]+$/.exec(stream)?.[1] ?? null;
}
