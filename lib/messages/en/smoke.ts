/** What came of the request that a release has to answer before it waits for its switch. */
export const smoke = {
  with: '{status} with "{text}"',
  withoutText: "{status} without a text",
  leading: "{status} leading to {to}, which is not followed",
  none: "{url} should answer {wanted}; {why}",
  other: "{url} should answer {wanted}; it answered {came}",
  answered: "{url} answered {wanted} in {ms} ms",
  late: "no answer came within {seconds} s",
  noneCode: "no answer came ({code})",
  noAnswer: "no answer came",
  leaves: "its path leaves the address of the test listener",
} as const;
