/** A rate without its unit: "0.4", "3.1", "214". */
export function formatRate(perSecond: number): string {
  return perSecond > 0 && perSecond < 10 ? perSecond.toFixed(1) : String(Math.round(perSecond));
}

/** A share of 0 to 1: "0.0 %", "4.1 %". */
export function formatShare(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** A short time: "3.4 ms", "38 ms", "1.2 s". */
export function formatMilliseconds(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 9.95 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}
