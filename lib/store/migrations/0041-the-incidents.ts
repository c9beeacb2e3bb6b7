/** What was kept of things that went wrong, long after AWS has forgotten them; `bytes` of the document bound it. */
export const theIncidents = {
  name: "0041-the-incidents",
  statements: [
    `create table incidents (
      application text not null,
      id text not null,
      at bigint not null,
      bytes integer not null,
      head json not null,
      document json not null,
      primary key (application, id)
    )`,
    "create index incidents_newest on incidents (application, at desc, id desc)",
  ],
};
