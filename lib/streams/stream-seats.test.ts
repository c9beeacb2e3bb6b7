import fc from "fast-check";
import { expect, test } from "vitest";
import { createStreamSeats, type StreamSeat } from "./stream-seats.ts";

test("refuses one identity over its bound while others still get in, and all over the process's", () => {
  const seats = createStreamSeats({ each: 2, all: 3 });
  expect(seats.take("kim")).toHaveProperty("leave");
  expect(seats.take("kim")).toHaveProperty("leave");
  expect(seats.take("kim")).toBe("each");
  const lee = seats.take("lee") as StreamSeat;
  expect(seats.take("park")).toBe("all");
  lee.leave();
  lee.leave();
  expect(seats.take("park")).toHaveProperty("leave");
  expect(seats.take("lee")).toBe("all");
});

test("whatever order people come and go in, the bounds hold and every seat comes back", () => {
  const step = fc.record({ who: fc.constantFrom("a", "b", "c"), comes: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const seats = createStreamSeats({ each: 3, all: 5 });
      const open: { who: string; seat: StreamSeat }[] = [];
      for (const { who, comes } of steps) {
        const own = open.filter((each) => each.who === who);
        if (!comes) {
          const [gone] = own;
          if (gone) open.splice(open.indexOf(gone), 1);
          gone?.seat.leave();
          continue;
        }
        const seat = seats.take(who);
        expect(seat === "each").toBe(own.length >= 3);
        if (typeof seat !== "string") open.push({ who, seat });
        expect(open.length).toBeLessThanOrEqual(5);
      }
      for (const { seat } of open) seat.leave();
      for (let n = 0; n < 3; n++) expect(seats.take("a")).toHaveProperty("leave");
    }),
  );
});
