interface MediaRange {
  type: string;
  subtype: string;
  quality: number;
}

/** Commas and semicolons within quotes part nothing. */
const ELEMENT = /(?:[^,"]|"(?:[^"\\]|\\.)*")+/g;
const PARAMETER = /(?:[^;"]|"(?:[^"\\]|\\.)*")+/g;
/** Browsers send a hundred characters; what is quoted and never ends is looked through again and again. */
const MOST_READ = 1_000;
const RANGE = /^\s*([\w!#$&^.+*-]+)\/([\w!#$&^.+*-]+)\s*$/;

/**
 * Which of the offered media types an Accept header wants most (RFC 9110, section 12.5.1): of each the quality that its most specific
 * range gives it, and of the highest ones the first that is offered. Without a header it is the first; null when none is wanted.
 */
export function chooseMediaType<T extends string>(accept: string | null, offered: readonly [T, ...T[]]): T | null {
  const ranges = readRanges(accept ?? "");
  if (ranges.length === 0) return offered[0];
  let best: { type: T; quality: number } | null = null;
  for (const type of offered) {
    const quality = qualityOf(type, ranges);
    if (quality > (best?.quality ?? 0)) best = { type, quality };
  }
  return best?.type ?? null;
}

function readRanges(accept: string): MediaRange[] {
  return (accept.slice(0, MOST_READ).match(ELEMENT) ?? []).flatMap((element) => {
    const [range = "", ...parameters] = element.match(PARAMETER) ?? [];
    const [, type, subtype] = RANGE.exec(range) ?? [];
    if (type === undefined || subtype === undefined) return [];
    const weight = parameters
      .map((each) => /^\s*q\s*=\s*([\d.]+)\s*$/i.exec(each)?.[1])
      .find((each) => each !== undefined);
    const quality = weight === undefined ? 1 : Number(weight);
    return [
      {
        type: type.toLowerCase(),
        subtype: subtype.toLowerCase(),
        quality: Number.isNaN(quality) ? 1 : Math.min(1, quality),
      },
    ];
  });
}

function qualityOf(mediaType: string, ranges: readonly MediaRange[]): number {
  const [type, subtype] = mediaType.split("/");
  const exact = ranges.find((range) => range.type === type && range.subtype === subtype);
  const ofType = ranges.find((range) => range.type === type && range.subtype === "*");
  const any = ranges.find((range) => range.type === "*" && range.subtype === "*");
  return (exact ?? ofType ?? any)?.quality ?? 0;
}
