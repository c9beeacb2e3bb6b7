import { englishOf, type Told } from "../domain/sentence/told.ts";

/** Thrown instead of replacing a side's tasks: a way in that does not move with a switch sends requests to it. */
export class SideServed extends Error {
  override readonly name = "SideServed";
  readonly said: Told;

  constructor(said: Told) {
    super(englishOf(said));
    this.said = said;
  }
}
