import { type Weights, weightsWords } from "../domain/observation/traffic.ts";

/** Thrown instead of a write: the listener or rule does not hold what the caller decided upon. */
export class WeightsChanged extends Error {
  override readonly name = "WeightsChanged";
  readonly expected: Weights;
  readonly actual: Weights;
  /** In words, when the action itself is not as expected; null when only the weights differ. */
  readonly drift: string | null;

  constructor(expected: Weights, actual: Weights, drift: string | null) {
    super(drift ?? `The listener holds ${weightsWords(actual)} instead of ${weightsWords(expected)}`);
    this.expected = expected;
    this.actual = actual;
    this.drift = drift;
  }
}
