/** One request through the test listener that a release has to answer as expected before it waits for its switch. */
export interface SmokeCheck {
  /** Path and query, asked of `testUrl`'s own origin. */
  path: string;
  status: number;
  /** Text that the answer has to hold; null asks for none. */
  text: string | null;
  /** Longest time for one answer. */
  timeoutSeconds: number;
}
