/** Of what has its turn at `dueAt` (epoch ms), that whose turn is due longest, so that none starves; undefined while none is due. */
export function longestDue<T extends { dueAt: number }>(all: readonly T[], now: number): T | undefined {
  return all.filter(({ dueAt }) => dueAt <= now).toSorted((a, b) => a.dueAt - b.dueAt)[0];
}
