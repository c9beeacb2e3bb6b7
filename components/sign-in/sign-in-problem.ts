import type { Translator } from "@/components/messages/translator.ts";

/** Auth.js's error codes in words. */
export function signInProblem(t: Translator<"signIn">, code: string): string {
  switch (code) {
    case "AccessDenied":
      return t("problem.noRole");
    case "CredentialsSignin":
      return t("problem.credentials");
    case "TooManyAttempts":
      return t("problem.tooMany");
    case "SessionRequired":
      return t("problem.required");
    case "OAuthSignin":
    case "OAuthCallback":
    case "Callback":
      return t("problem.provider");
    default:
      return t("problem.other");
  }
}
