/** Roles that admins give on the access page. A row is ended, never deleted, so that the page can say who had what and until when. */
export const theGrants = {
  name: "0009-the-grants",
  statements: [
    `create table grants (
      id text primary key,
      kind text not null check (kind in ('address', 'group')),
      who text not null,
      role text not null check (role in ('viewer', 'operator', 'approver', 'admin')),
      application text,
      reason text,
      created_by text not null,
      created_at bigint not null,
      expires_at bigint,
      revoked_at bigint,
      revoked_by text
    )`,
    "create index grants_standing on grants (created_at desc, id desc) where revoked_at is null",
  ],
};
