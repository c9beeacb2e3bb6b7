/** Every name of whoever made a token, so that they do not approve what it asks for; null for tokens of before. */
export const theMakersOfTokens = {
  name: "0024-the-makers-of-tokens",
  statements: ["alter table api_tokens add column made_by json"],
};
