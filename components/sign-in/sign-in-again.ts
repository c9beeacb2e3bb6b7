/** Where a person proves anew who they are before they overrule a check; leads back to this page. */
export function signInAgainPath(here: string): string {
  return `/sign-in?${new URLSearchParams({ again: "1", callbackUrl: here })}`;
}
