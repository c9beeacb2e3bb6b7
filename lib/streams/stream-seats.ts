/** How many event streams may be open at once. */
export interface StreamBounds {
  /** By one identity: a person with a tab on every wall stays far below, and a token that many screens share fits. */
  each: number;
  /** By all together in this process. */
  all: number;
}

/** Room for event streams, handed out one by one. */
export interface StreamSeats {
  readonly bounds: StreamBounds;
  /** A place for one more stream of this identity; which bound is reached where there is none. */
  take(identity: string): StreamSeat | keyof StreamBounds;
}

/** The place of one open stream. */
export interface StreamSeat {
  /** Gives the place back; a second time does nothing. */
  leave(): void;
}

/** A stream whose reader is stuck holds about 100 kB: 40 MB for one identity, 200 MB for all. */
const BOUNDS: StreamBounds = { each: 400, all: 2000 };

/** Seats under the given bounds. */
export function createStreamSeats(bounds: StreamBounds): StreamSeats {
  const taken = new Map<string, number>();
  let all = 0;
  return {
    bounds,
    take(identity) {
      const own = taken.get(identity) ?? 0;
      if (own >= bounds.each) return "each";
      if (all >= bounds.all) return "all";
      taken.set(identity, own + 1);
      all += 1;
      let hasLeft = false;
      return {
        leave() {
          if (hasLeft) return;
          hasLeft = true;
          all -= 1;
          const left = (taken.get(identity) ?? 1) - 1;
          if (left > 0) taken.set(identity, left);
          else taken.delete(identity);
        },
      };
    },
  };
}

const KEY = Symbol.for("switchyard.stream-seats");
const holder = globalThis as { [KEY]?: StreamSeats };

/** The process's seats: Next may load this module twice, and the bound is the process's all the same. */
export function processStreamSeats(): StreamSeats {
  holder[KEY] ??= createStreamSeats(BOUNDS);
  return holder[KEY];
}
