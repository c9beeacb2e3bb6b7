/** Whether an address answers otherwise than when it was last asked. */
export interface AnswerWatch {
  /** True at the first answer and at each that differs; false while one is awaited, and where none comes. */
  hasChanged(signal: AbortSignal): Promise<boolean>;
}

/** A watch that sends the entity tag it has, so that the same answer is not sent again. */
export function createAnswerWatch(address: string, ask: typeof fetch = fetch): AnswerWatch {
  let tag: string | null = null;
  let isAsking = false;
  return {
    async hasChanged(signal) {
      if (isAsking) return false;
      isAsking = true;
      try {
        const headers = tag === null ? undefined : { "if-none-match": tag };
        const response = await ask(address, { cache: "no-store", headers, signal });
        await response.body?.cancel();
        if (response.status !== 200) return false;
        tag = response.headers.get("etag");
        return true;
      } catch {
        return false;
      } finally {
        isAsking = false;
      }
    },
  };
}
