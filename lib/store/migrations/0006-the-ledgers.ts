/** What Switchyard last wrote or read of each application's configuration in AWS, and what differs from it. */
export const theLedgers = {
  name: "0006-the-ledgers",
  statements: [
    `create table ledgers (
      application text primary key,
      version bigint not null,
      document json not null
    )`,
  ],
};
