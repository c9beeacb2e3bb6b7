/** Tokens that pipelines call with; of the secret only its SHA-256. */
export const theApiTokens = {
  name: "0004-the-api-tokens",
  statements: [
    `create table api_tokens (
      id text primary key,
      hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
      name text not null,
      verbs json not null,
      applications json not null,
      created_by text not null,
      created_at bigint not null,
      expires_at bigint not null,
      last_used_at bigint,
      revoked_at bigint,
      revoked_by text
    )`,
    "create index api_tokens_newest on api_tokens (created_at desc, id desc)",
  ],
};
