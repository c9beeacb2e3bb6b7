/**
 * What the work comes to; null when it takes longer than this, and the work is then left to itself. An answer that was there in time
 * and could not be read because this process was busy counts.
 */
export async function inTime<T>(ms: number, work: Promise<T>): Promise<{ value: T } | null> {
  work.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    // What came in meanwhile is read between Node's timers and its immediates.
    timer = setTimeout(() => setImmediate(resolve, null), ms);
  });
  try {
    return await Promise.race([work.then((value) => ({ value })), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Rejects when the work takes longer than this; the work is then left to itself. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const done = await inTime(ms, work);
  if (!done) throw new Error(`No answer within ${ms} ms`);
  return done.value;
}
