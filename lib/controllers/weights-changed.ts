import { type Weights, weightsWords } from "../domain/observation/traffic.ts";
import { say } from "../domain/sentence/sentence.ts";
import { englishOf, type Told } from "../domain/sentence/told.ts";

/** Thrown instead of a write: the listener or rule does not hold what the caller decided upon. */
export class WeightsChanged extends Error {
  override readonly name = "WeightsChanged";
  readonly expected: Weights;
  readonly actual: Weights;
  /** In words, when the action itself is not as expected; null when only the weights differ. */
  readonly drift: Told | null;
  readonly said: Told;

  constructor(expected: Weights, actual: Weights, drift: Told | null) {
    const said = drift ?? say("step.holdsInstead", { holds: weightsWords(actual), instead: weightsWords(expected) });
    super(englishOf(said));
    this.said = said;
    this.expected = expected;
    this.actual = actual;
    this.drift = drift;
  }
}
