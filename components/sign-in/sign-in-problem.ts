/** Auth.js's error codes in words. */
export function signInProblem(code: string): string {
  switch (code) {
    case "AccessDenied":
      return "You are known, but have no role here. Ask an admin for one";
    case "CredentialsSignin":
      return "That user or password is not right";
    case "TooManyAttempts":
      return "Too many attempts. Wait a minute and try again";
    case "SessionRequired":
      return "Sign in to see that page";
    case "OAuthSignin":
    case "OAuthCallback":
    case "Callback":
      return "The identity provider did not answer as expected. Try again; if it stays so, an admin must look at its settings";
    default:
      return "Signing in did not work. Try again";
  }
}
