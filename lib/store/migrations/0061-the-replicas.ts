/** Who runs beside whom: each replica tells that it is there, so that all divide the account's limits among them. */
export const theReplicas = {
  name: "0061-the-replicas",
  statements: [`create table replicas (holder text primary key, seen_at bigint not null)`],
};
