/** Does something for each name that was asked for, one after the other with `gapMs` between them; a name that waits is done once. */
export function inTurn(gapMs: number, run: (name: string) => Promise<void>): (name: string) => void {
  const waiting = new Set<string>();
  const wait = () => void setTimeout(next, gapMs).unref();
  function next(): void {
    const [name] = waiting;
    if (name === undefined) return;
    void run(name).finally(() => {
      waiting.delete(name);
      if (waiting.size > 0) wait();
    });
  }
  return (name) => {
    waiting.add(name);
    if (waiting.size === 1) wait();
  };
}
