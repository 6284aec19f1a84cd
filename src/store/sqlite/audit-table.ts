/** What operators did; it outlives the messages it tells of. */
export const auditTable = `
  create table audit (
    id integer primary key,
    at integer not null,
    actor text not null,
    via text not null,
    action text not null,
    target text not null,
    outcome text not null,
    before_count integer,
    done_count integer,
    after_count integer
  );
  create index audit_at on audit (at);
  `;
