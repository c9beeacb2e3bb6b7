/** Whether a parameter is meant by being there: `?count`, `?count=true`; `false` and `0` are as if it were not. */
export function isFlagSet(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && !["false", "0"].includes(value.toLowerCase());
}
