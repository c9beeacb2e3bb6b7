/** Why a notification did not arrive. */
export const delivery = {
  gone: "This endpoint is no longer configured",
  noMailServer: "The mail server does not answer ({code})",
  noCode: "no code",
  redirects: "HTTP {status}: redirects are not followed; configure the final address",
  noAnswerWithin: "No answer within {seconds} s",
  noAnswerCode: "No answer ({code})",
  noAnswer: "No answer",
} as const;
