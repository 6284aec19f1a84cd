/** Who may be written to: the last word of each (list, phone), and every word as evidence. */
export const consentTables = `
  create table consent (
    id integer primary key,
    list text not null,
    phone text not null,
    state text not null check (state in ('in', 'out')),
    at integer not null,
    source text not null,
    detail text not null,
    after_seq integer not null default 0,
    pass_until integer,
    pass_message integer,
    unique (list, phone)
  );
  create index consent_phone on consent (phone, state);

  create table consent_event (
    id integer primary key,
    list text not null,
    phone text not null,
    state text not null,
    at integer not null,
    source text not null,
    detail text not null
  );
  create index consent_event_phone on consent_event (phone, id);

  alter table message add column headers text;
  `;

/** When the last word was said again: it changed nothing, and a word from before it changes nothing either. */
export const saidAtColumn = 'alter table consent add column said_at integer';
