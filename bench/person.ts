/** The cookie of one of the sandbox's users, signed in as the sign-in page does it. @throws where nobody could sign in */
export async function signIn(appUrl: string, user: "admin" | "approver" | "operator"): Promise<string> {
  const cookieOf = (response: Response) => response.headers.getSetCookie().map((line) => line.split(";")[0] ?? "");
  const csrf = await fetch(`${appUrl}/api/auth/csrf`);
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const signedIn = await fetch(`${appUrl}/api/auth/callback/sandbox`, {
    method: "POST",
    headers: { cookie: cookieOf(csrf).join("; "), origin: appUrl },
    body: new URLSearchParams({ csrfToken, username: user, password: "sandbox", json: "true" }),
    redirect: "manual",
  });
  const session = cookieOf(signedIn).filter((cookie) => cookie.startsWith("next-auth.session-token="));
  if (session.length === 0) throw new Error(`nobody could sign in: ${signedIn.status}`);
  return session.join("; ");
}
