-- The one schema of owners-vote: the state of today (DESIGN §4). `src/db/migrate.ts` applies it to an empty database as the
-- owner login, in one transaction, and records its SHA-256. It runs on PostgreSQL 15 and later.
--
-- Conventions
--   * `:"app"` is the application login; migrate.ts writes the quoted name there, and psql does the same with `-v app=NAME`.
--   * Every constraint has a name, because names are API: src/db/constraint-refusals.ts maps them to refusal codes.
--     `<table>_pk`, `<table>_<what>_key` (unique), `<table>_<other>_fk`, `<table>_<rule>_check`, `<table>_<columns>_idx`.
--   * Every table has a comment. Tables of a community carry `community_id` first in their primary key, in their
--     indexes and in every unique constraint but those that SPEC wants unique in the whole log; foreign keys never leave the
--     community. There it is of type `random_id`; a table of the whole deployment that
--     only mentions a community has it as `text`. On the casting path a second index begins with the column that selects: where
--     it shared two leading columns with the primary key, the planner, which takes both for selective, read whole meetings
--     through the wrong one.
--   * Instants are `bigint` milliseconds since 1970, named `…_at_ms`; civil dates are `date`, named `…_on`; areas `…_dm2` and
--     money `…_fen` are `bigint`. Ids are made in Node (domain `random_id`), never by the database.
--   * No EXCLUDE, no deferrable constraints (but the constraint trigger of the fund, which waits for an entry's last leg),
--     no LISTEN/NOTIFY, nothing newer than PostgreSQL 15.
--   * Grants stand right after their table, one line each, beginning with `grant `: migrate.ts runs these lines again when
--     the application login changes. The application never gets TRUNCATE, and no UPDATE or DELETE on an append-only table.
--   * Append-only tables have, besides the missing grants, a trigger that refuses the owner login too:
--       create trigger t_append_only before update or delete or truncate on t for each statement execute function append_only();
--     Where single columns are filled in later:
--       create trigger t_frozen before update or delete on t for each row execute function frozen_except('col', …);
--       create trigger t_append_only before truncate on t for each statement execute function append_only();

-- == common ==

create domain random_id as text
  constraint random_id_form check (value ~ '^[a-z2-7]{25}[aeimquy4]$');
comment on domain random_id is '128 random bits, base32 lower case, made in Node (SPEC 1.2)';

create domain hash32 as bytea
  constraint hash32_size check (octet_length(value) = 32);
comment on domain hash32 is 'a SHA-256 value';

create domain keyed_index as bytea
  constraint keyed_index_size check (octet_length(value) = 37);
comment on domain keyed_index is 'the generation of its key, as sealed values have it, then HMAC-SHA-256 (SPEC 3.1)';

create function append_only() returns trigger language plpgsql as $$
begin
  raise exception '% on append-only table % is refused', tg_op, tg_table_name
    using errcode = 'OV001', table = tg_table_name, constraint = tg_name;
end $$;
comment on function append_only() is 'refuses what would change or remove rows, with SQLSTATE OV001 and the trigger as constraint name';

create function frozen_except() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and to_jsonb(old) - tg_argv = to_jsonb(new) - tg_argv then
    return new;
  end if;
  raise exception '% on frozen columns of table % is refused', tg_op, tg_table_name
    using errcode = 'OV001', table = tg_table_name, constraint = tg_name;
end $$;
comment on function frozen_except() is 'lets an UPDATE change only the columns that the trigger names, refuses DELETE; SQLSTATE OV001';

create function resealed_only() returns trigger language plpgsql as $$
declare
  sealed text;
  was text;
  becomes text;
begin
  foreach sealed in array tg_argv loop
    was := to_jsonb(old) ->> sealed;
    becomes := to_jsonb(new) ->> sealed;
    -- As text: two characters of prefix, then two for each byte.
    if was is distinct from becomes
       and (length(was) <> length(becomes) or left(was, 12) = left(becomes, 12)) is not false then
      raise exception 'only another key may seal % of table % anew', sealed, tg_table_name
        using errcode = 'OV001', table = tg_table_name, constraint = tg_name;
    end if;
  end loop;
  return new;
end $$;
comment on function resealed_only() is 'lets an UPDATE put in the place of a sealed value only one of the same size under another key (SPEC 3.1); SQLSTATE OV001';

create table deployment (
  id smallint not null,
  schema_hash hash32 not null,
  app_login text not null,
  applied_at_ms bigint not null,
  constraint deployment_pk primary key (id),
  constraint deployment_single_check check (id = 1)
);
comment on table deployment is 'one row: which schema.sql this database was made from, and for which application login';
grant select on deployment to :"app";

create table job (
  id bigint generated always as identity,
  kind text not null,
  once_key text null,
  payload text not null,
  run_at_ms bigint not null,
  held_until_ms bigint null,
  attempts integer not null default 0,
  max_attempts integer not null,
  last_error text null,
  created_at_ms bigint not null,
  done_at_ms bigint null,
  dead_at_ms bigint null,
  constraint job_pk primary key (id),
  constraint job_once_key unique (kind, once_key),
  constraint job_kind_check check (kind ~ '^[a-z]+(\.[a-z-]+)+$'),
  constraint job_attempts_check check (attempts between 0 and max_attempts),
  constraint job_ending_check check (done_at_ms is null or dead_at_ms is null)
);
comment on table job is 'work that a lower room leaves for a higher one, in its own transaction';
comment on column job.run_at_ms is 'when it is due, 0 for at once; only work that finds itself too early moves it';
comment on column job.held_until_ms is 'null, or the lease of a claimed job, or the rest after a failed attempt; void where it lies further ahead than either can';
comment on column job.once_key is 'null, or a name under which this kind of work is entered at most once, ever';
comment on column job.payload is 'JSON text; ids only, no personal data';
create index job_due_idx on job (run_at_ms, id) where done_at_ms is null and dead_at_ms is null;
grant select, insert, update on job to :"app";

create table idempotency_key (
  scope text not null,
  key text not null,
  request_hash hash32 not null,
  status integer null,
  content_type text null,
  body text null,
  created_at_ms bigint not null,
  constraint idempotency_key_pk primary key (scope, key),
  constraint idempotency_key_length_check check (char_length(key) between 1 and 128),
  constraint idempotency_key_answer_check check (status is not null or body is null)
);
comment on table idempotency_key is 'answers of creating POSTs, so that a repeated request gets the first answer; scope is the session or officer; swept after a day';
create index idempotency_key_created_idx on idempotency_key (created_at_ms);
grant select, insert, update, delete on idempotency_key to :"app";

create table address_count (
  minute bigint not null,
  address hash32 not null,
  counted integer not null,
  constraint address_count_pk primary key (minute, address),
  constraint address_count_counted_check check (counted > 0)
);
comment on table address_count is 'requests of one address to one route that count against its limit in a minute; address is a keyed hash of both; swept after an hour';
grant select, insert, update, delete on address_count to :"app";

-- == auditlog ==

create table log_entry (
  id bigint generated always as identity (cache 1),
  data bytea not null,
  leaf_hash bytea not null generated always as (sha256('\x00'::bytea || data)) stored,
  idx bigint null,
  kind text not null,
  community_id text null,
  meeting_id text null,
  constraint log_entry_pk primary key (id),
  constraint log_entry_idx_key unique (idx),
  constraint log_entry_idx_check check (idx >= 0),
  constraint log_entry_size_check check (octet_length(data) <= 65535),
  constraint log_entry_kind_check check (kind ~ '^[a-z]+\.[a-z]+$')
);
comment on table log_entry is 'the exact bytes of every log entry; id in the order of the locks that its writer held, idx its place in the log, null until the sequencer ran (SPEC 6.6, 7.1)';
create index log_entry_waiting_idx on log_entry (id) where idx is null;
create index log_entry_community_idx on log_entry (community_id, idx);
create index log_entry_meeting_idx on log_entry (meeting_id, idx);

create function log_entry_numbered() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.idx is null and new.idx is not null
     and (new.id, new.data, new.kind) = (old.id, old.data, old.kind)
     and new.community_id is not distinct from old.community_id
     and new.meeting_id is not distinct from old.meeting_id then
    return new;
  end if;
  raise exception '% on a log entry is refused', tg_op
    using errcode = 'OV001', table = tg_table_name, constraint = tg_name;
end $$;
comment on function log_entry_numbered() is 'lets an UPDATE give an entry its index once and nothing else, refuses DELETE; SQLSTATE OV001';
create trigger log_entry_frozen before update or delete on log_entry
  for each row execute function log_entry_numbered();
create trigger log_entry_append_only before truncate on log_entry
  for each statement execute function append_only();
grant select, insert (data, kind, community_id, meeting_id), update (idx) on log_entry to :"app";

create table log_head (
  id smallint not null,
  size bigint not null,
  root hash32 not null,
  constraint log_head_pk primary key (id),
  constraint log_head_single_check check (id = 1)
);
comment on table log_head is 'one row, which every sequencer locks: how many entries have an index, and the root over them';
insert into log_head values (1, 0, sha256(''));

create function log_head_grows() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.id = old.id and new.size > old.size then
    return new;
  end if;
  raise exception '% of the head of the log is refused', tg_op
    using errcode = 'OV001', table = tg_table_name, constraint = tg_name;
end $$;
comment on function log_head_grows() is 'the head moves to a larger size, never back; SQLSTATE OV001';
create trigger log_head_grows before update or delete on log_head
  for each row execute function log_head_grows();
create trigger log_head_append_only before truncate on log_head
  for each statement execute function append_only();
grant select, update (size, root) on log_head to :"app";

create table log_tile (
  level smallint not null,
  n bigint not null,
  hashes bytea not null,
  constraint log_tile_pk primary key (level, n),
  constraint log_tile_place_check check (level between 0 and 63 and n >= 0),
  constraint log_tile_hashes_check check (octet_length(hashes) between 32 and 8192 and octet_length(hashes) % 32 = 0)
);
comment on table log_tile is 'the Merkle tree in tiles of at most 256 hashes; one row answers every width, since a partial tile is a prefix of its later self';

create function log_tile_grows() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (new.level, new.n) = (old.level, old.n)
     and octet_length(new.hashes) > octet_length(old.hashes)
     and substring(new.hashes from 1 for octet_length(old.hashes)) = old.hashes then
    return new;
  end if;
  raise exception '% of a tile is refused', tg_op
    using errcode = 'OV001', table = tg_table_name, constraint = tg_name;
end $$;
comment on function log_tile_grows() is 'lets an UPDATE append hashes to a tile and nothing else, refuses DELETE; SQLSTATE OV001';
create trigger log_tile_grows before update or delete on log_tile
  for each row execute function log_tile_grows();
create trigger log_tile_append_only before truncate on log_tile
  for each statement execute function append_only();
grant select, insert, update (hashes) on log_tile to :"app";

create table log_checkpoint (
  size bigint not null,
  root hash32 not null,
  note text not null,
  signed_at_ms bigint not null,
  constraint log_checkpoint_pk primary key (size)
);
comment on table log_checkpoint is 'every checkpoint that the log ever signed, without cosignatures; a second root for a size is refused';
create trigger log_checkpoint_append_only before update or delete or truncate on log_checkpoint
  for each statement execute function append_only();
grant select, insert on log_checkpoint to :"app";

create table log_cosignature (
  size bigint not null,
  vkey text not null,
  at_s bigint not null,
  line text not null,
  constraint log_cosignature_pk primary key (size, vkey, at_s),
  constraint log_cosignature_checkpoint_fk foreign key (size) references log_checkpoint (size)
);
comment on table log_cosignature is 'verified signature lines of witnesses, by the key of the witness and its time in seconds (SPEC 7.4)';
create index log_cosignature_vkey_idx on log_cosignature (vkey, size);
create trigger log_cosignature_append_only before update or delete or truncate on log_cosignature
  for each statement execute function append_only();
grant select, insert on log_cosignature to :"app";

-- == officers ==

create table officer (
  officer_id random_id not null,
  community_id text not null,
  role text not null,
  name text not null,
  identity hash32 not null,
  until_on date not null,
  appointed_entry_id bigint not null,
  removed_entry_id bigint null,
  constraint officer_pk primary key (officer_id),
  constraint officer_role_check check (role in ('committee', 'street', 'registrar', 'regulator', 'clerk', 'scrutineer', 'operator'))
);
comment on table officer is 'appointed officers; community_id is empty for the whole deployment; one identity holds one role in a community until it is removed (SPEC 2.2)';
create unique index officer_identity_key on officer (community_id, identity) where removed_entry_id is null;
grant select, insert, update (removed_entry_id, until_on) on officer to :"app";

create table officer_key (
  credential_id random_id not null,
  officer_id random_id not null,
  alg text not null,
  public_key bytea not null,
  webauthn_id bytea not null,
  sign_count bigint not null default 0,
  ended_entry_id bigint null,
  constraint officer_key_pk primary key (credential_id),
  constraint officer_key_officer_fk foreign key (officer_id) references officer (officer_id),
  constraint officer_key_public_key_key unique (public_key),
  constraint officer_key_alg_check check (alg in ('Ed25519', 'webauthn'))
);
comment on table officer_key is 'keys of officers, as their newest appointment in the log names them; one that ended never comes back (SPEC 2.2)';
create index officer_key_officer_idx on officer_key (officer_id);
grant select, insert, update (sign_count, ended_entry_id) on officer_key to :"app";

create table enrolment (
  enrolment_id random_id not null,
  community_id text not null,
  role text not null,
  name text not null,
  identity hash32 not null,
  code_hash text not null,
  tries integer not null default 0,
  expires_at_ms bigint not null,
  used_at_ms bigint null,
  act_id random_id null,
  recovers_officer_id random_id null,
  constraint enrolment_pk primary key (enrolment_id),
  constraint enrolment_recovers_fk foreign key (recovers_officer_id) references officer (officer_id),
  constraint enrolment_tries_check check (tries between 0 and 5)
);
comment on table enrolment is 'invitations of officers to enrol passkeys, and of an officer who lost his keys to enrol new ones; the code is kept as an argon2id hash only';
grant select, insert, update (tries, used_at_ms, act_id) on enrolment to :"app";

create table officer_recovery (
  officer_id random_id not null,
  code_hash text not null,
  tries integer not null default 0,
  drawn_at_ms bigint not null,
  constraint officer_recovery_pk primary key (officer_id),
  constraint officer_recovery_officer_fk foreign key (officer_id) references officer (officer_id),
  constraint officer_recovery_tries_check check (tries between 0 and 5)
);
comment on table officer_recovery is 'recovery codes of officers, as argon2id hashes only; five wrong ones lock until the officer draws another (SPEC 2.5)';
grant select, insert, update (code_hash, tries, drawn_at_ms), delete on officer_recovery to :"app";

create table login_challenge (
  nonce hash32 not null,
  purpose text not null,
  expires_at_ms bigint not null,
  constraint login_challenge_pk primary key (nonce),
  constraint login_challenge_purpose_check check (purpose in ('officer', 'owner', 'enrolment'))
);
comment on table login_challenge is 'server nonces of logins that are under way; each is deleted when it is used (SPEC 1.7)';
create index login_challenge_expires_idx on login_challenge (expires_at_ms);
grant select, insert, delete on login_challenge to :"app";

create table officer_session (
  token_hash hash32 not null,
  officer_id random_id not null,
  created_at_ms bigint not null,
  seen_at_ms bigint not null,
  expires_at_ms bigint not null,
  session_id random_id not null,
  proved_at_ms bigint not null,
  agent text not null,
  constraint officer_session_pk primary key (token_hash),
  constraint officer_session_id_key unique (session_id),
  constraint officer_session_officer_fk foreign key (officer_id) references officer (officer_id)
);
comment on table officer_session is 'sessions of officers; the cookie is random, its SHA-256 is kept; proved_at_ms: when a key was last used in it; agent: family of browser and system';
create index officer_session_officer_idx on officer_session (officer_id);
grant select, insert, update (seen_at_ms, expires_at_ms, proved_at_ms), delete on officer_session to :"app";

create table act (
  act_id random_id not null,
  community_id text not null,
  meeting_id text null,
  kind text not null,
  entry bytea not null,
  subject hash32 not null,
  rule_kind text null,
  details text not null,
  state text not null,
  refusal_code text null,
  drafted_by text not null,
  drafted_at_ms bigint not null,
  done_at_ms bigint null,
  entry_id bigint null,
  constraint act_pk primary key (act_id),
  constraint act_state_check check (state in ('open', 'signed', 'done', 'refused', 'withdrawn')),
  constraint act_done_check check ((state = 'done') = (entry_id is not null)),
  constraint act_entry_fk foreign key (entry_id) references log_entry (id)
);
comment on table act is 'entries that wait for the actions of officers; done when the entry stands in the log (SPEC 2.3, 2.4)';
create index act_community_idx on act (community_id, drafted_at_ms);
create unique index act_subject_key on act (subject) where state in ('open', 'signed', 'done');
create trigger act_frozen before update or delete on act for each row
  execute function frozen_except('state', 'refusal_code', 'done_at_ms', 'entry_id');
create trigger act_append_only before truncate on act for each statement execute function append_only();
grant select, insert, update (state, refusal_code, done_at_ms, entry_id) on act to :"app";

create table act_signature (
  act_id random_id not null,
  officer_id random_id not null,
  role text not null,
  identity hash32 not null,
  public_key bytea not null,
  action bytea not null,
  signature text not null,
  evidence hash32 not null,
  signed_at_ms bigint not null,
  constraint act_signature_pk primary key (act_id, officer_id),
  constraint act_signature_act_fk foreign key (act_id) references act (act_id),
  constraint act_signature_identity_key unique (act_id, identity),
  constraint act_signature_public_key_key unique (act_id, public_key),
  constraint act_signature_evidence_key unique (evidence)
);
comment on table act_signature is 'the actions that officers signed, with the bytes that any auditor can verify again';
create trigger act_signature_append_only before update or delete or truncate on act_signature
  for each statement execute function append_only();
grant select, insert on act_signature to :"app";

-- == registry ==

create table community (
  community_id random_id not null,
  name text not null,
  register_id random_id null,
  created_at_ms bigint not null,
  constraint community_pk primary key (community_id),
  constraint community_name_check check (char_length(name) between 1 and 100)
);
comment on table community is 'residential communities; register_id is the register in force, null before the first import';
grant select, insert, update (register_id) on community to :"app";

create table register (
  community_id random_id not null,
  register_id random_id not null,
  file_hash hash32 not null,
  file_salt bytea not null,
  settings text not null,
  draft bytea null,
  file bytea null,
  drafted_by text not null,
  drafted_at_ms bigint not null,
  entry_id bigint null,
  constraint register_pk primary key (community_id, register_id),
  constraint register_community_fk foreign key (community_id) references community (community_id),
  constraint register_salt_check check (octet_length(file_salt) = 16),
  constraint register_draft_check check (draft is null or entry_id is null)
);
comment on table register is 'imports of register files: the sealed content waits in draft for two officers and is erased when it was stored or superseded (SPEC 3.1)';
comment on column register.settings is 'JSON: what the operator decided at the check, so that the file reads the same again';
comment on column register.file is 'the file as its source delivered it, sealed; erased with a draft that ended, and when its time is over (SPEC 3.1)';
create trigger register_frozen before update or delete on register for each row
  execute function frozen_except('draft', 'file', 'entry_id');
create trigger register_append_only before truncate on register for each statement execute function append_only();
grant select, insert, update (draft, file, entry_id) on register to :"app";

create function register_act_ended() returns trigger language plpgsql as $$
begin
  update register set draft = null, file = null
   where community_id = new.community_id and register_id = new.details::jsonb ->> 'register' and entry_id is null;
  return null;
end $$;
comment on function register_act_ended() is 'erases what a register''s act waited with, in the transaction that ends the act without effect (SPEC 3.1)';
create trigger act_register_ended after update of state on act for each row
  when (new.kind = 'register.imported' and new.state in ('withdrawn', 'refused'))
  execute function register_act_ended();

create table register_import (
  community_id random_id not null,
  import_id random_id not null,
  officer_id random_id not null,
  state text not null,
  settings text not null,
  file bytea null,
  draft bytea null,
  outcome bytea null,
  rows_read integer not null,
  rows_total integer not null,
  submitted_at_ms bigint not null,
  act_id random_id null,
  constraint register_import_pk primary key (community_id, import_id),
  constraint register_import_community_fk foreign key (community_id) references community (community_id),
  constraint register_import_officer_fk foreign key (officer_id) references officer (officer_id),
  constraint register_import_act_fk foreign key (act_id) references act (act_id),
  constraint register_import_state_check check (state in ('waiting', 'checking', 'refused', 'checked', 'failed', 'drafted', 'withdrawn')),
  constraint register_import_file_check check ((file is not null) = (state in ('waiting', 'checking', 'refused', 'checked'))),
  constraint register_import_draft_check check ((draft is not null) = (state = 'checked')),
  constraint register_import_act_check check ((act_id is not null) = (state = 'drafted')),
  constraint register_import_rows_check check (rows_read between 0 and rows_total)
);
comment on table register_import is 'files that were sent in to become registers: they wait for the check and then for their officer, sealed, and are erased when they become a register''s draft or end (SPEC 3.1)';
comment on column register_import.import_id is 'also the id of the register that is drafted from it';
comment on column register_import.settings is 'JSON: what the operator decided at the upload';
comment on column register_import.outcome is 'what the check found, sealed: findings, counts, how the columns were understood';
create index register_import_queue_idx on register_import (submitted_at_ms, import_id) where state in ('waiting', 'checking');
create trigger register_import_frozen before update or delete on register_import for each row
  execute function frozen_except('state', 'file', 'draft', 'outcome', 'rows_read', 'rows_total', 'act_id');
create trigger register_import_append_only before truncate on register_import for each statement execute function append_only();
grant select, insert, update (state, file, draft, outcome, rows_read, rows_total, act_id) on register_import to :"app";

create table personal_access (
  community_id random_id not null,
  access_id random_id not null,
  officer_id random_id not null,
  kind text not null,
  subject_id random_id not null,
  reason text not null,
  accessed_at_ms bigint not null,
  constraint personal_access_pk primary key (community_id, access_id),
  constraint personal_access_community_fk foreign key (community_id) references community (community_id),
  constraint personal_access_officer_fk foreign key (officer_id) references officer (officer_id),
  constraint personal_access_kind_check check (kind in ('register.file', 'act.openings', 'vote.absent')),
  constraint personal_access_reason_check check (char_length(reason) between 4 and 200)
);
comment on table personal_access is 'who was given personal data in bulk, when, what, and why; written before it is handed out (SPEC 3.1)';
create trigger personal_access_append_only before update or delete or truncate on personal_access
  for each statement execute function append_only();
grant select, insert on personal_access to :"app";

alter table community add constraint community_register_fk
  foreign key (community_id, register_id) references register (community_id, register_id);

create table person (
  community_id random_id not null,
  person_id random_id not null,
  doc_kind text not null,
  number_index keyed_index null,
  sealed_number bytea not null,
  sealed_name bytea not null,
  sealed_contact bytea not null,
  sealed_salt bytea not null,
  identity hash32 not null,
  erased_at_ms bigint null,
  constraint person_pk primary key (community_id, person_id),
  constraint person_community_fk foreign key (community_id) references community (community_id),
  constraint person_number_key unique (community_id, number_index),
  constraint person_identity_key unique (community_id, identity),
  constraint person_doc_kind_check check (doc_kind ~ '^[a-z-]{1,40}$'),
  constraint person_erased_check check ((number_index is null) = (erased_at_ms is not null))
);
comment on column person.erased_at_ms is 'since when number, name, contact and salt are sealed empty values and no index finds him; his commitment opens no more';
comment on table person is 'owners: document kind, keyed index of the number, sealed values each bound to its row and column, and the commitment (SPEC 3.1)';
comment on column person.sealed_salt is 'the salt of identity; in the clear it would let anybody try numbers against the commitment';
create trigger person_resealed before update of number_index, sealed_number on person
  for each row when (old.erased_at_ms is not distinct from new.erased_at_ms) execute function resealed_only('number_index', 'sealed_number');
create trigger person_erased before update on person
  for each row when (old.erased_at_ms is not null)
  execute function frozen_except('sealed_number', 'sealed_name', 'sealed_contact', 'sealed_salt');
create trigger person_append_only before truncate on person for each statement execute function append_only();
grant select, insert, update (number_index, sealed_number, sealed_name, sealed_contact, sealed_salt, identity, erased_at_ms) on person to :"app";

create table personal_erasure (
  community_id random_id not null,
  erasure_id random_id not null,
  person_id random_id not null,
  reason text not null,
  erased text not null,
  kept text not null,
  erased_at_ms bigint not null,
  constraint personal_erasure_pk primary key (community_id, erasure_id),
  constraint personal_erasure_person_fk foreign key (community_id, person_id) references person (community_id, person_id),
  constraint personal_erasure_reason_check check (char_length(reason) between 4 and 200)
);
comment on table personal_erasure is 'what was erased at whose request, what was kept and until when: counts and codes, no content (docs/personal-information.md)';
create trigger personal_erasure_append_only before update or delete or truncate on personal_erasure
  for each statement execute function append_only();
grant select, insert on personal_erasure to :"app";

create table unit (
  community_id random_id not null,
  unit_id random_id not null,
  unit_key text not null,
  building text not null,
  stair text not null,
  room text not null,
  kind text not null,
  state text not null,
  area_dm2 bigint not null,
  area_source text not null,
  since_on date null,
  register_id random_id not null,
  constraint unit_pk primary key (community_id, unit_id),
  constraint unit_place_key unique (community_id, unit_key),
  constraint unit_register_fk foreign key (community_id, register_id) references register (community_id, register_id),
  constraint unit_kind_check check (kind in ('dwelling', 'shop', 'office', 'parking', 'storage', 'other')),
  constraint unit_state_check check (state in ('delivered', 'unsold', 'undelivered')),
  constraint unit_area_check check (area_dm2 > 0),
  constraint unit_area_source_check check (area_source in ('register', 'survey', 'contract'))
);
comment on table unit is 'exclusive units as the last register that listed them says; in force where register_id is the community''s';
comment on column unit.unit_key is 'equal for the spellings of one place, so that a unit keeps its id from register to register';
create index unit_register_idx on unit (community_id, register_id);
grant select, insert, update (building, stair, room, kind, state, area_dm2, area_source, since_on, register_id) on unit to :"app";

create table person_merge (
  community_id random_id not null,
  merge_id random_id not null,
  keeps_id random_id not null,
  merged_id random_id not null,
  record bytea not null,
  drafted_by text not null,
  drafted_at_ms bigint not null,
  entry_id bigint null,
  ended_entry_id bigint null,
  constraint person_merge_pk primary key (community_id, merge_id),
  constraint person_merge_keeps_fk foreign key (community_id, keeps_id) references person (community_id, person_id),
  constraint person_merge_merged_fk foreign key (community_id, merged_id) references person (community_id, person_id),
  constraint person_merge_two_check check (keeps_id <> merged_id),
  constraint person_merge_order_check check (ended_entry_id is null or (entry_id is not null and ended_entry_id > entry_id))
);
comment on table person_merge is 'persons of the register who are one, under two documents: drafted, in force from entry_id, undone by ended_entry_id (SPEC 3.8)';
create unique index person_merge_in_force_key on person_merge (community_id, merged_id)
  where entry_id is not null and ended_entry_id is null;
create trigger person_merge_frozen before update or delete on person_merge for each row
  execute function frozen_except('entry_id', 'ended_entry_id');
create trigger person_merge_append_only before truncate on person_merge for each statement execute function append_only();
grant select, insert, update (entry_id, ended_entry_id) on person_merge to :"app";

create table ownership (
  community_id random_id not null,
  register_id random_id not null,
  unit_id random_id not null,
  person_id random_id not null,
  constraint ownership_pk primary key (community_id, register_id, unit_id, person_id),
  constraint ownership_unit_fk foreign key (community_id, unit_id) references unit (community_id, unit_id),
  constraint ownership_person_fk foreign key (community_id, person_id) references person (community_id, person_id),
  constraint ownership_register_fk foreign key (community_id, register_id) references register (community_id, register_id)
);
comment on table ownership is 'who owns which unit in each register that was ever in force';
create index ownership_person_idx on ownership (community_id, person_id, register_id);
create trigger ownership_append_only before update or delete or truncate on ownership
  for each statement execute function append_only();
grant select, insert on ownership to :"app";

create table roll (
  community_id random_id not null,
  roll_id random_id not null,
  meeting_id random_id not null,
  register_id random_id not null,
  count_special_spaces boolean not null,
  root hash32 not null,
  size integer not null,
  totals text not null,
  drafted_by text not null,
  drafted_at_ms bigint not null,
  entry_id bigint null,
  constraint roll_pk primary key (community_id, roll_id),
  constraint roll_register_fk foreign key (community_id, register_id) references register (community_id, register_id),
  constraint roll_size_check check (size between 1 and 1000000)
);
comment on table roll is 'drafted and frozen rolls; entry_id is the log entry that froze it, and a meeting has one frozen roll (SPEC 4.2)';
comment on column roll.totals is 'JSON: areaDm2 and heads of each proposal''s base, as the entry has them';
create unique index roll_meeting_key on roll (community_id, meeting_id) where entry_id is not null;
create trigger roll_frozen before update or delete on roll for each row execute function frozen_except('entry_id');
create trigger roll_append_only before truncate on roll for each statement execute function append_only();
grant select, insert, update (entry_id) on roll to :"app";

create table roll_entry (
  community_id random_id not null,
  roll_id random_id not null,
  entitlement_id random_id not null,
  position integer not null,
  leaf bytea not null,
  proof bytea not null,
  holders_salt bytea not null,
  voter_salt bytea not null,
  voter text not null,
  constraint roll_entry_pk primary key (community_id, roll_id, entitlement_id),
  constraint roll_entry_roll_fk foreign key (community_id, roll_id) references roll (community_id, roll_id),
  constraint roll_entry_position_key unique (community_id, position, roll_id),
  constraint roll_entry_position_check check (position >= 0),
  constraint roll_entry_proof_check check (octet_length(proof) % 32 = 0),
  constraint roll_entry_salts_check check (octet_length(holders_salt) = 16 and octet_length(voter_salt) = 16),
  constraint roll_entry_voter_check check (voter = '' or octet_length(voter) = 26)
);
comment on table roll_entry is 'entitlements: the exact bytes of each leaf, its place and inclusion proof, and what opens its commitments (SPEC 4.1)';
comment on constraint roll_entry_position_key on roll_entry is 'in this order, so that the check of a holder''s foreign key never takes it for the primary key before statistics exist';
create trigger roll_entry_append_only before update or delete or truncate on roll_entry
  for each statement execute function append_only();
grant select, insert on roll_entry to :"app";

create table roll_holder (
  community_id random_id not null,
  roll_id random_id not null,
  entitlement_id random_id not null,
  person_id random_id not null,
  identity hash32 not null,
  constraint roll_holder_pk primary key (community_id, roll_id, entitlement_id, person_id),
  constraint roll_holder_entry_fk foreign key (community_id, roll_id, entitlement_id)
    references roll_entry (community_id, roll_id, entitlement_id),
  constraint roll_holder_person_fk foreign key (community_id, person_id) references person (community_id, person_id)
);
comment on table roll_holder is 'who holds each entitlement, with the identity that the leaf commits to';
create index roll_holder_person_idx on roll_holder (community_id, person_id, roll_id);
create trigger roll_holder_append_only before update or delete or truncate on roll_holder
  for each statement execute function append_only();
grant select, insert on roll_holder to :"app";

create table roll_correction (
  community_id random_id not null,
  correction_id random_id not null,
  meeting_id random_id not null,
  roll_id random_id not null,
  entitlement_id random_id not null,
  leaf bytea not null,
  holders_salt bytea not null,
  voter_salt bytea not null,
  correction bytea not null,
  sealed_document bytea not null,
  drafted_by text not null,
  drafted_at_ms bigint not null,
  entry_id bigint null,
  constraint roll_correction_pk primary key (community_id, correction_id),
  constraint roll_correction_entry_fk foreign key (community_id, roll_id, entitlement_id)
    references roll_entry (community_id, roll_id, entitlement_id),
  constraint roll_correction_log_fk foreign key (entry_id) references log_entry (id),
  constraint roll_correction_salts_check check (octet_length(holders_salt) = 16 and octet_length(voter_salt) = 16)
);
comment on table roll_correction is 'who holds an entitlement after its roll was frozen: drafted, and in force from the log entry entry_id on; the latest holds (SPEC 4.4)';
comment on column roll_correction.sealed_document is 'salt and reference of the document that the officers saw, sealed';
create unique index roll_correction_log_key on roll_correction (entry_id) where entry_id is not null;
create index roll_correction_latest_idx on roll_correction (community_id, meeting_id, entitlement_id, entry_id) where entry_id is not null;
create trigger roll_correction_frozen before update or delete on roll_correction
  for each row execute function frozen_except('entry_id', 'sealed_document');
create trigger roll_correction_resealed before update of sealed_document on roll_correction
  for each row execute function resealed_only('sealed_document');
create trigger roll_correction_append_only before truncate on roll_correction
  for each statement execute function append_only();
grant select, insert, update (entry_id, sealed_document) on roll_correction to :"app";

create table roll_correction_holder (
  community_id random_id not null,
  correction_id random_id not null,
  person_id random_id not null,
  identity hash32 not null,
  constraint roll_correction_holder_pk primary key (community_id, correction_id, person_id),
  constraint roll_correction_holder_correction_fk foreign key (community_id, correction_id)
    references roll_correction (community_id, correction_id),
  constraint roll_correction_holder_person_fk foreign key (community_id, person_id) references person (community_id, person_id)
);
comment on table roll_correction_holder is 'who holds a corrected entitlement, with the identity that the new leaf commits to';
create index roll_correction_holder_person_idx on roll_correction_holder (community_id, person_id, correction_id);
create trigger roll_correction_holder_append_only before update or delete or truncate on roll_correction_holder
  for each statement execute function append_only();
grant select, insert on roll_correction_holder to :"app";

create table roll_request (
  community_id random_id not null,
  request_id random_id not null,
  meeting_id random_id not null,
  person_id random_id not null,
  unit_id random_id null,
  about text not null,
  sealed_text bytea null,
  asked_at_ms bigint not null,
  outcome text null,
  sealed_answer bytea null,
  answered_by random_id null,
  answered_at_ms bigint null,
  constraint roll_request_pk primary key (community_id, request_id),
  constraint roll_request_person_fk foreign key (community_id, person_id) references person (community_id, person_id),
  constraint roll_request_unit_fk foreign key (community_id, unit_id) references unit (community_id, unit_id),
  constraint roll_request_officer_fk foreign key (answered_by) references officer (officer_id),
  constraint roll_request_about_check check (about in ('area', 'owners', 'missing') and (about = 'missing') = (unit_id is null)),
  constraint roll_request_answer_check check (
    (outcome is null or outcome in ('accepted', 'refused'))
    and (outcome is null) = (answered_by is null) and (outcome is null) = (answered_at_ms is null)
    and (outcome is not null or sealed_answer is null))
);
comment on table roll_request is 'what owners ask of a roll before it is frozen, and the one answer of an officer; the texts are sealed, and null once they were erased (SPEC 4.4)';
create index roll_request_meeting_idx on roll_request (community_id, meeting_id, person_id);
create trigger roll_request_frozen before update or delete on roll_request for each row
  execute function frozen_except('sealed_text', 'outcome', 'sealed_answer', 'answered_by', 'answered_at_ms');
create trigger roll_request_append_only before truncate on roll_request
  for each statement execute function append_only();
grant select, insert, update (sealed_text, outcome, sealed_answer, answered_by, answered_at_ms) on roll_request to :"app";

-- == notice ==

create table notice_watermark (
  community_id random_id not null,
  next_idx bigint not null,
  constraint notice_watermark_pk primary key (community_id),
  constraint notice_watermark_community_fk foreign key (community_id) references community (community_id),
  constraint notice_watermark_next_check check (next_idx >= 0)
);
comment on table notice_watermark is 'the first index of the log from which on nothing of a community has been announced yet (SPEC 3.7)';
grant select, insert, update (next_idx) on notice_watermark to :"app";

create table print_run (
  community_id random_id not null,
  run_id random_id not null,
  officer_id random_id not null,
  count integer not null,
  printed_at_ms bigint not null,
  posted_by random_id null,
  posted_at_ms bigint null,
  constraint print_run_pk primary key (community_id, run_id),
  constraint print_run_community_fk foreign key (community_id) references community (community_id),
  constraint print_run_officer_fk foreign key (officer_id) references officer (officer_id),
  constraint print_run_posted_by_fk foreign key (posted_by) references officer (officer_id),
  constraint print_run_count_check check (count > 0),
  constraint print_run_posted_check check ((posted_by is null) = (posted_at_ms is null))
);
comment on table print_run is 'announcements that were collected for printing: which officer was given the addresses, and who posted the letters (SPEC 3.7)';
create trigger print_run_frozen before update or delete on print_run for each row
  execute function frozen_except('posted_by', 'posted_at_ms');
create trigger print_run_append_only before truncate on print_run for each statement execute function append_only();
grant select, insert, update (posted_by, posted_at_ms) on print_run to :"app";

create table outbox (
  community_id random_id not null,
  outbox_id random_id not null,
  entry_idx bigint null,
  event text not null,
  sealed_recipient bytea null,
  facts text not null,
  channel text not null,
  state text not null,
  attempts integer not null default 0,
  next_at_ms bigint not null,
  held_until_ms bigint null,
  error_code text null,
  run_id random_id null,
  receipt text null,
  receipt_proof hash32 null,
  queued_at_ms bigint not null,
  ended_at_ms bigint null,
  constraint outbox_pk primary key (community_id, outbox_id),
  constraint outbox_community_fk foreign key (community_id) references community (community_id),
  constraint outbox_entry_fk foreign key (entry_idx) references log_entry (idx),
  constraint outbox_run_fk foreign key (community_id, run_id) references print_run (community_id, run_id),
  constraint outbox_event_check check (event ~ '^[a-z]+(-[a-z]+)*$'),
  constraint outbox_source_check check ((entry_idx is null) = (event in ('email-confirmed', 'email-changed', 'email-removed'))),
  constraint outbox_channel_check check (channel in ('print', 'webhook', 'email')),
  constraint outbox_state_check check (state in ('queued', 'sent', 'delivered', 'failed')),
  constraint outbox_attempts_check check (attempts >= 0),
  constraint outbox_ended_check check ((ended_at_ms is null) = (state = 'queued')),
  constraint outbox_recipient_check check (sealed_recipient is not null or state <> 'queued'),
  constraint outbox_receipt_check check ((receipt is not null) = (channel = 'email' and state = 'sent' and sealed_recipient is not null)),
  constraint outbox_receipt_proof_check check ((receipt_proof is not null) = (channel = 'email' and state = 'sent'))
);
comment on table outbox is 'announcements that follow from the log, one for each person and entry, and those of changed addresses of e-mail, with what became of them (SPEC 3.7)';
comment on column outbox.outbox_id is 'derived from the entry or the change, the person and the event, so that no announcement is made twice';
comment on column outbox.entry_idx is 'null where it follows from no entry: an address of e-mail has none';
comment on column outbox.sealed_recipient is 'phone, address and unit, or for an e-mail the person, sealed; erased when its time is over, and with the mail where it holds a former address of e-mail';
comment on column outbox.receipt is 'what the mail server answered when it took an e-mail over, without addresses; erased with the recipient';
comment on column outbox.receipt_proof is 'hash of the text of an e-mail and of that answer, which outlives both for the delivery register (SPEC 5.1)';
comment on column outbox.facts is 'JSON that fills the text of the event; no secret, no choice, no name of a person';
create index outbox_due_idx on outbox (channel, next_at_ms) where channel <> 'print' and state = 'queued';
create index outbox_state_idx on outbox (community_id, state, channel, queued_at_ms);
create index outbox_run_idx on outbox (community_id, run_id);
create index outbox_ended_idx on outbox (ended_at_ms) where sealed_recipient is not null;
create trigger outbox_frozen before update or delete on outbox for each row execute function
  frozen_except('sealed_recipient', 'channel', 'state', 'attempts', 'next_at_ms', 'held_until_ms', 'error_code', 'run_id', 'receipt', 'receipt_proof', 'ended_at_ms');
create trigger outbox_append_only before truncate on outbox for each statement execute function append_only();
grant select, insert, update (sealed_recipient, channel, state, attempts, next_at_ms, held_until_ms, error_code, run_id, receipt, receipt_proof, ended_at_ms) on outbox to :"app";

create table email_address (
  community_id random_id not null,
  person_id random_id not null,
  sealed_address bytea not null,
  code_id random_id not null,
  confirmed_at_ms bigint not null,
  constraint email_address_pk primary key (community_id, person_id),
  constraint email_address_person_fk foreign key (community_id, person_id) references person (community_id, person_id)
);
comment on table email_address is 'where an owner gets notices and reminders by e-mail beside the other channels: what he typed himself and confirmed by a code (SPEC 3.7)';
comment on column email_address.code_id is 'the code that confirmed it, from which the ids of what is told of it are derived';
grant select, insert, update (sealed_address, code_id, confirmed_at_ms), delete on email_address to :"app";

create table email_change (
  community_id random_id not null,
  code_id random_id not null,
  event text not null,
  person_id random_id not null,
  sealed_former bytea null,
  changed_at_ms bigint not null,
  queued_at_ms bigint null,
  constraint email_change_pk primary key (community_id, code_id, event),
  constraint email_change_person_fk foreign key (community_id, person_id) references person (community_id, person_id),
  constraint email_change_event_check check (event in ('email-confirmed', 'email-changed', 'email-removed')),
  constraint email_change_former_check check (sealed_former is null or (event <> 'email-confirmed' and queued_at_ms is null))
);
comment on table email_change is 'that an address of e-mail was confirmed, changed or removed, until its owner''s announcement of it is forgotten (SPEC 3.7)';
comment on column email_change.code_id is 'the code that confirmed the address which began, or which was removed';
comment on column email_change.sealed_former is 'the address that ended by its owner''s own page, sealed, until the mail that tells it so is queued';
create index email_change_waiting_idx on email_change (changed_at_ms) where queued_at_ms is null;
create index email_change_changed_idx on email_change (changed_at_ms);
create index email_change_person_idx on email_change (community_id, person_id);
grant select, insert, update (sealed_former, queued_at_ms), delete on email_change to :"app";

create table email_code (
  community_id random_id not null,
  person_id random_id not null,
  code_id random_id not null,
  sealed_code bytea null,
  tries integer not null default 0,
  day bigint not null,
  asked integer not null,
  state text not null,
  attempts integer not null default 0,
  next_at_ms bigint not null,
  expires_at_ms bigint not null,
  constraint email_code_pk primary key (community_id, person_id),
  constraint email_code_person_fk foreign key (community_id, person_id) references person (community_id, person_id),
  constraint email_code_tries_check check (tries >= 0),
  constraint email_code_asked_check check (asked > 0),
  constraint email_code_attempts_check check (attempts >= 0),
  constraint email_code_state_check check (state in ('queued', 'sent', 'failed', 'ended')),
  constraint email_code_sealed_check check ((sealed_code is null) = (state = 'ended'))
);
comment on table email_code is 'the code that an owner was mailed last, until he types it: the address with it, both sealed, and how many codes he asked for on that day of Beijing, in days since 1970 (SPEC 3.7)';
create index email_code_due_idx on email_code (next_at_ms) where state = 'queued';
create index email_code_expires_idx on email_code (expires_at_ms);
grant select, insert, update, delete on email_code to :"app";

create table email_ask (
  ask_id random_id not null,
  address hash32 not null,
  asked_at_ms bigint not null,
  constraint email_ask_pk primary key (ask_id)
);
comment on table email_ask is 'codes that were asked for one address of e-mail, by whomever, so that nobody fills a box; address is a keyed hash, and names no owner; swept after a day (SPEC 3.7)';
create index email_ask_address_idx on email_ask (address, asked_at_ms);
create index email_ask_asked_idx on email_ask (asked_at_ms);
grant select, insert, delete on email_ask to :"app";

create table monitor_access (
  community_id random_id not null,
  access_id random_id not null,
  officer_id random_id not null,
  token_hash hash32 not null,
  drawn_at_ms bigint not null,
  expires_at_ms bigint not null,
  ended_by random_id null,
  ended_at_ms bigint null,
  explained bigint not null default 0,
  used_at_ms bigint null,
  constraint monitor_access_pk primary key (community_id, access_id),
  constraint monitor_access_token_key unique (token_hash),
  constraint monitor_access_community_fk foreign key (community_id) references community (community_id),
  constraint monitor_access_officer_fk foreign key (officer_id) references officer (officer_id),
  constraint monitor_access_ended_by_fk foreign key (ended_by) references officer (officer_id),
  constraint monitor_access_ended_check check ((ended_by is null) = (ended_at_ms is null))
);
comment on table monitor_access is 'accesses of monitors that may only ask what entries mean: who drew each, until when, how often it was used; the token is random, its SHA-256 is kept (SPEC 3.7)';
create trigger monitor_access_frozen before update or delete on monitor_access for each row
  execute function frozen_except('ended_by', 'ended_at_ms', 'explained', 'used_at_ms');
create trigger monitor_access_append_only before truncate on monitor_access for each statement execute function append_only();
grant select, insert, update (ended_by, ended_at_ms, explained, used_at_ms) on monitor_access to :"app";

create table notice_message (
  community_id random_id not null,
  outbox_id random_id not null,
  meeting_id random_id not null,
  person_id random_id not null,
  message_proof hash32 not null,
  paper_proof hash32 not null,
  constraint notice_message_pk primary key (community_id, outbox_id),
  constraint notice_message_outbox_fk foreign key (community_id, outbox_id) references outbox (community_id, outbox_id),
  constraint notice_message_person_fk foreign key (community_id, person_id) references person (community_id, person_id)
);
comment on table notice_message is 'which announcement brought the notice of a meeting to whom, and the hashes of its two texts, which outlive the recipient; what became of it stands in the outbox (SPEC 5.1)';
create index notice_message_meeting_idx on notice_message (community_id, meeting_id);
create trigger notice_message_append_only before update or delete or truncate on notice_message
  for each statement execute function append_only();
grant select, insert on notice_message to :"app";

create table delivery (
  community_id random_id not null,
  delivery_id random_id not null,
  meeting_id random_id not null,
  state text not null,
  person_id random_id null,
  unit_id random_id null,
  officer_id random_id null,
  proof hash32 not null,
  recorded_at_ms bigint not null,
  constraint delivery_pk primary key (community_id, delivery_id),
  constraint delivery_person_fk foreign key (community_id, person_id) references person (community_id, person_id),
  constraint delivery_unit_fk foreign key (community_id, unit_id) references unit (community_id, unit_id),
  constraint delivery_officer_fk foreign key (officer_id) references officer (officer_id),
  constraint delivery_state_check check (state in ('read', 'handed', 'posted')),
  constraint delivery_reader_check check ((state = 'read') = (person_id is not null)),
  constraint delivery_recorder_check check
    ((state = 'read') = (unit_id is null) and (state = 'read') = (officer_id is null))
);
comment on table delivery is 'the delivery register of a meeting: who read the notice signed in, and to which units officers handed it or had it posted; `proof` is the hash of what was read, or of the document (SPEC 5.1)';
create unique index delivery_read_key on delivery (community_id, meeting_id, person_id) where state = 'read';
create index delivery_meeting_idx on delivery (community_id, meeting_id);
create trigger delivery_append_only before update or delete or truncate on delivery
  for each statement execute function append_only();
grant select, insert on delivery to :"app";

create table delivery_file (
  community_id random_id not null,
  meeting_id random_id not null,
  moment text not null,
  record bytea not null,
  entry_id bigint not null,
  constraint delivery_file_pk primary key (community_id, meeting_id, moment),
  constraint delivery_file_community_fk foreign key (community_id) references community (community_id),
  constraint delivery_file_entry_fk foreign key (entry_id) references log_entry (id),
  constraint delivery_file_moment_check check (moment in ('opening', 'close'))
);
comment on table delivery_file is 'the delivery register as it stood at the opening and at the close, the bytes under delivery.recorded (SPEC 5.1)';
create trigger delivery_file_append_only before update or delete or truncate on delivery_file
  for each statement execute function append_only();
grant select, insert on delivery_file to :"app";

-- == identity ==

create table letter_batch (
  community_id random_id not null,
  batch_id random_id not null,
  until_on date null,
  count integer not null,
  root hash32 not null,
  items bytea null,
  reissue bytea null,
  drafted_by text not null,
  drafted_at_ms bigint not null,
  entry_id bigint null,
  constraint letter_batch_pk primary key (community_id, batch_id),
  constraint letter_batch_community_fk foreign key (community_id) references community (community_id),
  constraint letter_batch_count_check check (count between 1 and 200000),
  constraint letter_batch_items_check check ((items is null) = (entry_id is not null)),
  constraint letter_batch_reissue_check check (reissue is null or count <= 10)
);
comment on table letter_batch is 'batches of sealed letters; items are the lines of a batch that waits for its registrar, null once they are letters (SPEC 3.2)';
comment on column letter_batch.reissue is 'why a batch is made while a vote may run: two officers sign its hash; null for a batch of the registrar alone';
create trigger letter_batch_frozen before update or delete on letter_batch for each row
  execute function frozen_except('items', 'entry_id');
create trigger letter_batch_append_only before truncate on letter_batch for each statement execute function append_only();
grant select, insert, update (items, entry_id) on letter_batch to :"app";

create table letter (
  community_id random_id not null,
  letter_id random_id not null,
  batch_id random_id not null,
  position integer not null,
  person_id random_id not null,
  item bytea not null,
  ended_entry_id bigint null,
  constraint letter_pk primary key (community_id, letter_id),
  constraint letter_batch_fk foreign key (community_id, batch_id) references letter_batch (community_id, batch_id),
  constraint letter_person_fk foreign key (community_id, person_id) references person (community_id, person_id),
  constraint letter_position_key unique (community_id, position, batch_id),
  constraint letter_position_check check (position >= 0)
);
comment on table letter is 'issued letters, public halves only; ended_entry_id is the entry that replaced or revoked one';
create unique index letter_in_force_key on letter (community_id, person_id) where ended_entry_id is null;
create trigger letter_frozen before update or delete on letter for each row execute function frozen_except('ended_entry_id');
create trigger letter_append_only before truncate on letter for each statement execute function append_only();
grant select, insert, update (ended_entry_id) on letter to :"app";

create table letter_use (
  community_id random_id not null,
  letter_id random_id not null,
  first_at_ms bigint not null,
  constraint letter_use_pk primary key (community_id, letter_id),
  constraint letter_use_letter_fk foreign key (community_id, letter_id) references letter (community_id, letter_id)
);
comment on table letter_use is 'when an owner first signed in by a letter: the registrar counts by building how far the letters came (SPEC 3.2)';
create trigger letter_use_append_only before update or delete or truncate on letter_use
  for each statement execute function append_only();
grant select, insert on letter_use to :"app";

create table credential (
  community_id random_id not null,
  credential_id random_id not null,
  person_id random_id not null,
  identity hash32 not null,
  kind text not null,
  alg text not null,
  public_key bytea not null,
  webauthn_id bytea not null,
  until_on date null,
  entry_id bigint not null,
  ended_entry_id bigint null,
  constraint credential_pk primary key (community_id, credential_id),
  constraint credential_person_fk foreign key (community_id, person_id) references person (community_id, person_id),
  constraint credential_public_key_key unique (public_key),
  constraint credential_kind_check check (kind in ('letter', 'passkey', 'device')),
  constraint credential_alg_check check (alg in ('Ed25519', 'webauthn')),
  constraint credential_order_check check (ended_entry_id > entry_id)
);
comment on table credential is 'keys of owners, a letter''s among them; a key is bound once in the whole log, hence unique over all communities (SPEC 3.3, 3.4)';
create index credential_person_idx on credential (community_id, person_id);
create trigger credential_frozen before update or delete on credential for each row
  execute function frozen_except('ended_entry_id');
create trigger credential_append_only before truncate on credential for each statement execute function append_only();
grant select, insert, update (ended_entry_id) on credential to :"app";

create table owner_session (
  community_id random_id not null,
  token_hash hash32 not null,
  credential_id random_id not null,
  created_at_ms bigint not null,
  seen_at_ms bigint not null,
  expires_at_ms bigint not null,
  constraint owner_session_pk primary key (community_id, token_hash),
  constraint owner_session_token_key unique (token_hash),
  constraint owner_session_credential_fk foreign key (community_id, credential_id)
    references credential (community_id, credential_id)
);
comment on table owner_session is 'sessions of owners; the cookie is random, its SHA-256 is kept, and it finds its community';
create index owner_session_expires_idx on owner_session (expires_at_ms);
grant select, insert, update (seen_at_ms), delete on owner_session to :"app";

create unique index credential_webauthn_id_key on credential (webauthn_id) where kind = 'passkey';

create table credential_binding (
  community_id random_id not null,
  credential_id random_id not null,
  letter_id random_id null,
  binding bytea not null,
  letter_signature text null,
  key_signature text not null,
  id_token bytea null,
  bound_at_ms bigint not null,
  entry_id bigint not null,
  constraint credential_binding_pk primary key (community_id, credential_id),
  constraint credential_binding_credential_fk foreign key (community_id, credential_id)
    references credential (community_id, credential_id),
  constraint credential_binding_letter_fk foreign key (community_id, letter_id) references letter (community_id, letter_id),
  constraint credential_binding_letter_check check ((letter_id is null) = (letter_signature is null)),
  constraint credential_binding_token_check check (id_token is null or letter_id is null)
);
comment on table credential_binding is 'by what evidence a passkey or a device key speaks for its person: its own signature, and a letter''s, two officers'' act or a provider''s sealed token (SPEC 3.4)';
create trigger credential_binding_frozen before update or delete on credential_binding
  for each row execute function frozen_except('id_token');
create trigger credential_binding_resealed before update of id_token on credential_binding
  for each row execute function resealed_only('id_token');
create trigger credential_binding_append_only before truncate on credential_binding
  for each statement execute function append_only();
grant select, insert, update (id_token) on credential_binding to :"app";

create table credential_revocation (
  community_id random_id not null,
  credential_id random_id not null,
  by_credential_id random_id null,
  revocation bytea not null,
  signature text null,
  revoked_at_ms bigint not null,
  entry_id bigint not null,
  constraint credential_revocation_pk primary key (community_id, credential_id),
  constraint credential_revocation_credential_fk foreign key (community_id, credential_id)
    references credential (community_id, credential_id),
  constraint credential_revocation_by_fk foreign key (community_id, by_credential_id)
    references credential (community_id, credential_id),
  constraint credential_revocation_by_check check ((by_credential_id is null) = (signature is null))
);
comment on table credential_revocation is 'keys that were taken back: by themselves, by a letter of their owner, or by two officers (SPEC 3.4)';
create trigger credential_revocation_append_only before update or delete or truncate on credential_revocation
  for each statement execute function append_only();
grant select, insert on credential_revocation to :"app";

create table revocation_draft (
  community_id random_id not null,
  act_id random_id not null,
  credential_id random_id not null,
  revocation bytea not null,
  constraint revocation_draft_pk primary key (community_id, act_id),
  constraint revocation_draft_act_fk foreign key (act_id) references act (act_id),
  constraint revocation_draft_credential_fk foreign key (community_id, credential_id)
    references credential (community_id, credential_id)
);
comment on table revocation_draft is 'revocations that wait for two officers, with their reason (SPEC 3.4)';
create trigger revocation_draft_append_only before update or delete or truncate on revocation_draft
  for each statement execute function append_only();
grant select, insert on revocation_draft to :"app";

create table voting_freeze (
  community_id random_id not null,
  freeze_hash hash32 not null,
  person_id random_id not null,
  by_credential_id random_id not null,
  record bytea not null,
  signature text not null,
  frozen_at_ms bigint not null,
  entry_id bigint not null,
  lifted_entry_id bigint null,
  constraint voting_freeze_pk primary key (community_id, freeze_hash),
  constraint voting_freeze_person_fk foreign key (community_id, person_id) references person (community_id, person_id),
  constraint voting_freeze_by_fk foreign key (community_id, by_credential_id) references credential (community_id, credential_id),
  constraint voting_freeze_order_check check (lifted_entry_id > entry_id)
);
comment on table voting_freeze is 'owners who froze their electronic vote; lifted_entry_id is the entry by which two officers lifted it (SPEC 3.5)';
create unique index voting_freeze_in_force_key on voting_freeze (community_id, person_id) where lifted_entry_id is null;
create trigger voting_freeze_frozen before update or delete on voting_freeze for each row
  execute function frozen_except('lifted_entry_id');
create trigger voting_freeze_append_only before truncate on voting_freeze for each statement execute function append_only();
grant select, insert, update (lifted_entry_id) on voting_freeze to :"app";

create table key_share (
  community_id random_id not null,
  credential_id random_id not null,
  handle_hash hash32 not null,
  proof_hash text not null,
  share bytea not null,
  tries integer not null,
  last_at_ms bigint not null,
  constraint key_share_pk primary key (community_id, credential_id),
  constraint key_share_handle_key unique (handle_hash),
  constraint key_share_credential_fk foreign key (community_id, credential_id)
    references credential (community_id, credential_id),
  constraint key_share_tries_check check (tries between 0 and 5)
);
comment on table key_share is 'the service''s half of what unlocks a device key with a PIN; share is sealed at rest, and neither half opens anything alone (SPEC 3.3)';
create trigger key_share_frozen before update or delete on key_share for each row
  execute function frozen_except('tries', 'last_at_ms', 'share');
create trigger key_share_append_only before truncate on key_share for each statement execute function append_only();
grant select, insert, update (tries, last_at_ms, share) on key_share to :"app";

create table counter_request (
  request_id random_id not null,
  code text not null,
  credential_id random_id not null,
  credential_kind text not null,
  alg text not null,
  public_key bytea not null,
  webauthn_id bytea not null,
  nonce bytea not null,
  expires_at_ms bigint not null,
  community_id text null,
  person_id text null,
  claimed_by text null,
  binding bytea null,
  key_signature text null,
  act_id random_id null,
  constraint counter_request_pk primary key (request_id),
  constraint counter_request_code_key unique (code),
  constraint counter_request_code_check check (code ~ '^[0-9]{8}$'),
  constraint counter_request_claim_check check (num_nulls(community_id, person_id, claimed_by, binding) in (0, 4)),
  constraint counter_request_shown_check check (key_signature is null or binding is not null),
  constraint counter_request_act_check check ((act_id is null) = (key_signature is null)),
  constraint counter_request_act_fk foreign key (act_id) references act (act_id)
);
comment on table counter_request is 'keys that owners offer at the counter, unbound; each waits 30 minutes for two officers (SPEC 3.4)';
create index counter_request_community_idx on counter_request (community_id, expires_at_ms);
create index counter_request_expires_idx on counter_request (expires_at_ms);
grant select, insert, update (community_id, person_id, claimed_by, binding, key_signature, act_id), delete on counter_request to :"app";

create table provider_declaration (
  community_id random_id not null,
  entry_id bigint not null,
  declaration text not null,
  constraint provider_declaration_pk primary key (community_id, entry_id),
  constraint provider_declaration_community_fk foreign key (community_id) references community (community_id)
);
comment on table provider_declaration is 'identity providers of a community with their addresses and public keys; the last one is in force (SPEC 3.4)';
create trigger provider_declaration_append_only before update or delete or truncate on provider_declaration
  for each statement execute function append_only();
grant select, insert on provider_declaration to :"app";

create table provider_sign_in (
  request_id random_id not null,
  community_id random_id not null,
  iss text not null,
  state hash32 null,
  code_verifier hash32 not null,
  expected_nonce hash32 not null,
  credential_id random_id not null,
  credential_kind text not null,
  alg text not null,
  public_key bytea not null,
  webauthn_id bytea not null,
  nonce bytea not null,
  binding bytea null,
  key_signature text null,
  expires_at_ms bigint not null,
  constraint provider_sign_in_pk primary key (community_id, request_id),
  constraint provider_sign_in_request_key unique (request_id),
  constraint provider_sign_in_community_fk foreign key (community_id) references community (community_id),
  constraint provider_sign_in_shown_check check (key_signature is null or binding is not null)
);
comment on table provider_sign_in is 'owners on their way to an identity provider and back, with the unbound key of their phone; each for a quarter of an hour (SPEC 3.4)';
create index provider_sign_in_expires_idx on provider_sign_in (expires_at_ms);
grant select, insert, update (state, code_verifier, expected_nonce, binding, key_signature), delete on provider_sign_in to :"app";

create table mandate (
  community_id random_id not null,
  mandate_id random_id not null,
  meeting_id random_id null,
  basis text not null,
  principal_id random_id not null,
  agent_id random_id not null,
  until_on date not null,
  mandate bytea not null,
  credential_id random_id null,
  signature text null,
  granted_at_ms bigint not null,
  entry_id bigint not null,
  ended_entry_id bigint null,
  constraint mandate_pk primary key (community_id, mandate_id),
  constraint mandate_principal_fk foreign key (community_id, principal_id) references person (community_id, person_id),
  constraint mandate_agent_fk foreign key (community_id, agent_id) references person (community_id, person_id),
  constraint mandate_credential_fk foreign key (community_id, credential_id) references credential (community_id, credential_id),
  constraint mandate_basis_check check (basis in ('mandate', 'guardian', 'representative')),
  constraint mandate_parties_check check (principal_id <> agent_id),
  constraint mandate_signature_check check ((credential_id is null) = (signature is null)),
  constraint mandate_owner_check check (basis = 'mandate' or credential_id is null),
  constraint mandate_order_check check (ended_entry_id > entry_id)
);
comment on table mandate is 'who may vote for whom: signed by the principal''s credential, or by two officers over a paper where there is none (SPEC 3.6)';
create index mandate_agent_idx on mandate (community_id, agent_id);
create index mandate_principal_idx on mandate (community_id, principal_id);
create trigger mandate_frozen before update or delete on mandate for each row execute function frozen_except('ended_entry_id');
create trigger mandate_append_only before truncate on mandate for each statement execute function append_only();
grant select, insert, update (ended_entry_id) on mandate to :"app";

create table mandate_revocation (
  community_id random_id not null,
  mandate_id random_id not null,
  credential_id random_id null,
  signature text null,
  revoked_at_ms bigint not null,
  entry_id bigint not null,
  constraint mandate_revocation_pk primary key (community_id, mandate_id),
  constraint mandate_revocation_mandate_fk foreign key (community_id, mandate_id) references mandate (community_id, mandate_id),
  constraint mandate_revocation_credential_fk foreign key (community_id, credential_id)
    references credential (community_id, credential_id),
  constraint mandate_revocation_signature_check check ((credential_id is null) = (signature is null))
);
comment on table mandate_revocation is 'mandates that were taken back, by the principal''s credential or by two officers where there is none (SPEC 3.6)';
create trigger mandate_revocation_append_only before update or delete or truncate on mandate_revocation
  for each statement execute function append_only();
grant select, insert on mandate_revocation to :"app";

create table designation (
  community_id random_id not null,
  designation_id random_id not null,
  meeting_id random_id null,
  designee_id random_id not null,
  until_on date not null,
  designation bytea not null,
  needed integer not null,
  proposed_at_ms bigint not null,
  entry_id bigint null,
  constraint designation_pk primary key (community_id, designation_id),
  constraint designation_designee_fk foreign key (community_id, designee_id) references person (community_id, person_id),
  constraint designation_needed_check check (needed between 0 and 199)
);
comment on table designation is 'which of several holders casts for their head; without an entry it waits for signatures, and needs none where two officers signed (SPEC 3.6)';
create index designation_designee_idx on designation (community_id, designee_id);
create trigger designation_frozen before update or delete on designation for each row execute function frozen_except('entry_id');
create trigger designation_append_only before truncate on designation for each statement execute function append_only();
grant select, insert, update (entry_id) on designation to :"app";

create table designation_signature (
  community_id random_id not null,
  designation_id random_id not null,
  person_id random_id not null,
  credential_id random_id not null,
  signature text not null,
  signed_at_ms bigint not null,
  constraint designation_signature_pk primary key (community_id, designation_id, person_id),
  constraint designation_signature_designation_fk foreign key (community_id, designation_id)
    references designation (community_id, designation_id),
  constraint designation_signature_credential_fk foreign key (community_id, credential_id)
    references credential (community_id, credential_id)
);
comment on table designation_signature is 'what the other holders signed of a designation, each by a credential of his own (SPEC 3.6)';
create trigger designation_signature_append_only before update or delete or truncate on designation_signature
  for each statement execute function append_only();
grant select, insert on designation_signature to :"app";

create table designation_paper (
  community_id random_id not null,
  designation_id random_id not null,
  sealed_file bytea not null,
  sealed_salt bytea not null,
  drafted_by random_id not null,
  drafted_at_ms bigint not null,
  constraint designation_paper_pk primary key (community_id, designation_id),
  constraint designation_paper_community_fk foreign key (community_id) references community (community_id)
);
comment on table designation_paper is 'the scan of a paper designation, sealed, from the drafting of its act on; the record names its salted hash (SPEC 3.6)';
create trigger designation_paper_frozen before update or delete on designation_paper
  for each row execute function frozen_except('sealed_file', 'sealed_salt');
create trigger designation_paper_resealed before update of sealed_file, sealed_salt on designation_paper
  for each row execute function resealed_only('sealed_file', 'sealed_salt');
create trigger designation_paper_append_only before truncate on designation_paper
  for each statement execute function append_only();
grant select, insert, update (sealed_file, sealed_salt) on designation_paper to :"app";

create table mandate_paper (
  community_id random_id not null,
  mandate_id random_id not null,
  sealed_file bytea not null,
  sealed_salt bytea not null,
  drafted_by random_id not null,
  drafted_at_ms bigint not null,
  constraint mandate_paper_pk primary key (community_id, mandate_id),
  constraint mandate_paper_community_fk foreign key (community_id) references community (community_id)
);
comment on table mandate_paper is 'the scan of a paper mandate, sealed, from the drafting of its act on; the record names its salted hash (SPEC 3.6)';
create trigger mandate_paper_frozen before update or delete on mandate_paper
  for each row execute function frozen_except('sealed_file', 'sealed_salt');
create trigger mandate_paper_resealed before update of sealed_file, sealed_salt on mandate_paper
  for each row execute function resealed_only('sealed_file', 'sealed_salt');
create trigger mandate_paper_append_only before truncate on mandate_paper
  for each statement execute function append_only();
grant select, insert, update (sealed_file, sealed_salt) on mandate_paper to :"app";

create table property_staff (
  community_id random_id not null,
  staff_id random_id not null,
  doc_kind text not null,
  number_index keyed_index not null,
  sealed_number bytea not null,
  listed_by random_id not null,
  listed_at_ms bigint not null,
  constraint property_staff_pk primary key (community_id, staff_id),
  constraint property_staff_number_key unique (community_id, number_index),
  constraint property_staff_community_fk foreign key (community_id) references community (community_id),
  constraint property_staff_officer_fk foreign key (listed_by) references officer (officer_id),
  constraint property_staff_doc_kind_check check (doc_kind ~ '^[a-z-]{1,40}$')
);
comment on table property_staff is 'documents of the property manager''s staff, who may not be agents; the street office keeps it (SPEC 3.6)';
create trigger property_staff_frozen before update on property_staff
  for each row execute function frozen_except('number_index', 'sealed_number');
create trigger property_staff_resealed before update of number_index, sealed_number on property_staff
  for each row execute function resealed_only('number_index', 'sealed_number');
create trigger property_staff_append_only before truncate on property_staff
  for each statement execute function append_only();
grant select, insert, update (number_index, sealed_number), delete on property_staff to :"app";

create table day_count (
  community_id random_id not null,
  deed text not null,
  subject_id random_id not null,
  day bigint not null,
  counted integer not null,
  constraint day_count_pk primary key (community_id, deed, subject_id, day),
  constraint day_count_community_fk foreign key (community_id) references community (community_id),
  constraint day_count_deed_check check (deed in ('agent', 'unlock', 'unlock-letter')),
  constraint day_count_counted_check check (counted > 0)
);
comment on table day_count is 'how often an officer, or a letter, had what is limited for a day; the day is of Beijing, in days since 1970 (SPEC 3.5, 3.6)';
grant select, insert, update, delete on day_count to :"app";

create table identity_try (
  community_id random_id not null,
  credential_id random_id not null,
  failures smallint not null,
  last_at_ms bigint not null,
  constraint identity_try_pk primary key (community_id, credential_id),
  constraint identity_try_credential_fk foreign key (community_id, credential_id)
    references credential (community_id, credential_id),
  constraint identity_try_failures_check check (failures between 0 and 5)
);
comment on table identity_try is 'wrong document numbers under a genuine letter; at five it is locked until the registrar resets it (SPEC 3.5)';
grant select, insert, update (failures, last_at_ms) on identity_try to :"app";

-- == assembly ==

create table meeting (
  community_id random_id not null,
  meeting_id random_id not null,
  title text not null,
  state text not null,
  definition bytea not null,
  meeting_hash hash32 null,
  opens_at_ms bigint not null,
  closes_at_ms bigint not null,
  objection_until_ms bigint null,
  drafted_by text not null,
  created_at_ms bigint not null,
  consulted_at_ms bigint null,
  constraint meeting_pk primary key (community_id, meeting_id),
  constraint meeting_id_key unique (meeting_id),
  constraint meeting_hash_key unique (meeting_hash),
  constraint meeting_window_check check (opens_at_ms < closes_at_ms),
  constraint meeting_state_check check (state in
    ('draft', 'noticed', 'armed', 'open', 'paused', 'closing', 'closed', 'counting', 'preliminary', 'final', 'cancelled')),
  constraint meeting_hash_check check (meeting_hash is not null or state in ('draft', 'noticed', 'cancelled'))
);
comment on table meeting is 'meetings; definition holds the newest bytes: as noticed until it is armed, then the opened form (SPEC 5)';
create index meeting_state_idx on meeting (state, closes_at_ms);
grant select, insert, update (state, definition, meeting_hash, closes_at_ms, objection_until_ms, consulted_at_ms) on meeting to :"app";

create table meeting_question (
  community_id random_id not null,
  meeting_id random_id not null,
  question_id random_id not null,
  proposal_id random_id not null,
  person_id random_id not null,
  body text not null,
  asked_at_ms bigint not null,
  outcome text not null,
  answer text not null,
  answered_by random_id null,
  constraint meeting_question_pk primary key (community_id, meeting_id, question_id),
  constraint meeting_question_meeting_fk foreign key (community_id, meeting_id) references meeting (community_id, meeting_id),
  constraint meeting_question_person_fk foreign key (community_id, person_id) references person (community_id, person_id),
  constraint meeting_question_officer_fk foreign key (answered_by) references officer (officer_id),
  constraint meeting_question_outcome_check check (outcome in ('open', 'answered', 'withheld')),
  constraint meeting_question_answer_check check (
    (outcome = 'open') = (answered_by is null) and (outcome = 'open') = (answer = ''))
);
comment on table meeting_question is 'what owners ask of a draft, and the answers; the rows go when the notice is out, which holds the exchange (SPEC 5.3)';
grant select, insert, update (outcome, answer, answered_by), delete on meeting_question to :"app";

create table meeting_text (
  community_id random_id not null,
  meeting_id random_id not null,
  text_hash hash32 not null,
  body text not null,
  constraint meeting_text_pk primary key (community_id, meeting_id, text_hash),
  constraint meeting_text_meeting_fk foreign key (community_id, meeting_id) references meeting (community_id, meeting_id)
);
comment on table meeting_text is 'the texts that a definition names by hash: the notice and the proposals';
create trigger meeting_text_append_only before update or delete or truncate on meeting_text
  for each statement execute function append_only();
grant select, insert on meeting_text to :"app";

create table meeting_pause (
  community_id random_id not null,
  meeting_id random_id not null,
  pause_id random_id not null,
  reason_hash hash32 not null,
  paused_at_ms bigint not null,
  closed_from_ms bigint not null,
  resumed_at_ms bigint null,
  closes_at_ms bigint null,
  constraint meeting_pause_pk primary key (community_id, meeting_id, pause_id),
  constraint meeting_pause_text_fk foreign key (community_id, meeting_id, reason_hash)
    references meeting_text (community_id, meeting_id, text_hash),
  constraint meeting_pause_timely_check check (paused_at_ms < closed_from_ms),
  constraint meeting_pause_resumed_check check ((resumed_at_ms is null) = (closes_at_ms is null)),
  constraint meeting_pause_moves_check check (closes_at_ms >= closed_from_ms)
);
comment on table meeting_pause is
  'pauses of a vote: when it stopped, its close until then, and the close since it went on (SPEC 5)';
create unique index meeting_pause_once_key on meeting_pause (community_id, meeting_id) where resumed_at_ms is null;
create trigger meeting_pause_frozen before update or delete on meeting_pause
  for each row execute function frozen_except('resumed_at_ms', 'closes_at_ms');
create trigger meeting_pause_append_only before truncate on meeting_pause
  for each statement execute function append_only();
grant select, insert, update (resumed_at_ms, closes_at_ms) on meeting_pause to :"app";

create table requisition (
  community_id random_id not null,
  requisition_id random_id not null,
  record bytea not null,
  filed_by random_id not null,
  filed_at_ms bigint not null,
  entry_id bigint not null,
  reached_at_ms bigint null,
  reached_entry_id bigint null,
  count_record bytea null,
  answered_at_ms bigint null,
  answered_entry_id bigint null,
  answer bytea null,
  answered_by text null,
  street_answered_at_ms bigint null,
  street_answered_entry_id bigint null,
  street_answer bytea null,
  constraint requisition_pk primary key (community_id, requisition_id),
  constraint requisition_person_fk foreign key (community_id, filed_by) references person (community_id, person_id),
  constraint requisition_entry_fk foreign key (entry_id) references log_entry (id),
  constraint requisition_reached_entry_fk foreign key (reached_entry_id) references log_entry (id),
  constraint requisition_answered_entry_fk foreign key (answered_entry_id) references log_entry (id),
  constraint requisition_street_entry_fk foreign key (street_answered_entry_id) references log_entry (id),
  constraint requisition_reached_check check (
    (reached_at_ms is null) = (reached_entry_id is null) and (reached_at_ms is null) = (count_record is null)),
  constraint requisition_answered_check check (
    (answered_at_ms is null) = (answered_entry_id is null) and (answered_at_ms is null) = (answer is null)
    and (answered_at_ms is null) = (answered_by is null)),
  constraint requisition_answered_by_check check (answered_by in ('committee', 'street')),
  constraint requisition_street_check check (
    (street_answered_at_ms is null) = (street_answered_entry_id is null)
    and (street_answered_at_ms is null) = (street_answer is null)),
  constraint requisition_street_order_check check (
    street_answered_entry_id is null
    or coalesce(answered_by = 'committee' and street_answered_entry_id > answered_entry_id, false)),
  constraint requisition_order_check check (answered_entry_id is null or coalesce(answered_entry_id > reached_entry_id, false))
);
comment on table requisition is
  'meetings that owners demand: what they demand, the count that reached a fifth, the public answer, and the street office''s word on a refusal (SPEC 5.4)';
create trigger requisition_frozen before update or delete on requisition for each row execute function
  frozen_except('reached_at_ms', 'reached_entry_id', 'count_record', 'answered_at_ms', 'answered_entry_id', 'answer', 'answered_by',
    'street_answered_at_ms', 'street_answered_entry_id', 'street_answer');
create trigger requisition_append_only before truncate on requisition for each statement execute function append_only();
grant select, insert,
  update (reached_at_ms, reached_entry_id, count_record, answered_at_ms, answered_entry_id, answer, answered_by,
    street_answered_at_ms, street_answered_entry_id, street_answer)
  on requisition to :"app";

create table requisition_support (
  community_id random_id not null,
  requisition_id random_id not null,
  support_hash hash32 not null,
  person_id random_id not null,
  credential_id random_id not null,
  stands text not null,
  record bytea not null,
  signature text not null,
  entry_id bigint not null,
  constraint requisition_support_pk primary key (community_id, support_hash),
  constraint requisition_support_requisition_fk foreign key (community_id, requisition_id)
    references requisition (community_id, requisition_id),
  constraint requisition_support_credential_fk foreign key (community_id, credential_id)
    references credential (community_id, credential_id),
  constraint requisition_support_person_fk foreign key (community_id, person_id)
    references person (community_id, person_id),
  constraint requisition_support_entry_fk foreign key (entry_id) references log_entry (id),
  constraint requisition_support_stands_check check (stands in ('joined', 'left'))
);
comment on table requisition_support is 'who joined or left a requisition, each signed by a credential of his own (SPEC 5.2)';
create trigger requisition_support_append_only before update or delete or truncate on requisition_support
  for each statement execute function append_only();
grant select, insert on requisition_support to :"app";

create table meeting_box (
  community_id random_id not null,
  meeting_id random_id not null,
  box_key hash32 not null,
  holder text not null,
  uploaded_by random_id not null,
  secret hash32 null,
  constraint meeting_box_pk primary key (community_id, meeting_id),
  constraint meeting_box_meeting_fk foreign key (community_id, meeting_id) references meeting (community_id, meeting_id),
  constraint meeting_box_key_key unique (box_key),
  constraint meeting_box_holder_check check (holder in ('officer', 'server'))
);
comment on table meeting_box is 'the key of the ballot box; its secret stands here only after its release (SPEC 5)';
create trigger meeting_box_frozen before update or delete on meeting_box for each row execute function frozen_except('secret');
create trigger meeting_box_append_only before truncate on meeting_box for each statement execute function append_only();
grant select, insert, update (secret) on meeting_box to :"app";

-- == ballot ==

create table ballot (
  community_id random_id not null,
  meeting_id random_id not null,
  ballot_hash hash32 not null,
  proposal_id random_id not null,
  entitlement_id random_id not null,
  credential_id random_id not null,
  mandate_id random_id null,
  token text not null,
  constraint ballot_pk primary key (community_id, ballot_hash, meeting_id),
  constraint ballot_meeting_fk foreign key (community_id, meeting_id) references meeting (community_id, meeting_id)
);
comment on table ballot is 'issued ballots; one is spent by the answer that names it (SPEC 6.1)';
create index ballot_entitlement_idx on ballot (entitlement_id, community_id, meeting_id, credential_id);
create trigger ballot_append_only before update or delete or truncate on ballot
  for each statement execute function append_only();
grant select, insert on ballot to :"app";

create table paper_ballot (
  community_id random_id not null,
  meeting_id random_id not null,
  serial random_id not null,
  entitlement_id random_id not null,
  print_no integer not null,
  printed_by random_id not null,
  printed_at_ms bigint not null,
  constraint paper_ballot_pk primary key (community_id, meeting_id, serial),
  constraint paper_ballot_entitlement_key unique (community_id, meeting_id, entitlement_id, serial),
  constraint paper_ballot_print_key unique (community_id, meeting_id, entitlement_id, print_no),
  constraint paper_ballot_meeting_fk foreign key (community_id, meeting_id) references meeting (community_id, meeting_id),
  constraint paper_ballot_officer_fk foreign key (printed_by) references officer (officer_id),
  constraint paper_ballot_print_check check (print_no >= 1)
);
comment on table paper_ballot is 'serials of printed ballots; of an entitlement the last print alone is in force (SPEC 6.4)';
create trigger paper_ballot_append_only before update or delete or truncate on paper_ballot
  for each statement execute function append_only();
grant select, insert on paper_ballot to :"app";

create table paper_scan (
  community_id random_id not null,
  meeting_id random_id not null,
  serial random_id not null,
  scan_hash hash32 not null,
  boxed_scan bytea not null,
  brought_by random_id not null,
  brought_at_ms bigint not null,
  constraint paper_scan_pk primary key (community_id, meeting_id, serial, scan_hash),
  constraint paper_scan_serial_fk foreign key (community_id, meeting_id, serial)
    references paper_ballot (community_id, meeting_id, serial),
  constraint paper_scan_officer_fk foreign key (brought_by) references officer (officer_id)
);
comment on table paper_scan is 'pictures of papers with their salts, sealed by the page to the ballot box: nobody reads them before its release (SPEC 6.4)';
create trigger paper_scan_append_only before update or delete or truncate on paper_scan
  for each statement execute function append_only();
grant select, insert on paper_scan to :"app";

create table paper_keying (
  community_id random_id not null,
  act_id random_id not null,
  officer_id random_id not null,
  keyed_at_ms bigint not null,
  constraint paper_keying_pk primary key (community_id, act_id, officer_id),
  constraint paper_keying_act_fk foreign key (act_id) references act (act_id),
  constraint paper_keying_officer_fk foreign key (officer_id) references officer (officer_id),
  constraint paper_keying_community_fk foreign key (community_id) references community (community_id)
);
comment on table paper_keying is 'which officer keyed the very bytes of which act himself; only such officers may sign it (SPEC 6.4)';
create trigger paper_keying_append_only before update or delete or truncate on paper_keying
  for each statement execute function append_only();
grant select, insert on paper_keying to :"app";

create table cast_statement (
  community_id random_id not null,
  meeting_id random_id not null,
  cast_hash hash32 not null,
  entitlement_id random_id not null,
  seq integer not null,
  prev hash32 not null,
  credential_id random_id null,
  signer_id random_id null,
  serial random_id null,
  mandate_id random_id null,
  channel text not null,
  cast_bytes bytea not null,
  signature text null,
  acknowledgement text null,
  entry_id bigint not null,
  accepted_at_ms bigint not null,
  constraint cast_statement_pk primary key (community_id, meeting_id, cast_hash),
  constraint cast_statement_chain_key unique (entitlement_id, community_id, meeting_id, seq),
  constraint cast_statement_entry_key unique (entry_id),
  constraint cast_statement_entry_fk foreign key (entry_id) references log_entry (id),
  constraint cast_statement_meeting_fk foreign key (community_id, meeting_id) references meeting (community_id, meeting_id),
  constraint cast_statement_mandate_fk foreign key (community_id, mandate_id) references mandate (community_id, mandate_id),
  constraint cast_statement_serial_key unique (community_id, meeting_id, serial),
  constraint cast_statement_serial_fk foreign key (community_id, meeting_id, entitlement_id, serial)
    references paper_ballot (community_id, meeting_id, entitlement_id, serial),
  constraint cast_statement_channel_check check (channel in ('letter', 'passkey', 'device', 'paper', 'void')),
  constraint cast_statement_cast_check check
    (channel in ('paper', 'void') or (num_nulls(credential_id, signature, acknowledgement) = 0 and num_nonnulls(signer_id, serial) = 0)),
  constraint cast_statement_paper_check check
    (channel <> 'paper' or (num_nulls(signer_id, serial) = 0 and num_nonnulls(credential_id, signature, acknowledgement) = 0)),
  constraint cast_statement_void_check check
    (channel <> 'void' or num_nonnulls(credential_id, signer_id, serial, mandate_id, signature, acknowledgement) = 0),
  constraint cast_statement_seq_check check (seq >= 1)
);
create index cast_statement_mandate_idx on cast_statement (community_id, mandate_id, meeting_id) where mandate_id is not null;
comment on table cast_statement is 'accepted casts and papers, and the voids of such; one log entry for each, made in the same transaction (SPEC 6.4, 6.5, 6.7)';
create trigger cast_statement_append_only before update or delete or truncate on cast_statement
  for each statement execute function append_only();
grant select, insert on cast_statement to :"app";

create table cast_restoration (
  community_id random_id not null,
  meeting_id random_id not null,
  cast_hash hash32 not null,
  entitlement_id random_id not null,
  cast_bytes bytea not null,
  signature text not null,
  acknowledgement text not null,
  asked_at_ms bigint not null,
  constraint cast_restoration_pk primary key (community_id, meeting_id, cast_hash),
  constraint cast_restoration_meeting_fk foreign key (community_id, meeting_id) references meeting (community_id, meeting_id)
);
comment on table cast_restoration is 'casts that were acknowledged and are in no entry, as their owners handed them in; whether one was restored says cast_statement (SPEC 6.12)';
create trigger cast_restoration_append_only before update or delete or truncate on cast_restoration
  for each statement execute function append_only();
grant select, insert on cast_restoration to :"app";

create table cast_answer (
  community_id random_id not null,
  meeting_id random_id not null,
  ballot_hash hash32 not null,
  cast_hash hash32 not null,
  constraint cast_answer_pk primary key (community_id, meeting_id, ballot_hash),
  constraint cast_answer_cast_fk foreign key (community_id, meeting_id, cast_hash)
    references cast_statement (community_id, meeting_id, cast_hash),
  constraint cast_answer_ballot_fk foreign key (community_id, meeting_id, ballot_hash)
    references ballot (community_id, meeting_id, ballot_hash)
);
comment on table cast_answer is 'which ballot was spent by which cast; a ballot is spent once';
create trigger cast_answer_append_only before update or delete or truncate on cast_answer
  for each statement execute function append_only();
grant select, insert on cast_answer to :"app";

create table sealed_key (
  community_id random_id not null,
  meeting_id random_id not null,
  ephemeral_key hash32 not null,
  cast_hash hash32 not null,
  constraint sealed_key_pk primary key (community_id, meeting_id, ephemeral_key),
  constraint sealed_key_cast_fk foreign key (community_id, meeting_id, cast_hash)
    references cast_statement (community_id, meeting_id, cast_hash)
);
comment on table sealed_key is 'ephemeral keys of sealed choices; one belongs to one statement (SPEC 6.2)';
create trigger sealed_key_append_only before update or delete or truncate on sealed_key
  for each statement execute function append_only();
grant select, insert on sealed_key to :"app";

create table cast_refusal (
  community_id random_id not null,
  meeting_id random_id not null,
  code text not null,
  refused bigint not null,
  constraint cast_refusal_pk primary key (community_id, meeting_id, code),
  constraint cast_refusal_count_check check (refused > 0)
);
comment on table cast_refusal is 'how many casts were refused, by code; nothing else is left of a refused cast (SPEC 6.5)';
grant select, insert, update (refused) on cast_refusal to :"app";

create table cast_watermark (
  process_id random_id not null,
  decided_before_ms bigint not null,
  seen_at_ms bigint not null,
  index_keys bytea not null,
  constraint cast_watermark_pk primary key (process_id)
);
comment on table cast_watermark is 'up to when each process has decided what came in; a close waits for all of them (SPEC 6.8)';
comment on column cast_watermark.index_keys is 'the generations of the index keys that the process knows, five bytes each: an index that it could not find is not made (SPEC 3.1)';
grant select, insert, update, delete on cast_watermark to :"app";

create table reminder (
  community_id random_id not null,
  meeting_id random_id not null,
  round integer not null,
  officer_id random_id not null,
  asked_at_ms bigint not null,
  queued_at_ms bigint null,
  constraint reminder_pk primary key (community_id, meeting_id, round),
  constraint reminder_meeting_fk foreign key (community_id, meeting_id) references meeting (community_id, meeting_id),
  constraint reminder_officer_fk foreign key (officer_id) references officer (officer_id),
  constraint reminder_round_check check (round between 1 and 3)
);
comment on table reminder is 'when officers had those reminded who have not voted, and when it was queued; whom it went to stands nowhere but in the outbox, sealed (SPEC 6.11)';
create index reminder_waiting_idx on reminder (asked_at_ms) where queued_at_ms is null;
create trigger reminder_frozen before update or delete on reminder for each row
  execute function frozen_except('queued_at_ms');
create trigger reminder_append_only before truncate on reminder for each statement execute function append_only();
grant select, insert, update (queued_at_ms) on reminder to :"app";

-- == tally ==

create table tally (
  community_id random_id not null,
  meeting_id random_id not null,
  record bytea not null,
  participation bytea not null,
  preliminary_entry_id bigint not null,
  version integer not null,
  constraint tally_pk primary key (community_id, meeting_id, version),
  constraint tally_version_check check (version >= 1),
  constraint tally_entry_key unique (preliminary_entry_id),
  constraint tally_meeting_fk foreign key (community_id, meeting_id) references meeting (community_id, meeting_id),
  constraint tally_entry_fk foreign key (preliminary_entry_id) references log_entry (id)
);
comment on table tally is 'the records of the counts and the public lists of who took part; the last version is in force (SPEC 8.1, 8.2, 4.5)';
create trigger tally_append_only before update or delete or truncate on tally
  for each statement execute function append_only();
grant select, insert on tally to :"app";

create table objection (
  community_id random_id not null,
  meeting_id random_id not null,
  objection_id random_id not null,
  objection bytea not null,
  entry_id bigint not null,
  decision bytea null,
  decision_entry_id bigint null,
  constraint objection_pk primary key (community_id, meeting_id, objection_id),
  constraint objection_meeting_fk foreign key (community_id, meeting_id) references meeting (community_id, meeting_id),
  constraint objection_entry_fk foreign key (entry_id) references log_entry (id),
  constraint objection_decision_entry_fk foreign key (decision_entry_id) references log_entry (id),
  constraint objection_decision_check check ((decision is null) = (decision_entry_id is null))
);
comment on table objection is 'objections to a preliminary result and the decisions on them';
create trigger objection_frozen before update or delete on objection for each row
  execute function frozen_except('decision', 'decision_entry_id');
create trigger objection_append_only before truncate on objection for each statement execute function append_only();
grant select, insert, update (decision, decision_entry_id) on objection to :"app";

create table certificate (
  community_id random_id not null,
  meeting_id random_id not null,
  token text not null,
  entry_id bigint not null,
  constraint certificate_pk primary key (community_id, meeting_id),
  constraint certificate_meeting_fk foreign key (community_id, meeting_id) references meeting (community_id, meeting_id),
  constraint certificate_entry_fk foreign key (entry_id) references log_entry (id)
);
comment on table certificate is 'the result certificate, at most one a meeting (SPEC 8.2)';
create trigger certificate_append_only before update or delete or truncate on certificate
  for each statement execute function append_only();
grant select, insert on certificate to :"app";

create table archive (
  community_id random_id not null,
  meeting_id random_id not null,
  manifest bytea not null,
  pack bytea not null,
  pack_hash bytea not null generated always as (sha256(pack)) stored,
  pack_length integer not null generated always as (octet_length(pack)) stored,
  kept_at_ms bigint not null,
  constraint archive_pk primary key (community_id, meeting_id),
  constraint archive_meeting_fk foreign key (community_id, meeting_id) references meeting (community_id, meeting_id),
  constraint archive_pack_check check (octet_length(manifest) > 0 and octet_length(pack) > octet_length(manifest))
);
comment on table archive is 'the archive pack of a meeting that is over, as it was first made, whatever a later program would print (SPEC 9.5)';
create trigger archive_append_only before update or delete or truncate on archive
  for each statement execute function append_only();
grant select, insert on archive to :"app";

create table resolution (
  community_id random_id not null,
  meeting_id random_id not null,
  proposal_id random_id not null,
  outcome text not null,
  cap_fen bigint null,
  entry_id bigint not null,
  constraint resolution_pk primary key (community_id, meeting_id, proposal_id),
  constraint resolution_fund_key unique (community_id, meeting_id, proposal_id, outcome, cap_fen),
  constraint resolution_meeting_fk foreign key (community_id, meeting_id) references meeting (community_id, meeting_id),
  constraint resolution_entry_fk foreign key (entry_id) references log_entry (id),
  constraint resolution_outcome_check check (outcome in ('ADOPTED', 'REJECTED', 'NOT_QUORATE', 'NO_SCOPE'))
);
comment on table resolution is 'final outcomes; only an adopted one with a cap opens the maintenance fund (SPEC 8.3)';
create trigger resolution_append_only before update or delete or truncate on resolution
  for each statement execute function append_only();
grant select, insert on resolution to :"app";

create table community_rules (
  community_id random_id not null,
  rules_id random_id not null,
  rules_hash hash32 not null,
  meeting_id random_id null,
  proposal_id random_id null,
  record bytea not null,
  entry_id bigint not null,
  constraint community_rules_pk primary key (community_id, rules_id),
  constraint community_rules_entry_key unique (entry_id),
  constraint community_rules_community_fk foreign key (community_id) references community (community_id),
  constraint community_rules_resolution_fk foreign key (community_id, meeting_id, proposal_id)
    references resolution (community_id, meeting_id, proposal_id),
  constraint community_rules_entry_fk foreign key (entry_id) references log_entry (id),
  constraint community_rules_resolution_check check ((meeting_id is null) = (proposal_id is null))
);
comment on table community_rules is 'own rules that a community adopted, the newest in force; record is public (SPEC 5.2)';
create trigger community_rules_append_only before update or delete or truncate on community_rules
  for each statement execute function append_only();
grant select, insert on community_rules to :"app";

create table followup (
  community_id random_id not null,
  meeting_id random_id not null,
  proposal_id random_id not null,
  step_id random_id not null,
  state text not null,
  due_on date not null,
  text_hash hash32 not null,
  entry_id bigint not null,
  constraint followup_pk primary key (community_id, meeting_id, proposal_id, step_id, entry_id),
  constraint followup_entry_key unique (entry_id),
  constraint followup_resolution_fk foreign key (community_id, meeting_id, proposal_id)
    references resolution (community_id, meeting_id, proposal_id),
  constraint followup_text_fk foreign key (community_id, meeting_id, text_hash)
    references meeting_text (community_id, meeting_id, text_hash),
  constraint followup_entry_fk foreign key (entry_id) references log_entry (id),
  constraint followup_state_check check (state in ('planned', 'done', 'dropped'))
);
comment on table followup is 'what follows from a resolution, line by line: who does what by when, and that it is done (SPEC 8.2)';
create unique index followup_end_key on followup (community_id, meeting_id, proposal_id, step_id) where state <> 'planned';
create trigger followup_append_only before update or delete or truncate on followup
  for each statement execute function append_only();
grant select, insert on followup to :"app";

-- == fund ==

-- The invariants of the book stand here, whatever the program does. Functions that write
-- what the application may not are `security definer` and pin their search path. A broken rule raises SQLSTATE OV001 with
-- the rule as constraint name. `fund_entry_500_check` is deferred, because an entry balances only when its last leg stands.

create function fund_refuse(rule text, what text) returns void language plpgsql as $$
begin
  raise exception '%', what using errcode = 'OV001', constraint = rule;
end $$;
comment on function fund_refuse(text, text) is 'refuses by the name of a rule, with SQLSTATE OV001';

create table fund_book (
  community_id random_id not null,
  book_id random_id not null,
  last_seq bigint not null default 0,
  last_booked_on date not null default '1900-01-01',
  constraint fund_book_pk primary key (community_id),
  constraint fund_book_id_key unique (community_id, book_id),
  constraint fund_book_community_fk foreign key (community_id) references community (community_id)
);
comment on table fund_book is 'one book a community; its row is the one lock of the community''s money';
create trigger fund_book_900_frozen before update or delete on fund_book for each row
  execute function frozen_except('last_seq', 'last_booked_on');
create trigger fund_book_900_append_only before truncate on fund_book for each statement execute function append_only();
grant select, insert (community_id, book_id) on fund_book to :"app";

create function fund_lock_book(community text) returns table (book_id text, last_seq bigint, last_booked_on date)
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
  select b.book_id::text, b.last_seq, b.last_booked_on from fund_book b where b.community_id = community for update
$$;
comment on function fund_lock_book(text) is 'locks the book until the end of the transaction; the application has no UPDATE to lock it by itself';
revoke execute on function fund_lock_book(text) from public;
grant execute on function fund_lock_book(text) to :"app";

create table fund_authorisation (
  community_id random_id not null,
  authorisation_id random_id not null,
  kind text not null default 'resolution',
  meeting_id random_id null,
  proposal_id random_id null,
  outcome text null,
  unit_id random_id null,
  document_hash hash32 null,
  cap_fen bigint not null,
  payee_account hash32 not null,
  developer_units text not null default '[]',
  authorised_on date not null,
  state text not null default 'open',
  record bytea not null,
  hash hash32 not null,
  entry_id bigint not null,
  constraint fund_authorisation_pk primary key (community_id, authorisation_id),
  constraint fund_authorisation_book_fk foreign key (community_id) references fund_book (community_id),
  constraint fund_authorisation_resolution_fk foreign key (community_id, meeting_id, proposal_id, outcome, cap_fen)
    references resolution (community_id, meeting_id, proposal_id, outcome, cap_fen),
  constraint fund_authorisation_resolution_key unique (community_id, meeting_id, proposal_id),
  constraint fund_authorisation_payee_key unique (community_id, authorisation_id, payee_account),
  constraint fund_authorisation_entry_key unique (community_id, entry_id),
  constraint fund_authorisation_entry_fk foreign key (entry_id) references log_entry (id),
  constraint fund_authorisation_unit_fk foreign key (community_id, unit_id) references unit (community_id, unit_id),
  constraint fund_authorisation_unit_key unique (community_id, unit_id),
  constraint fund_authorisation_kind_check check (kind in ('resolution', 'unit_refund', 'emergency')),
  constraint fund_authorisation_basis_check check
    (num_nonnulls(meeting_id, proposal_id, outcome) = case kind when 'resolution' then 3 else 0 end
     and (unit_id is not null) = (kind = 'unit_refund')
     and (document_hash is not null) = (kind in ('unit_refund', 'emergency'))),
  constraint fund_authorisation_outcome_check check (outcome = 'ADOPTED'),
  constraint fund_authorisation_cap_check check (cap_fen > 0),
  constraint fund_authorisation_state_check check (state in ('open', 'closed', 'revoked')),
  constraint fund_authorisation_hash_check check
    (hash = sha256(case kind when 'unit_refund' then int4send(21) || 'owners-vote/v1/refund'::bytea
                   when 'emergency' then int4send(24) || 'owners-vote/v1/emergency'::bytea
                   else int4send(28) || 'owners-vote/v1/authorisation'::bytea end || int4send(octet_length(record)) || record))
);
comment on table fund_authorisation is 'what opens the fund: a passed resolution, exactly one each, an emergency, or the end of a unit, once and for its whole balance (SPEC 8.3)';
comment on column fund_authorisation.developer_units is 'JSON list of the units of its shares that the developer bears, as the roll or the register had them then';
comment on column fund_authorisation.authorised_on is 'the day by the service''s clock, from which the developer''s 60 days run; in no record';
comment on column fund_authorisation.document_hash is 'SHA-256 of the document that says why the unit is no more, or of the report of the danger';
create trigger fund_authorisation_900_frozen before update or delete on fund_authorisation for each row
  execute function frozen_except('state');
create trigger fund_authorisation_900_append_only before truncate on fund_authorisation
  for each statement execute function append_only();
grant select, insert (community_id, authorisation_id, kind, meeting_id, proposal_id, outcome, unit_id, document_hash, cap_fen, payee_account, developer_units, authorised_on, record, hash, entry_id) on fund_authorisation to :"app";

create table resolution_annulment (
  community_id random_id not null,
  meeting_id random_id not null,
  proposal_id random_id not null,
  document_hash hash32 not null,
  entry_id bigint not null,
  constraint resolution_annulment_pk primary key (community_id, meeting_id, proposal_id),
  constraint resolution_annulment_resolution_fk foreign key (community_id, meeting_id, proposal_id)
    references resolution (community_id, meeting_id, proposal_id),
  constraint resolution_annulment_entry_fk foreign key (entry_id) references log_entry (id)
);
comment on table resolution_annulment is 'resolutions that a court or an authority annulled; the row revokes what they opened of the fund (SPEC 8.3)';
create trigger resolution_annulment_append_only before update or delete or truncate on resolution_annulment
  for each statement execute function append_only();
grant select, insert on resolution_annulment to :"app";

create table fund_closing (
  community_id random_id not null,
  authorisation_id random_id not null,
  document_hash hash32 not null,
  entry_id bigint not null,
  constraint fund_closing_pk primary key (community_id, authorisation_id),
  constraint fund_closing_authorisation_fk foreign key (community_id, authorisation_id)
    references fund_authorisation (community_id, authorisation_id),
  constraint fund_closing_entry_key unique (entry_id),
  constraint fund_closing_entry_fk foreign key (entry_id) references log_entry (id)
);
comment on table fund_closing is 'work that was accepted or is not done: the row closes what the resolution or the emergency opened of the fund (SPEC 8.3)';
comment on column fund_closing.document_hash is 'SHA-256 of the document of acceptance, or of the one that says why the work is not done';
create trigger fund_closing_append_only before update or delete or truncate on fund_closing
  for each statement execute function append_only();
grant select, insert on fund_closing to :"app";

create function fund_close() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform from fund_book b where b.community_id = new.community_id for update;
  if not exists (select from log_entry l join act a on a.entry_id = l.id
       where l.id = new.entry_id and l.kind = 'fund.closed' and l.community_id = new.community_id
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'authorisation') = new.authorisation_id
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'documentHash') = translate(rtrim(encode(new.document_hash, 'base64'), '='), '+/', '-_')
         and a.state = 'done' and (select count(distinct s.role) from act_signature s where s.act_id = a.act_id) >= 2) then
    perform fund_refuse('fund_closing_is_signed', 'a closing is signed by two officers of two roles');
  end if;
  update fund_authorisation set state = 'closed'
   where community_id = new.community_id and authorisation_id = new.authorisation_id and kind <> 'unit_refund' and state = 'open';
  if not found then
    perform fund_refuse('fund_closing_of_open', 'only what a resolution or an emergency opened, and what is open, is closed');
  end if;
  return null;
end $$;
comment on function fund_close() is 'closes an open authorisation, once';
create trigger fund_closing_200_close after insert on fund_closing for each row execute function fund_close();

create function fund_closing_whole() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select from fund_account a where a.community_id = new.community_id and a.authorisation_id = new.authorisation_id
       and a.balance_fen <> 0) then
    perform fund_refuse('fund_closing_is_whole', 'what is held goes back with the closing, and nothing is payable');
  end if;
  return null;
end $$;
comment on function fund_closing_whole() is 'that a closing leaves nothing under the authorisation';
create constraint trigger fund_closing_500_whole after insert on fund_closing deferrable initially deferred
  for each row execute function fund_closing_whole();

create function fund_lock_resolution(community text, meeting text, proposal text) returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
  select from resolution r where r.community_id = community and r.meeting_id = meeting and r.proposal_id = proposal for no key update
$$;
comment on function fund_lock_resolution(text, text, text) is 'that an authorisation and an annulment of one resolution see each other';
revoke execute on function fund_lock_resolution(text, text, text) from public;

create function fund_revoke() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select from log_entry l where l.id = new.entry_id and l.kind = 'resolution.annulled'
       and l.community_id = new.community_id and l.meeting_id = new.meeting_id) then
    perform fund_refuse('resolution_annulment_is_logged', 'the log does not name this annulment');
  end if;
  perform fund_lock_resolution(new.community_id, new.meeting_id, new.proposal_id);
  update fund_authorisation set state = 'revoked'
   where community_id = new.community_id and meeting_id = new.meeting_id and proposal_id = new.proposal_id;
  return null;
end $$;
comment on function fund_revoke() is 'an annulled resolution opens nothing of the fund any more';
create trigger resolution_annulment_200_revoke after insert on resolution_annulment for each row execute function fund_revoke();

create function fund_born_revoked() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform fund_lock_resolution(new.community_id, new.meeting_id, new.proposal_id);
  if exists (select from resolution_annulment a where a.community_id = new.community_id
       and a.meeting_id = new.meeting_id and a.proposal_id = new.proposal_id) then
    new.state := 'revoked';
  end if;
  return new;
end $$;
comment on function fund_born_revoked() is 'the authorisation of a resolution that was annulled before opens nothing';
create trigger fund_authorisation_100_revoked before insert on fund_authorisation for each row execute function fund_born_revoked();

create function fund_check_refund() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform from fund_book b where b.community_id = new.community_id for update;
  if exists (select from unit u join community c on c.community_id = u.community_id and c.register_id = u.register_id
              where u.community_id = new.community_id and u.unit_id = new.unit_id) then
    perform fund_refuse('fund_refund_unit_gone', 'the register in force still lists the unit');
  end if;
  if not exists (select from log_entry l join act a on a.entry_id = l.id
       where l.id = new.entry_id and l.kind = 'refund.authorised' and l.community_id = new.community_id
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'refundHash') = translate(rtrim(encode(new.hash, 'base64'), '='), '+/', '-_')
         and a.state = 'done' and exists (select from act_signature s where s.act_id = a.act_id and s.role = 'regulator')
         and (select count(distinct s.role) from act_signature s where s.act_id = a.act_id) >= 2) then
    perform fund_refuse('fund_refund_is_signed', 'a refund is signed by two officers of two roles, the regulator among them');
  end if;
  return new;
end $$;
comment on function fund_check_refund() is 'a unit that the register lists no more, and two officers who signed it';
create trigger fund_authorisation_110_refund before insert on fund_authorisation for each row
  when (new.kind = 'unit_refund') execute function fund_check_refund();

create table fund_emergency_declaration (
  community_id random_id not null,
  declaration_id random_id not null,
  emergencies text not null,
  document_hash hash32 not null,
  entry_id bigint not null,
  constraint fund_emergency_declaration_pk primary key (community_id, declaration_id),
  constraint fund_emergency_declaration_book_fk foreign key (community_id) references fund_book (community_id),
  constraint fund_emergency_declaration_entry_key unique (entry_id),
  constraint fund_emergency_declaration_entry_fk foreign key (entry_id) references log_entry (id),
  constraint fund_emergency_declaration_emergencies_check check (emergencies in ('allowed', 'barred'))
);
comment on table fund_emergency_declaration is 'whether emergencies open the fund before a vote; the last row counts, and without one they do not (SPEC 8.3)';
comment on column fund_emergency_declaration.document_hash is 'SHA-256 of the rules of the owners or of the city that say so';
create trigger fund_emergency_declaration_900_append_only before update or delete or truncate on fund_emergency_declaration
  for each statement execute function append_only();
grant select, insert on fund_emergency_declaration to :"app";

create function fund_check_declaration() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform from fund_book b where b.community_id = new.community_id for update;
  if not exists (select from log_entry l join act a on a.entry_id = l.id
       where l.id = new.entry_id and l.kind = 'emergencies.declared' and l.community_id = new.community_id
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'declaration') = new.declaration_id
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'emergencies') = new.emergencies
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'documentHash') = translate(rtrim(encode(new.document_hash, 'base64'), '='), '+/', '-_')
         and a.state = 'done' and exists (select from act_signature s where s.act_id = a.act_id and s.role = 'regulator')
         and (select count(distinct s.role) from act_signature s where s.act_id = a.act_id) >= 2) then
    perform fund_refuse('fund_emergency_declaration_is_signed', 'a declaration is signed by two officers of two roles, the regulator among them');
  end if;
  return new;
end $$;
comment on function fund_check_declaration() is 'a declaration that the log has, and two officers who signed it';
create trigger fund_emergency_declaration_100_check before insert on fund_emergency_declaration
  for each row execute function fund_check_declaration();

create function fund_check_emergency() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform from fund_book b where b.community_id = new.community_id for update;
  if (select d.emergencies from fund_emergency_declaration d
       where d.community_id = new.community_id order by d.entry_id desc limit 1) is distinct from 'allowed' then
    perform fund_refuse('fund_emergency_is_allowed', 'emergencies do not open the fund of this community');
  end if;
  if not exists (select from log_entry l join act a on a.entry_id = l.id
       where l.id = new.entry_id and l.kind = 'emergency.authorised' and l.community_id = new.community_id
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'authorisation') = new.authorisation_id
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'emergencyHash') = translate(rtrim(encode(new.hash, 'base64'), '='), '+/', '-_')
         and a.state = 'done' and exists (select from act_signature s where s.act_id = a.act_id and s.role = 'street')
         and (select count(distinct s.role) from act_signature s where s.act_id = a.act_id) >= 2) then
    perform fund_refuse('fund_emergency_is_signed', 'an emergency is signed by two officers of two roles, the street office among them');
  end if;
  return new;
end $$;
comment on function fund_check_emergency() is 'a community that allows emergencies, and two officers who signed this one';
create trigger fund_authorisation_120_emergency before insert on fund_authorisation for each row
  when (new.kind = 'emergency') execute function fund_check_emergency();

create table fund_emergency_annulment (
  community_id random_id not null,
  authorisation_id random_id not null,
  document_hash hash32 not null,
  entry_id bigint not null,
  constraint fund_emergency_annulment_pk primary key (community_id, authorisation_id),
  constraint fund_emergency_annulment_authorisation_fk foreign key (community_id, authorisation_id)
    references fund_authorisation (community_id, authorisation_id),
  constraint fund_emergency_annulment_entry_key unique (entry_id),
  constraint fund_emergency_annulment_entry_fk foreign key (entry_id) references log_entry (id)
);
comment on table fund_emergency_annulment is 'emergencies that the regulator found unlawful; the row revokes what they opened of the fund (SPEC 8.3)';
comment on column fund_emergency_annulment.document_hash is 'SHA-256 of the order';
create trigger fund_emergency_annulment_900_append_only before update or delete or truncate on fund_emergency_annulment
  for each statement execute function append_only();
grant select, insert on fund_emergency_annulment to :"app";

create function fund_revoke_emergency() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform from fund_book b where b.community_id = new.community_id for update;
  if not exists (select from log_entry l join act a on a.entry_id = l.id
       where l.id = new.entry_id and l.kind = 'emergency.annulled' and l.community_id = new.community_id
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'authorisation') = new.authorisation_id
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'documentHash') = translate(rtrim(encode(new.document_hash, 'base64'), '='), '+/', '-_')
         and a.state = 'done' and exists (select from act_signature s where s.act_id = a.act_id and s.role = 'regulator')
         and (select count(distinct s.role) from act_signature s where s.act_id = a.act_id) >= 2) then
    perform fund_refuse('fund_emergency_annulment_is_signed', 'an annulment is signed by two officers of two roles, the regulator among them');
  end if;
  update fund_authorisation set state = 'revoked'
   where community_id = new.community_id and authorisation_id = new.authorisation_id and kind = 'emergency' and state <> 'revoked';
  if not found then
    perform fund_refuse('fund_emergency_annulment_of_emergency', 'only an emergency is annulled here, and once');
  end if;
  return null;
end $$;
comment on function fund_revoke_emergency() is 'an annulled emergency opens nothing of the fund any more';
create trigger fund_emergency_annulment_200_revoke after insert on fund_emergency_annulment
  for each row execute function fund_revoke_emergency();

create table fund_application (
  community_id random_id not null,
  application_id random_id not null,
  answer_by date not null,
  record bytea not null,
  hash hash32 not null,
  officer_id random_id not null,
  entry_id bigint not null,
  constraint fund_application_pk primary key (community_id, application_id),
  constraint fund_application_community_fk foreign key (community_id) references community (community_id),
  constraint fund_application_officer_fk foreign key (officer_id) references officer (officer_id),
  constraint fund_application_entry_key unique (entry_id),
  constraint fund_application_entry_fk foreign key (entry_id) references log_entry (id),
  constraint fund_application_hash_check check
    (hash = sha256(int4send(26) || 'owners-vote/v1/application'::bytea || int4send(octet_length(record)) || record))
);
comment on table fund_application is 'what property managers applied for, as an officer entered it; the record is public (SPEC 8.3)';
create trigger fund_application_900_append_only before update or delete or truncate on fund_application
  for each statement execute function append_only();
grant select, insert on fund_application to :"app";

create function fund_check_application() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select from log_entry l
       where l.id = new.entry_id and l.kind = 'application.filed' and l.community_id = new.community_id
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'application') = new.application_id
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'applicationHash') = translate(rtrim(encode(new.hash, 'base64'), '='), '+/', '-_')) then
    perform fund_refuse('fund_application_is_logged', 'the log does not name this application');
  end if;
  return new;
end $$;
comment on function fund_check_application() is 'that the log names an application';
create trigger fund_application_100_check before insert on fund_application for each row execute function fund_check_application();

create table fund_application_answer (
  community_id random_id not null,
  application_id random_id not null,
  answer_no int not null,
  decision text not null,
  meeting_id random_id null,
  proposal_id random_id null,
  record bytea not null,
  hash hash32 not null,
  entry_id bigint not null,
  constraint fund_application_answer_pk primary key (community_id, application_id, answer_no),
  constraint fund_application_answer_application_fk foreign key (community_id, application_id)
    references fund_application (community_id, application_id),
  constraint fund_application_answer_meeting_fk foreign key (community_id, meeting_id) references meeting (community_id, meeting_id),
  constraint fund_application_answer_entry_key unique (entry_id),
  constraint fund_application_answer_entry_fk foreign key (entry_id) references log_entry (id),
  constraint fund_application_answer_no_check check (answer_no >= 1),
  constraint fund_application_answer_decision_check check (decision in ('convened', 'refused')),
  constraint fund_application_answer_meeting_check check
    (num_nonnulls(meeting_id, proposal_id) = case decision when 'convened' then 2 else 0 end),
  constraint fund_application_answer_hash_check check
    (hash = sha256(int4send(33) || 'owners-vote/v1/application-answer'::bytea || int4send(octet_length(record)) || record))
);
comment on table fund_application_answer is 'the answers to an application: the meeting that was convened, or why none was; another one only after that meeting was called off (SPEC 8.3)';
create trigger fund_application_answer_900_append_only before update or delete or truncate on fund_application_answer
  for each statement execute function append_only();
grant select, insert on fund_application_answer to :"app";

create function fund_check_answer() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.meeting_id is not null and not exists (select from log_entry l where l.kind = 'meeting.noticed'
       and l.community_id = new.community_id and l.meeting_id = new.meeting_id and l.id < new.entry_id
       and l.id > (select f.entry_id from fund_application f
                    where f.community_id = new.community_id and f.application_id = new.application_id)) then
    perform fund_refuse('fund_application_answer_is_noticed', 'the meeting that answers an application was not noticed after it and before the answer');
  end if;
  if new.answer_no > 1 and not exists (select from fund_application_answer b
       join log_entry l on l.kind = 'meeting.cancelled' and l.community_id = b.community_id and l.meeting_id = b.meeting_id
        and l.id > b.entry_id and l.id < new.entry_id
      where b.community_id = new.community_id and b.application_id = new.application_id and b.answer_no = new.answer_no - 1) then
    perform fund_refuse('fund_application_answer_reopened', 'an application is answered again only where the meeting that answered it was called off in between');
  end if;
  if not exists (select from log_entry l join act a on a.entry_id = l.id
       where l.id = new.entry_id and l.kind = 'application.answered' and l.community_id = new.community_id
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'application') = new.application_id
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'answerHash') = translate(rtrim(encode(new.hash, 'base64'), '='), '+/', '-_')
         and a.state = 'done'
         and exists (select from act_signature s where s.act_id = a.act_id and s.role in ('committee', 'street'))) then
    perform fund_refuse('fund_application_answer_is_signed', 'an answer is signed by an officer of the committee or the street office');
  end if;
  return new;
end $$;
comment on function fund_check_answer() is 'an answer that an officer signed, of a meeting that was noticed for the application';
create trigger fund_application_answer_100_check before insert on fund_application_answer
  for each row execute function fund_check_answer();

create table fund_account (
  community_id random_id not null,
  account_id random_id not null,
  kind text not null,
  unit_id random_id null,
  authorisation_id random_id null,
  name text not null,
  balance_fen bigint not null default 0,
  version bigint not null default 0,
  constraint fund_account_pk primary key (community_id, account_id),
  constraint fund_account_kind_key unique (community_id, account_id, kind),
  constraint fund_account_name_key unique (community_id, name),
  constraint fund_account_book_fk foreign key (community_id) references fund_book (community_id),
  constraint fund_account_unit_fk foreign key (community_id, unit_id) references unit (community_id, unit_id),
  constraint fund_account_authorisation_fk foreign key (community_id, authorisation_id)
    references fund_authorisation (community_id, authorisation_id),
  constraint fund_account_kind_check check
    (kind in ('bank', 'unit_available', 'unit_held', 'payable', 'interest_undistributed', 'deposit_unidentified', 'claim', 'claim_contra')),
  constraint fund_account_never_negative_check check (balance_fen >= 0),
  constraint fund_account_owner_check check
    ((unit_id is not null) = (kind in ('unit_available', 'unit_held', 'claim'))
     and (authorisation_id is not null) = (kind in ('unit_held', 'payable', 'claim', 'claim_contra')))
);
comment on table fund_account is 'accounts of a book; balance in the account''s normal side: bank and claim debit, all others credit';
create unique index fund_account_available_key on fund_account (community_id, unit_id) where kind = 'unit_available';
create unique index fund_account_held_key on fund_account (community_id, authorisation_id, unit_id) where kind = 'unit_held';
create unique index fund_account_payable_key on fund_account (community_id, authorisation_id) where kind = 'payable';
create unique index fund_account_claim_key on fund_account (community_id, authorisation_id, unit_id) where kind = 'claim';
create unique index fund_account_claim_contra_key on fund_account (community_id, authorisation_id) where kind = 'claim_contra';
create unique index fund_account_single_key on fund_account (community_id, kind)
  where kind in ('interest_undistributed', 'deposit_unidentified');
create index fund_account_bank_idx on fund_account (community_id) where kind = 'bank';
create index fund_account_unit_idx on fund_account (community_id, unit_id) where unit_id is not null;
create trigger fund_account_900_frozen before update or delete on fund_account for each row
  execute function frozen_except('balance_fen', 'version');
create trigger fund_account_900_append_only before truncate on fund_account for each statement execute function append_only();
grant select, insert (community_id, account_id, kind, unit_id, authorisation_id, name) on fund_account to :"app";

create table fund_entry_shape (
  entry_kind text not null,
  account_kind text not null,
  side text not null,
  constraint fund_entry_shape_pk primary key (entry_kind, account_kind, side),
  constraint fund_entry_shape_side_check check (side in ('D', 'C'))
);
comment on table fund_entry_shape is 'which kind of entry may touch which kind of account on which side: the one road out is available, held, payable, bank; claims have no road to money';
insert into fund_entry_shape (entry_kind, account_kind, side) values
  ('deposit', 'bank', 'D'), ('deposit', 'unit_available', 'C'),
  ('deposit_reversed', 'unit_available', 'D'), ('deposit_reversed', 'deposit_unidentified', 'D'), ('deposit_reversed', 'bank', 'C'),
  ('hold', 'unit_available', 'D'), ('hold', 'unit_held', 'C'),
  ('accrue', 'unit_held', 'D'), ('accrue', 'payable', 'C'),
  ('accrual_cancelled', 'payable', 'D'), ('accrual_cancelled', 'unit_held', 'C'),
  ('unpaid_cancelled', 'payable', 'D'), ('unpaid_cancelled', 'unit_held', 'C'),
  ('pay', 'payable', 'D'), ('pay', 'bank', 'C'),
  ('pay_returned', 'bank', 'D'), ('pay_returned', 'payable', 'C'),
  ('release', 'unit_held', 'D'), ('release', 'unit_available', 'C'),
  ('interest_received', 'bank', 'D'), ('interest_received', 'interest_undistributed', 'C'),
  ('interest_distributed', 'interest_undistributed', 'D'), ('interest_distributed', 'unit_available', 'C'),
  ('bank_moved', 'bank', 'D'), ('bank_moved', 'bank', 'C'),
  ('deposit_unidentified', 'bank', 'D'), ('deposit_unidentified', 'deposit_unidentified', 'C'),
  ('deposit_identified', 'deposit_unidentified', 'D'), ('deposit_identified', 'unit_available', 'C'),
  ('refund', 'unit_available', 'D'), ('refund', 'payable', 'C'),
  ('claim', 'claim', 'D'), ('claim', 'claim_contra', 'C'),
  ('claim_settled', 'claim_contra', 'D'), ('claim_settled', 'claim', 'C'),
  ('claim_cancelled', 'claim_contra', 'D'), ('claim_cancelled', 'claim', 'C');
create trigger fund_entry_shape_append_only before insert or update or delete or truncate on fund_entry_shape
  for each statement execute function append_only();
grant select on fund_entry_shape to :"app";

create table fund_order (
  community_id random_id not null,
  order_id random_id not null,
  kind text not null,
  authorisation_id random_id null,
  bank_account_id random_id null,
  amount_fen bigint not null,
  payee_account hash32 null,
  record bytea not null,
  act_id random_id not null,
  idempotency_key text not null,
  request_hash hash32 not null,
  constraint fund_order_pk primary key (community_id, order_id),
  constraint fund_order_key unique (community_id, idempotency_key),
  constraint fund_order_act_key unique (community_id, act_id),
  constraint fund_order_act_fk foreign key (act_id) references act (act_id),
  constraint fund_order_payee_fk foreign key (community_id, authorisation_id, payee_account)
    references fund_authorisation (community_id, authorisation_id, payee_account),
  constraint fund_order_bank_fk foreign key (community_id, bank_account_id) references fund_account (community_id, account_id),
  constraint fund_order_amount_check check (amount_fen > 0),
  constraint fund_order_kind_check check (kind in ('pay', 'deposit_reversed', 'deposit_identified', 'bank_moved')),
  constraint fund_order_pay_check check (num_nonnulls(authorisation_id, bank_account_id, payee_account) = case kind when 'pay' then 3 else 0 end)
);
comment on table fund_order is 'entries that wait for two officers, with the exact bytes that they sign; a payment only to the account that the resolution names';
create trigger fund_order_append_only before update or delete or truncate on fund_order
  for each statement execute function append_only();
grant select, insert on fund_order to :"app";

create table fund_account_opening (
  community_id random_id not null,
  act_id random_id not null,
  sealed_opening bytea not null,
  constraint fund_account_opening_pk primary key (community_id, act_id),
  constraint fund_account_opening_act_fk foreign key (act_id) references act (act_id),
  constraint fund_account_opening_community_fk foreign key (community_id) references community (community_id)
);
comment on table fund_account_opening is 'what opens the payee account of an emergency, a refund or a payment for those who sign it, sealed: salt and number (SPEC 8.3)';
create trigger fund_account_opening_frozen before update or delete on fund_account_opening
  for each row execute function frozen_except('sealed_opening');
create trigger fund_account_opening_resealed before update of sealed_opening on fund_account_opening
  for each row execute function resealed_only('sealed_opening');
create trigger fund_account_opening_append_only before truncate on fund_account_opening
  for each statement execute function append_only();
grant select, insert, update (sealed_opening) on fund_account_opening to :"app";

create table fund_entry (
  community_id random_id not null,
  entry_id random_id not null,
  seq bigint not null,
  kind text not null,
  booked_on date not null,
  value_on date not null,
  authorisation_id random_id null,
  reverses_entry_id random_id null,
  order_id random_id null,
  idempotency_key text not null,
  request_hash hash32 not null,
  record bytea not null,
  hash hash32 not null,
  log_entry_id bigint not null,
  txid xid8 not null default pg_current_xact_id(),
  recorded_at_ms bigint not null default 0,
  constraint fund_entry_pk primary key (community_id, entry_id),
  constraint fund_entry_seq_key unique (community_id, seq),
  constraint fund_entry_kind_key unique (community_id, entry_id, kind),
  constraint fund_entry_idempotency_key unique (community_id, idempotency_key),
  constraint fund_entry_reverses_key unique (community_id, reverses_entry_id),
  constraint fund_entry_order_key unique (community_id, order_id),
  constraint fund_entry_log_key unique (community_id, log_entry_id),
  constraint fund_entry_book_fk foreign key (community_id) references fund_book (community_id),
  constraint fund_entry_authorisation_fk foreign key (community_id, authorisation_id)
    references fund_authorisation (community_id, authorisation_id),
  constraint fund_entry_reverses_fk foreign key (community_id, reverses_entry_id) references fund_entry (community_id, entry_id),
  constraint fund_entry_order_fk foreign key (community_id, order_id) references fund_order (community_id, order_id),
  constraint fund_entry_log_fk foreign key (log_entry_id) references log_entry (id),
  constraint fund_entry_authorisation_check check ((authorisation_id is not null) =
    (kind in ('hold', 'accrue', 'accrual_cancelled', 'unpaid_cancelled', 'pay', 'pay_returned', 'release', 'refund', 'claim', 'claim_settled', 'claim_cancelled'))),
  constraint fund_entry_reverses_check check ((reverses_entry_id is not null) =
    (kind in ('deposit_reversed', 'accrual_cancelled', 'pay_returned'))),
  constraint fund_entry_order_check check ((order_id is not null) =
    (kind in ('pay', 'deposit_reversed', 'deposit_identified', 'bank_moved'))),
  constraint fund_entry_value_check check (value_on <= booked_on),
  constraint fund_entry_idempotency_check check (char_length(idempotency_key) between 1 and 200),
  constraint fund_entry_hash_check check
    (hash = sha256(int4send(25) || 'owners-vote/v1/fund-entry'::bytea || int4send(octet_length(record)) || record))
);
comment on table fund_entry is 'entries of a book: facts that are never edited; each is an entry of the log too (SPEC 8.3)';
comment on column fund_entry.record is 'the exact bytes that the log names by their hash';
comment on column fund_entry.txid is 'set by the trigger: postings can join only in the same transaction';

create table fund_posting (
  community_id random_id not null,
  entry_id random_id not null,
  line_no integer not null,
  entry_kind text not null default '',
  account_id random_id not null,
  account_kind text not null default '',
  amount_fen bigint not null,
  side text not null generated always as (case when amount_fen > 0 then 'D' else 'C' end) stored,
  balance_after_fen bigint not null default 0,
  account_version bigint not null default 0,
  constraint fund_posting_pk primary key (community_id, entry_id, line_no),
  constraint fund_posting_version_key unique (community_id, account_id, account_version),
  constraint fund_posting_entry_fk foreign key (community_id, entry_id, entry_kind)
    references fund_entry (community_id, entry_id, kind),
  constraint fund_posting_account_fk foreign key (community_id, account_id, account_kind)
    references fund_account (community_id, account_id, kind),
  constraint fund_posting_shape_fk foreign key (entry_kind, account_kind, side) references fund_entry_shape (entry_kind, account_kind, side),
  constraint fund_posting_line_check check (line_no >= 1),
  constraint fund_posting_amount_check check (amount_fen <> 0)
);
comment on table fund_posting is 'signed legs of an entry, debit positive; kinds, balance after and version are written by the trigger';

create table fund_reconciliation (
  community_id random_id not null,
  reconciliation_id random_id not null,
  bank_account_id random_id not null,
  from_on date not null,
  to_on date not null,
  closing_fen bigint not null,
  file_hash hash32 not null,
  last_seq bigint not null,
  matched integer not null,
  officer_id random_id not null,
  made_at_ms bigint not null,
  constraint fund_reconciliation_pk primary key (community_id, reconciliation_id),
  constraint fund_reconciliation_bank_fk foreign key (community_id, bank_account_id)
    references fund_account (community_id, account_id),
  constraint fund_reconciliation_officer_fk foreign key (officer_id) references officer (officer_id),
  constraint fund_reconciliation_period_check check (from_on <= to_on),
  constraint fund_reconciliation_numbers_check check (closing_fen >= 0 and last_seq >= 0 and matched >= 0)
);
comment on table fund_reconciliation is 'a bank''s statement compared with the book as it stood at last_seq; made again it is another row (SPEC 8.3)';
create trigger fund_reconciliation_append_only before update or delete or truncate on fund_reconciliation
  for each statement execute function append_only();
grant select, insert on fund_reconciliation to :"app";

create table fund_difference (
  community_id random_id not null,
  reconciliation_id random_id not null,
  difference_no integer not null,
  kind text not null,
  on_on date not null,
  receipt text not null,
  seq bigint null,
  amount_fen bigint not null,
  constraint fund_difference_pk primary key (community_id, reconciliation_id, difference_no),
  constraint fund_difference_reconciliation_fk foreign key (community_id, reconciliation_id)
    references fund_reconciliation (community_id, reconciliation_id),
  constraint fund_difference_seq_fk foreign key (community_id, seq) references fund_entry (community_id, seq),
  constraint fund_difference_kind_check check (kind in ('missing', 'surplus', 'balance')),
  constraint fund_difference_seq_check check ((seq is not null) = (kind = 'surplus')),
  constraint fund_difference_no_check check (difference_no >= 1),
  constraint fund_difference_amount_check check (amount_fen <> 0)
);
comment on table fund_difference is 'what the bank has and the book has not, the other way round, or a balance that was wrong before';
create trigger fund_difference_append_only before update or delete or truncate on fund_difference
  for each statement execute function append_only();
grant select, insert on fund_difference to :"app";

create table fund_difference_explanation (
  community_id random_id not null,
  reconciliation_id random_id not null,
  difference_no integer not null,
  reason text not null,
  officer_id random_id not null,
  explained_at_ms bigint not null,
  constraint fund_difference_explanation_pk primary key (community_id, reconciliation_id, difference_no),
  constraint fund_difference_explanation_fk foreign key (community_id, reconciliation_id, difference_no)
    references fund_difference (community_id, reconciliation_id, difference_no),
  constraint fund_difference_explanation_officer_fk foreign key (officer_id) references officer (officer_id),
  constraint fund_difference_explanation_reason_check check (char_length(reason) between 4 and 200)
);
comment on table fund_difference_explanation is 'why a difference stands, by an officer, once';
create trigger fund_difference_explanation_append_only before update or delete or truncate on fund_difference_explanation
  for each statement execute function append_only();
grant select, insert on fund_difference_explanation to :"app";

create table fund_month (
  community_id random_id not null,
  month text not null,
  record bytea not null,
  hash hash32 not null,
  last_seq bigint not null,
  officer_id random_id not null,
  published_at_ms bigint not null,
  entry_id bigint not null,
  constraint fund_month_pk primary key (community_id, month),
  constraint fund_month_book_fk foreign key (community_id) references fund_book (community_id),
  constraint fund_month_officer_fk foreign key (officer_id) references officer (officer_id),
  constraint fund_month_entry_key unique (entry_id),
  constraint fund_month_entry_fk foreign key (entry_id) references log_entry (id),
  constraint fund_month_month_check check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  constraint fund_month_hash_check check
    (hash = sha256(int4send(25) || 'owners-vote/v1/fund-month'::bytea || int4send(octet_length(record)) || record))
);
comment on table fund_month is 'the published months of a book, in order and without a gap, with the exact bytes that the log names (SPEC 8.3)';
create trigger fund_month_900_append_only before update or delete or truncate on fund_month
  for each statement execute function append_only();
grant select, insert on fund_month to :"app";

create function fund_check_month() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  wanted text;
  days daterange;
begin
  perform from fund_book b where b.community_id = new.community_id for update;
  select to_char(coalesce(to_date(max(m.month), 'YYYY-MM') + interval '1 month',
                          (select min(e.booked_on) from fund_entry e where e.community_id = new.community_id)), 'YYYY-MM')
    into wanted from fund_month m where m.community_id = new.community_id;
  if wanted is distinct from new.month then
    perform fund_refuse('fund_month_in_order', 'months are published in order, each once, from the first of the book');
  end if;
  days := daterange(to_date(new.month, 'YYYY-MM'), (to_date(new.month, 'YYYY-MM') + interval '1 month')::date);
  if new.last_seq is distinct from (select coalesce(max(e.seq), 0) from fund_entry e
       where e.community_id = new.community_id and e.booked_on < upper(days)) then
    perform fund_refuse('fund_month_last_seq', 'a month ends with the last entry that was booked by its end');
  end if;
  if exists (
       select from fund_difference d
         join fund_reconciliation r on r.community_id = d.community_id and r.reconciliation_id = d.reconciliation_id
        where d.community_id = new.community_id and d.on_on <@ days
          and not exists (select from fund_difference_explanation x where x.community_id = d.community_id
               and x.reconciliation_id = d.reconciliation_id and x.difference_no = d.difference_no)
          and not exists (select from fund_reconciliation l where l.community_id = d.community_id
               and l.bank_account_id = r.bank_account_id and l.made_at_ms > r.made_at_ms and d.on_on between l.from_on and l.to_on)) then
    perform fund_refuse('fund_month_is_explained', 'a difference to the bank stands unexplained');
  end if;
  if not exists (select from log_entry l where l.id = new.entry_id and l.kind = 'fund.published' and l.community_id = new.community_id
       and (convert_from(l.data, 'UTF8')::jsonb ->> 'month') = new.month
       and (convert_from(l.data, 'UTF8')::jsonb ->> 'monthHash') = translate(rtrim(encode(new.hash, 'base64'), '='), '+/', '-_')) then
    perform fund_refuse('fund_month_is_logged', 'the log does not name this month');
  end if;
  return new;
end $$;
comment on function fund_check_month() is 'that a month follows the last one, is whole, explained and in the log';
create trigger fund_month_100_check before insert on fund_month for each row execute function fund_check_month();

create function fund_month_stands() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select from fund_month m where m.community_id = new.community_id and m.month >= to_char(new.booked_on, 'YYYY-MM')) then
    perform fund_refuse('fund_month_is_closed', 'nothing is booked in a published month');
  end if;
  return new;
end $$;
comment on function fund_month_stands() is 'that a published month stays what it says; after the lock of the book is taken';

create function fund_number_entry() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  last bigint;
begin
  new.txid := pg_current_xact_id();
  new.recorded_at_ms := floor(extract(epoch from clock_timestamp()) * 1000);
  update fund_book set last_seq = new.seq, last_booked_on = new.booked_on
   where community_id = new.community_id and last_seq + 1 = new.seq and last_booked_on <= new.booked_on;
  if not found then
    select last_seq into last from fund_book where community_id = new.community_id;
    if last is null then
      perform fund_refuse('fund_entry_book_fk', 'the community has no book');
    elsif last + 1 <> new.seq then
      perform fund_refuse('fund_entry_seq_next', format('the next entry of the book is %s, not %s', last + 1, new.seq));
    end if;
    perform fund_refuse('fund_entry_date_order', 'booked_on goes backwards');
  end if;
  return new;
end $$;
comment on function fund_number_entry() is 'numbers without a gap, dates in order, and the one lock of the community';
create trigger fund_entry_100_number before insert on fund_entry for each row execute function fund_number_entry();

create trigger fund_entry_110_month before insert on fund_entry for each row execute function fund_month_stands();

create function fund_apply_posting() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  entry_txid xid8;
  entry_authorisation text;
  account_authorisation text;
begin
  select kind, txid, authorisation_id into new.entry_kind, entry_txid, entry_authorisation
    from fund_entry where community_id = new.community_id and entry_id = new.entry_id;
  if not found then
    perform fund_refuse('fund_posting_entry_fk', 'no such entry in this book');
  elsif entry_txid <> pg_current_xact_id() then
    perform fund_refuse('fund_entry_is_sealed', 'the entry was committed; nothing can be added to it');
  end if;
  update fund_account
     set balance_fen = balance_fen + case when kind in ('bank', 'claim') then new.amount_fen else -new.amount_fen end, version = version + 1
   where community_id = new.community_id and account_id = new.account_id
  returning kind, balance_fen, version, authorisation_id
    into new.account_kind, new.balance_after_fen, new.account_version, account_authorisation;
  if not found then
    perform fund_refuse('fund_posting_account_fk', 'no such account in this book');
  elsif account_authorisation is not null and account_authorisation is distinct from entry_authorisation then
    perform fund_refuse('fund_posting_authorisation', 'the account belongs to another authorisation than the entry');
  end if;
  return new;
end $$;
comment on function fund_apply_posting() is 'moves the balance with the posting, in the transaction of its entry only';
create trigger fund_posting_200_apply before insert on fund_posting for each row execute function fund_apply_posting();

create function fund_check_reversal(community text, entry text, reversed text, wanted_kinds text[]) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select exists (select from fund_entry e join fund_entry r on r.community_id = e.community_id and r.entry_id = reversed
                  where e.community_id = community and e.entry_id = entry and r.kind = any (wanted_kinds) and r.seq < e.seq
                    and r.authorisation_id is not distinct from e.authorisation_id)
     and not exists (
       select from fund_posting p where p.community_id = community and p.entry_id in (entry, reversed)
        group by p.account_id having sum(p.amount_fen) <> 0)
$$;
comment on function fund_check_reversal(text, text, text, text[]) is 'whether an entry is the exact negation of an earlier one of a wanted kind';

create function fund_interest_shares(community text, before bigint, since date, until date, amount numeric)
returns table (unit_id text, amount_fen numeric)
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  with weights as (
    select a.unit_id::text as unit_id, greatest(0, -sum(p.amount_fen::numeric * (until - greatest(e.value_on, since)))) as weight
      from fund_account a
      join fund_posting p on p.community_id = a.community_id and p.account_id = a.account_id
      join fund_entry e on e.community_id = p.community_id and e.entry_id = p.entry_id
     where a.community_id = community and a.kind in ('unit_available', 'unit_held') and e.seq < before and e.value_on < until
       and not exists (select from fund_authorisation f where f.community_id = community and f.unit_id = a.unit_id)
     group by a.unit_id),
  floors as (
    select w.unit_id, div(amount * w.weight, t.total) as floor, mod(amount * w.weight, t.total) as remainder
      from weights w, (select sum(weight) as total from weights) t where t.total > 0),
  ranked as (
    select f.unit_id, f.floor, amount - sum(f.floor) over () as left_over,
           row_number() over (order by f.remainder desc, f.unit_id collate "C") as place
      from floors f)
  select r.unit_id, r.floor + case when r.place <= r.left_over then 1 else 0 end from ranked r
$$;
comment on function fund_interest_shares(text, bigint, date, date, numeric) is 'interest by balance-days of available and held, the largest remainder, ties to the lower unit (SPEC 8.3)';

create function fund_check_interest(community text, entry text, seq bigint, until date) returns void language plpgsql as $$
declare
  since date;
  amount numeric;
begin
  select max(e.value_on) into since from fund_entry e
   where e.community_id = community and e.kind = 'interest_distributed' and e.seq < fund_check_interest.seq;
  if since >= until then
    perform fund_refuse('fund_interest_period_order', 'each period of interest begins where the last one ended');
  end if;
  if exists (select from fund_account a where a.community_id = community and a.kind = 'interest_undistributed' and a.balance_fen <> 0) then
    perform fund_refuse('fund_interest_whole', 'interest is distributed to the last fen');
  end if;
  select sum(p.amount_fen) into amount from fund_posting p
   where p.community_id = community and p.entry_id = entry and p.account_kind = 'interest_undistributed';
  if exists (
       select from (select a.unit_id::text as unit_id, -sum(p.amount_fen) as got from fund_posting p
                      join fund_account a on a.community_id = p.community_id and a.account_id = p.account_id
                     where p.community_id = community and p.entry_id = entry and a.unit_id is not null group by a.unit_id) g
         full join fund_interest_shares(community, seq, since, until, amount) s on s.unit_id = g.unit_id
        where coalesce(g.got, 0) <> coalesce(s.amount_fen, 0)) then
    perform fund_refuse('fund_interest_by_days', 'interest is shared by balance-days');
  end if;
end $$;
comment on function fund_check_interest(text, text, bigint, date) is 'whether a distribution is whole, in its turn, and by balance-days';

create function fund_has_unpaid_part(community text, unit text) returns boolean language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select exists (
    select from fund_authorisation f
      join fund_account y on y.community_id = f.community_id and y.authorisation_id = f.authorisation_id and y.kind = 'payable' and y.balance_fen <> 0
     where f.community_id = community and f.state = 'revoked' and 0 < (
       select sum(p.amount_fen) from fund_account h join fund_posting p on p.community_id = h.community_id and p.account_id = h.account_id
        where h.community_id = f.community_id and h.authorisation_id = f.authorisation_id and h.unit_id = unit and h.kind = 'unit_held'
          and p.entry_kind in ('accrue', 'accrual_cancelled', 'unpaid_cancelled')))
$$;
comment on function fund_has_unpaid_part(text, text) is 'whether something is payable under a revoked authorisation of which something was accrued of the unit (SPEC 8.3)';

create function fund_check_refunded(community text, entry text, booked text, opened_by text) returns void language plpgsql as $$
declare
  granted fund_authorisation;
begin
  if exists (select from fund_posting p join fund_account a on a.community_id = p.community_id and a.account_id = p.account_id
               join fund_authorisation f on f.community_id = a.community_id and f.unit_id = a.unit_id
              where p.community_id = community and p.entry_id = entry and a.kind in ('unit_available', 'unit_held')
                and (booked <> 'refund' or f.authorisation_id is distinct from opened_by)) then
    perform fund_refuse('fund_unit_is_refunded', 'the account of a unit that was refunded is closed');
  end if;
  if booked <> 'refund' then
    return;
  end if;
  select * into granted from fund_authorisation f where f.community_id = community and f.authorisation_id = opened_by;
  if granted.kind <> 'unit_refund' or exists (
       select from fund_posting p join fund_account a on a.community_id = p.community_id and a.account_id = p.account_id
        where p.community_id = community and p.entry_id = entry and a.kind = 'unit_available' and a.unit_id <> granted.unit_id) then
    perform fund_refuse('fund_refund_of_its_unit', 'a refund has an authorisation of its own, for this unit');
  end if;
  if granted.cap_fen <> (select sum(p.amount_fen) from fund_posting p
                          where p.community_id = community and p.entry_id = entry and p.account_kind = 'unit_available')
     or exists (select from fund_account a where a.community_id = community and a.unit_id = granted.unit_id and a.kind in ('unit_available', 'unit_held')
                  and a.balance_fen <> 0) then
    perform fund_refuse('fund_refund_whole', 'a refund is the whole balance of the unit, of which nothing is held');
  end if;
  if exists (select from fund_account a where a.community_id = community and a.kind = 'interest_undistributed' and a.balance_fen <> 0) then
    perform fund_refuse('fund_refund_after_interest', 'interest that came in is distributed before a unit leaves');
  end if;
  if fund_has_unpaid_part(community, granted.unit_id) then
    perform fund_refuse('fund_refund_after_unpaid', 'the unpaid rest of an annulled work goes back before a unit that bore it leaves');
  end if;
end $$;
comment on function fund_check_refunded(text, text, text, text) is 'whether a refund is whole and of its unit, and that nothing touches the unit afterwards';

-- Without a nested loop: an entry may have 20,000 claims, and on tables that were not analysed yet a loop over them takes minutes.
create function fund_check_claims(community text, entry text, seq bigint, booked text, opened_by text) returns void language plpgsql
set enable_nestloop = off as $$
begin
  if booked = 'hold' and exists (select from fund_account a where a.community_id = community and a.authorisation_id = opened_by
       and a.kind = 'claim' and a.balance_fen <> 0) then
    perform fund_refuse('fund_hold_after_claims', 'a hold stands where nothing is claimed any more');
  end if;
  if booked not in ('claim', 'claim_settled', 'claim_cancelled') then
    return;
  end if;
  if booked <> 'claim_cancelled' and exists (select from fund_entry e where e.community_id = community and e.authorisation_id = opened_by
       and e.kind = 'hold' and e.seq < fund_check_claims.seq) then
    perform fund_refuse('fund_claim_before_hold', 'nothing is claimed after the hold');
  end if;
  if exists (
       select from fund_posting p join fund_account c on c.community_id = p.community_id and c.account_id = p.account_id
        where p.community_id = community and p.entry_id = entry and c.kind = 'claim' and c.unit_id::text not in (
              select u.unit_id from fund_authorisation f, jsonb_array_elements_text(f.developer_units::jsonb) as u (unit_id)
               where f.community_id = community and f.authorisation_id = opened_by)) then
    perform fund_refuse('fund_claim_of_developer', 'only units of the developer are claimed');
  end if;
  if exists (
       with shares as (
         select s.each ->> 'unit' as unit_id, (s.each ->> 'amountFen')::bigint as fen
           from fund_authorisation f, jsonb_array_elements(convert_from(f.record, 'UTF8')::jsonb -> 'shares') as s (each)
          where f.community_id = community and f.authorisation_id = opened_by and booked <> 'claim_cancelled'),
       claims as (
         select c.unit_id::text as unit_id, p.balance_after_fen as fen
           from fund_posting p join fund_account c on c.community_id = p.community_id and c.account_id = p.account_id
          where p.community_id = community and p.entry_id = entry and c.kind = 'claim'),
       -- The hold that follows a settlement in the same transaction takes the money away again.
       later as (
         select p.account_id, sum(p.amount_fen) as fen
           from fund_entry e join fund_posting p on p.community_id = e.community_id and p.entry_id = e.entry_id
          where e.community_id = community and e.seq > fund_check_claims.seq group by p.account_id),
       available as (
         select a.unit_id::text as unit_id, a.balance_fen + coalesce(l.fen, 0) as fen
           from fund_account a left join later l on l.account_id = a.account_id
          where a.community_id = community and a.kind = 'unit_available'),
       -- What waits before takes its share first, but not from the hold that follows at once.
       earlier as (
         select s.each ->> 'unit' as unit_id, sum((s.each ->> 'amountFen')::bigint) as fen
           from fund_authorisation f, jsonb_array_elements(convert_from(f.record, 'UTF8')::jsonb -> 'shares') as s (each)
          where f.community_id = community and f.kind <> 'unit_refund' and f.state = 'open' and booked <> 'claim_cancelled'
            and f.entry_id < (select o.entry_id from fund_authorisation o where o.community_id = community and o.authorisation_id = opened_by)
            and not exists (select from fund_entry e where e.community_id = community and e.authorisation_id = f.authorisation_id
                             and e.kind = 'hold' and e.seq < fund_check_claims.seq)
            and not (booked = 'claim_settled' and exists (select from fund_entry e where e.community_id = community
                       and e.seq = fund_check_claims.seq + 1 and e.kind = 'hold' and e.authorisation_id = opened_by))
          group by 1)
       select from claims c left join shares s on s.unit_id = c.unit_id left join available a on a.unit_id = c.unit_id
         left join earlier w on w.unit_id = c.unit_id
        where c.fen <> greatest(0, coalesce(s.fen, 0) - greatest(0, coalesce(a.fen, 0) - coalesce(w.fen, 0)))) then
    perform fund_refuse('fund_claim_by_share', 'a claim is the share of its unit less what is left for it after what waits before');
  end if;
end $$;
comment on function fund_check_claims(text, text, bigint, text, text) is 'whether claims are the developer''s, of what his units lack, and gone at the hold';

-- Without a nested loop, as claims.
create function fund_check_hold(community text, entry text, opened_by text) returns void language plpgsql
set enable_nestloop = off as $$
begin
  if exists (
       with shares as (
         select s.each ->> 'unit' as unit_id, (s.each ->> 'amountFen')::bigint as fen
           from fund_authorisation f, jsonb_array_elements(convert_from(f.record, 'UTF8')::jsonb -> 'shares') as s (each)
          where f.community_id = community and f.authorisation_id = opened_by),
       held as (
         select a.unit_id::text as unit_id, -sum(p.amount_fen) as fen
           from fund_posting p join fund_account a on a.community_id = p.community_id and a.account_id = p.account_id
          where p.community_id = community and p.entry_id = entry and a.kind = 'unit_held' group by a.unit_id)
       select from shares s full join held h on h.unit_id = s.unit_id where coalesce(s.fen, 0) <> coalesce(h.fen, 0)) then
    perform fund_refuse('fund_hold_by_share', 'a hold takes its whole share from every unit, none spared');
  end if;
end $$;
comment on function fund_check_hold(text, text, text) is 'whether a hold takes exactly the shares of its authorisation';

create function fund_unpaid_shares(community text, before bigint, opened_by text, amount numeric)
returns table (unit_id text, amount_fen numeric)
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  with accrued as (
    select a.unit_id::text as unit_id, sum(p.amount_fen) as fen
      from fund_account a
      join fund_posting p on p.community_id = a.community_id and p.account_id = a.account_id
       and p.entry_kind in ('accrue', 'accrual_cancelled', 'unpaid_cancelled')
      join fund_entry e on e.community_id = p.community_id and e.entry_id = p.entry_id
     where a.community_id = community and a.authorisation_id = opened_by and a.kind = 'unit_held' and e.seq < before
     group by a.unit_id),
  floors as (
    select c.unit_id, c.fen, div((t.total - amount) * c.fen, t.total) as floor, mod((t.total - amount) * c.fen, t.total) as remainder,
           t.total - amount as paid
      from accrued c, (select sum(fen) as total from accrued) t where t.total > 0),
  ranked as (
    select f.unit_id, f.fen, f.floor, f.paid - sum(f.floor) over () as left_over,
           row_number() over (order by f.remainder desc, f.unit_id collate "C") as place
      from floors f)
  select r.unit_id, r.fen - r.floor - case when r.place <= r.left_over then 1 else 0 end from ranked r
$$;
comment on function fund_unpaid_shares(text, bigint, text, numeric) is 'what each unit gets back of an unpaid rest: what was accrued of it less its share of what was paid, the largest remainder, ties to the lower unit (SPEC 8.3)';

create function fund_check_unpaid(community text, entry text, seq bigint, booked text, opened_by text) returns void language plpgsql as $$
declare
  amount numeric;
begin
  if booked = 'accrual_cancelled' and exists (select from fund_entry e where e.community_id = community and e.authorisation_id = opened_by
       and e.kind = 'unpaid_cancelled' and e.seq < fund_check_unpaid.seq) then
    perform fund_refuse('fund_unpaid_ends_accruals', 'no accrual is cancelled after the unpaid rest went back');
  end if;
  if booked <> 'unpaid_cancelled' then
    return;
  end if;
  if (select f.state from fund_authorisation f where f.community_id = community and f.authorisation_id = opened_by) <> 'revoked' then
    perform fund_refuse('fund_unpaid_after_annulment', 'what is accrued and not paid goes back only after an annulment');
  end if;
  select sum(p.amount_fen) into amount from fund_posting p
   where p.community_id = community and p.entry_id = entry and p.account_kind = 'payable';
  if (select min(p.balance_after_fen) from fund_posting p
       where p.community_id = community and p.entry_id = entry and p.account_kind = 'payable') <> 0 then
    perform fund_refuse('fund_unpaid_whole', 'all that is payable goes back at once');
  end if;
  if not exists (select from fund_entry e where e.community_id = community and e.authorisation_id = opened_by
       and e.kind = 'unpaid_cancelled' and e.seq < fund_check_unpaid.seq)
     and exists (
       select from fund_entry e join fund_posting p on p.community_id = e.community_id and p.entry_id = e.entry_id and p.account_kind = 'payable'
        where e.community_id = community and e.authorisation_id = opened_by and e.kind = 'accrue' and -p.amount_fen <= amount
          and not exists (select from fund_entry r where r.community_id = e.community_id and r.reverses_entry_id = e.entry_id)
          and not exists (select from fund_posting h
                            join fund_account a on a.community_id = h.community_id and a.account_id = h.account_id
                            join fund_authorisation g on g.community_id = a.community_id and g.unit_id = a.unit_id
                           where h.community_id = e.community_id and h.entry_id = e.entry_id)) then
    perform fund_refuse('fund_unpaid_after_accruals', 'accruals that are wholly unpaid are cancelled before the rest goes back');
  end if;
  if exists (
       select from (select a.unit_id::text as unit_id, -sum(p.amount_fen) as got from fund_posting p
                      join fund_account a on a.community_id = p.community_id and a.account_id = p.account_id
                     where p.community_id = community and p.entry_id = entry and a.kind = 'unit_held' group by a.unit_id) g
         full join fund_unpaid_shares(community, seq, opened_by, amount) s on s.unit_id = g.unit_id
        where coalesce(g.got, 0) <> coalesce(s.amount_fen, 0)) then
    perform fund_refuse('fund_unpaid_by_share', 'an unpaid rest goes back so that each unit bears its share of what was paid');
  end if;
end $$;
comment on function fund_check_unpaid(text, text, bigint, text, text) is 'whether the unpaid rest of what was annulled goes back whole and by shares';

create function fund_check_entry() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  legs bigint;
  total numeric;
  bank numeric;
  granted text;
  cap bigint;
begin
  select count(*), coalesce(sum(amount_fen), 0), coalesce(sum(amount_fen) filter (where account_kind = 'bank'), 0)
    into legs, total, bank from fund_posting where community_id = new.community_id and entry_id = new.entry_id;
  if legs < 2 or total <> 0 then
    perform fund_refuse('fund_entry_unbalanced', 'an entry has at least two legs and sums to zero');
  end if;
  if not exists (select from log_entry l where l.id = new.log_entry_id and l.kind = 'fund.entry' and l.community_id = new.community_id
       and (convert_from(l.data, 'UTF8')::jsonb ->> 'seq') = new.seq::text
       and (convert_from(l.data, 'UTF8')::jsonb ->> 'hash') = translate(rtrim(encode(new.hash, 'base64'), '='), '+/', '-_')) then
    perform fund_refuse('fund_entry_is_logged', 'the log does not name this entry');
  end if;
  if new.kind in ('hold', 'release') and exists (
       select from fund_posting p join fund_account a on a.community_id = p.community_id and a.account_id = p.account_id
        where p.community_id = new.community_id and p.entry_id = new.entry_id
        group by a.unit_id having sum(p.amount_fen) <> 0) then
    perform fund_refuse('fund_money_crossed_units', 'a hold or release stays within each household');
  end if;
  if bank < 0 and new.kind not in ('pay', 'deposit_reversed') then
    perform fund_refuse('fund_bank_falls', 'only a payment, or a deposit taken back, lets the bank account fall');
  end if;
  if new.reverses_entry_id is not null and not fund_check_reversal(new.community_id, new.entry_id, new.reverses_entry_id,
       case new.kind when 'deposit_reversed' then array['deposit', 'deposit_unidentified']
                     when 'accrual_cancelled' then array['accrue'] else array['pay'] end) then
    perform fund_refuse('fund_reversal_exact', 'a reversal is the exact negation of one earlier entry');
  end if;
  if new.kind in ('deposit_reversed', 'accrual_cancelled') and new.value_on <> (select r.value_on from fund_entry r
       where r.community_id = new.community_id and r.entry_id = new.reverses_entry_id) then
    perform fund_refuse('fund_reversal_value', 'a deposit or an accrual that is undone counts from its own day');
  end if;
  if new.order_id is not null and not exists (
       select from fund_order o join act a on a.act_id = o.act_id
        where o.community_id = new.community_id and o.order_id = new.order_id and o.kind = new.kind
          and o.authorisation_id is not distinct from new.authorisation_id and (o.kind <> 'pay' or o.amount_fen = -bank)
          and o.record = new.record and a.state = 'done' and a.entry_id = new.log_entry_id
          and (select count(distinct s.role) from act_signature s where s.act_id = a.act_id) >= 2) then
    perform fund_refuse('fund_order_is_signed', 'an entry of two officers is its order, signed by officers of two roles');
  end if;
  perform fund_check_refunded(new.community_id, new.entry_id, new.kind, new.authorisation_id);
  perform fund_check_claims(new.community_id, new.entry_id, new.seq, new.kind, new.authorisation_id);
  perform fund_check_unpaid(new.community_id, new.entry_id, new.seq, new.kind, new.authorisation_id);
  if new.kind = 'interest_distributed' then
    perform fund_check_interest(new.community_id, new.entry_id, new.seq, new.value_on);
  end if;
  if new.authorisation_id is not null then
    select state, cap_fen into granted, cap from fund_authorisation
     where community_id = new.community_id and authorisation_id = new.authorisation_id for share;
    if (granted <> 'open' and new.kind in ('hold', 'accrue', 'claim', 'claim_settled')) or (granted = 'revoked' and new.kind = 'pay') then
      perform fund_refuse('fund_authorisation_is_open', 'the authorisation is closed or revoked');
    end if;
    if new.kind in ('release', 'claim_cancelled') and granted = 'open' then
      perform fund_refuse('fund_release_after_closing', 'a release, or an end of claims, needs a closing or an annulment');
    end if;
  end if;
  if new.kind = 'hold' and cap < (
       select -sum(p.amount_fen) from fund_account a
         join fund_posting p on p.community_id = a.community_id and p.account_id = a.account_id and p.entry_kind in ('hold', 'release')
        where a.community_id = new.community_id and a.authorisation_id = new.authorisation_id and a.kind = 'unit_held') then
    perform fund_refuse('fund_hold_within_cap', 'holds less releases stay within the cap of the resolution or the emergency');
  end if;
  if new.kind = 'hold' then
    perform fund_check_hold(new.community_id, new.entry_id, new.authorisation_id);
  end if;
  if new.kind = 'refund' then
    update fund_authorisation set state = 'closed'
     where community_id = new.community_id and authorisation_id = new.authorisation_id and state = 'open';
  end if;
  return null;
end $$;
comment on function fund_check_entry() is 'what must hold of an entry when its transaction ends';
create constraint trigger fund_entry_500_check after insert on fund_entry deferrable initially deferred
  for each row execute function fund_check_entry();

create function fund_refund_booked() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select from fund_entry e where e.community_id = new.community_id and e.authorisation_id = new.authorisation_id
       and e.kind = 'refund') then
    perform fund_refuse('fund_refund_is_booked', 'a refund is booked with its authorisation');
  end if;
  return null;
end $$;
comment on function fund_refund_booked() is 'that no unit is closed with money in it';
create constraint trigger fund_authorisation_500_booked after insert on fund_authorisation deferrable initially deferred
  for each row when (new.kind = 'unit_refund') execute function fund_refund_booked();

create trigger fund_entry_900_append_only before update or delete or truncate on fund_entry
  for each statement execute function append_only();
create trigger fund_posting_900_append_only before update or delete or truncate on fund_posting
  for each statement execute function append_only();
grant select, insert (community_id, entry_id, seq, kind, booked_on, value_on, authorisation_id, reverses_entry_id, order_id, idempotency_key, request_hash, record, hash, log_entry_id) on fund_entry to :"app";
grant select, insert (community_id, entry_id, line_no, account_id, amount_fen) on fund_posting to :"app";

create table revenue_entry (
  community_id random_id not null,
  entry_id random_id not null,
  kind text not null,
  heading text not null,
  booked_on date not null,
  amount_fen bigint not null,
  meeting_id random_id null,
  proposal_id random_id null,
  reverses_entry_id random_id null,
  record bytea not null,
  hash hash32 not null,
  log_entry_id bigint not null,
  constraint revenue_entry_pk primary key (community_id, entry_id),
  constraint revenue_entry_community_fk foreign key (community_id) references community (community_id),
  constraint revenue_entry_resolution_fk foreign key (community_id, meeting_id, proposal_id)
    references resolution (community_id, meeting_id, proposal_id),
  constraint revenue_entry_reverses_fk foreign key (community_id, reverses_entry_id)
    references revenue_entry (community_id, entry_id),
  constraint revenue_entry_reverses_key unique (community_id, reverses_entry_id),
  constraint revenue_entry_log_key unique (log_entry_id),
  constraint revenue_entry_log_fk foreign key (log_entry_id) references log_entry (id),
  constraint revenue_entry_kind_check check (kind in ('income', 'cost', 'use', 'transfer', 'reversal')),
  constraint revenue_entry_heading_check check (case kind
    when 'income' then heading in ('parking', 'advertising', 'rent', 'base_station', 'vending', 'interest', 'other_income')
    when 'cost' then heading in ('operation', 'tax', 'audit', 'other_cost')
    when 'use' then heading = 'resolution' when 'transfer' then heading = 'fund' else true end),
  constraint revenue_entry_amount_check check (amount_fen <> 0 and (kind = 'reversal' or (amount_fen > 0) = (kind = 'income'))),
  constraint revenue_entry_basis_check check
    (num_nonnulls(meeting_id, proposal_id) = case kind when 'use' then 2 else 0 end
     and (reverses_entry_id is not null) = (kind = 'reversal')),
  constraint revenue_entry_hash_check check
    (hash = sha256(int4send(28) || 'owners-vote/v1/revenue-entry'::bytea || int4send(octet_length(record)) || record))
);
comment on table revenue_entry is 'the public-revenue book: facts that are never edited, in positive, out negative (SPEC 8.5)';
create trigger revenue_entry_900_append_only before update or delete or truncate on revenue_entry
  for each statement execute function append_only();
grant select, insert on revenue_entry to :"app";

create table revenue_period (
  community_id random_id not null,
  period text not null,
  record bytea not null,
  hash hash32 not null,
  officer_id random_id not null,
  log_entry_id bigint not null,
  constraint revenue_period_pk primary key (community_id, period),
  constraint revenue_period_community_fk foreign key (community_id) references community (community_id),
  constraint revenue_period_officer_fk foreign key (officer_id) references officer (officer_id),
  constraint revenue_period_log_key unique (log_entry_id),
  constraint revenue_period_log_fk foreign key (log_entry_id) references log_entry (id),
  constraint revenue_period_period_check check (period ~ '^[0-9]{4}-H[12]$'),
  constraint revenue_period_hash_check check
    (hash = sha256(int4send(29) || 'owners-vote/v1/revenue-period'::bytea || int4send(octet_length(record)) || record))
);
comment on table revenue_period is 'the published half-years of a public-revenue book, in order and without a gap (SPEC 8.5)';
create trigger revenue_period_900_append_only before update or delete or truncate on revenue_period
  for each statement execute function append_only();
grant select, insert on revenue_period to :"app";

create function revenue_half_year(day date) returns text language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select to_char(day, 'YYYY') || case when extract(month from day) <= 6 then '-H1' else '-H2' end
$$;
comment on function revenue_half_year(date) is 'the half-year of a day';

create function revenue_check_entry() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform from community c where c.community_id = new.community_id for update;
  if not exists (select from log_entry l where l.id = new.log_entry_id and l.community_id = new.community_id
       and l.kind = case new.kind when 'income' then 'revenue.received' else 'revenue.spent' end
       and (convert_from(l.data, 'UTF8')::jsonb ->> 'entry') = new.entry_id
       and (convert_from(l.data, 'UTF8')::jsonb ->> 'revenueHash') = translate(rtrim(encode(new.hash, 'base64'), '='), '+/', '-_')) then
    perform fund_refuse('revenue_entry_is_logged', 'the log does not name this entry');
  end if;
  if new.kind <> 'income' and not exists (select from act a where a.entry_id = new.log_entry_id and a.state = 'done'
       and (select count(distinct s.role) from act_signature s where s.act_id = a.act_id) >= 2) then
    perform fund_refuse('revenue_entry_is_signed', 'what goes out, or is undone, is signed by two officers of two roles');
  end if;
  if exists (select from revenue_period p where p.community_id = new.community_id and p.period >= revenue_half_year(new.booked_on)) then
    perform fund_refuse('revenue_period_is_closed', 'nothing is booked in a published half-year');
  end if;
  if new.kind = 'use' and (not exists (select from resolution r where r.community_id = new.community_id
         and r.meeting_id = new.meeting_id and r.proposal_id = new.proposal_id and r.outcome = 'ADOPTED')
       or exists (select from resolution_annulment x where x.community_id = new.community_id
         and x.meeting_id = new.meeting_id and x.proposal_id = new.proposal_id)) then
    perform fund_refuse('revenue_use_is_adopted', 'another use needs an adopted resolution that stands');
  end if;
  if new.kind = 'reversal' and not exists (select from revenue_entry e where e.community_id = new.community_id
       and e.entry_id = new.reverses_entry_id and e.kind <> 'reversal' and e.heading = new.heading and e.amount_fen = -new.amount_fen) then
    perform fund_refuse('revenue_reversal_exact', 'a reversal is the exact negation of one earlier entry');
  end if;
  if (select coalesce(sum(e.amount_fen), 0) + new.amount_fen from revenue_entry e where e.community_id = new.community_id) < 0 then
    perform fund_refuse('revenue_never_negative', 'no more goes out than came in');
  end if;
  return new;
end $$;
comment on function revenue_check_entry() is 'what must hold of an entry of the public-revenue book';
create trigger revenue_entry_100_check before insert on revenue_entry for each row execute function revenue_check_entry();

create function revenue_check_period() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  last text;
begin
  perform from community c where c.community_id = new.community_id for update;
  select max(p.period) into last from revenue_period p where p.community_id = new.community_id;
  if new.period is distinct from (case when last is null
       then (select revenue_half_year(min(e.booked_on)) from revenue_entry e where e.community_id = new.community_id)
       when right(last, 1) = '1' then left(last, 6) || '2' else (left(last, 4)::integer + 1)::text || '-H1' end) then
    perform fund_refuse('revenue_period_in_order', 'half-years are published in order, each once, from the first of the book');
  end if;
  if not exists (select from log_entry l where l.id = new.log_entry_id and l.kind = 'revenue.published' and l.community_id = new.community_id
       and (convert_from(l.data, 'UTF8')::jsonb ->> 'period') = new.period
       and (convert_from(l.data, 'UTF8')::jsonb ->> 'periodHash') = translate(rtrim(encode(new.hash, 'base64'), '='), '+/', '-_')) then
    perform fund_refuse('revenue_period_is_logged', 'the log does not name this half-year');
  end if;
  return new;
end $$;
comment on function revenue_check_period() is 'that a half-year follows the last one and stands in the log';
create trigger revenue_period_100_check before insert on revenue_period for each row execute function revenue_check_period();

create table fund_top_up_call (
  community_id random_id not null,
  call_id random_id not null,
  meeting_id random_id null,
  proposal_id random_id null,
  seq bigint not null,
  due_on date not null,
  record bytea not null,
  hash hash32 not null,
  entry_id bigint not null,
  head jsonb not null,
  homes integer not null,
  due_fen bigint not null,
  constraint fund_top_up_call_pk primary key (community_id, call_id),
  constraint fund_top_up_call_book_fk foreign key (community_id) references fund_book (community_id),
  constraint fund_top_up_call_resolution_fk foreign key (community_id, meeting_id, proposal_id)
    references resolution (community_id, meeting_id, proposal_id),
  constraint fund_top_up_call_entry_key unique (entry_id),
  constraint fund_top_up_call_entry_fk foreign key (entry_id) references log_entry (id),
  constraint fund_top_up_call_basis_check check ((meeting_id is null) = (proposal_id is null)),
  constraint fund_top_up_call_hash_check check
    (hash = sha256(int4send(26) || 'owners-vote/v1/top-up-call'::bytea || int4send(octet_length(record)) || record))
);
comment on table fund_top_up_call is 'calls to top up, each in force until the next one, its withdrawal or the annulment of its resolution (SPEC 8.6)';
comment on column fund_top_up_call.seq is 'the last entry of the book that its balances count';
comment on column fund_top_up_call.head is 'the record without its lines, as homes and due_fen are their sums: written by the trigger, read by pages';
create trigger fund_top_up_call_900_append_only before update or delete or truncate on fund_top_up_call
  for each statement execute function append_only();
grant select, insert on fund_top_up_call to :"app";

create table fund_top_up_line (
  community_id random_id not null,
  call_id random_id not null,
  unit_id random_id not null,
  first_fen bigint not null,
  balance_fen bigint not null,
  due_fen bigint not null,
  constraint fund_top_up_line_pk primary key (community_id, call_id, unit_id),
  constraint fund_top_up_line_call_fk foreign key (community_id, call_id) references fund_top_up_call (community_id, call_id),
  constraint fund_top_up_line_unit_fk foreign key (community_id, unit_id) references unit (community_id, unit_id)
);
comment on table fund_top_up_line is 'the homes that a call asks, copied from its record by the trigger alone';
create trigger fund_top_up_line_900_append_only before update or delete or truncate on fund_top_up_line
  for each statement execute function append_only();
grant select on fund_top_up_line to :"app";

create function fund_check_top_up_call() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  said constant jsonb not null := convert_from(new.record, 'UTF8')::jsonb;
  decided jsonb;
begin
  perform from fund_book b where b.community_id = new.community_id for update;
  if not exists (select from log_entry l join act a on a.entry_id = l.id
       where l.id = new.entry_id and l.kind = 'topup.called' and l.community_id = new.community_id
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'call') = new.call_id
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'ground') = case when new.meeting_id is null then 'rule' else 'resolution' end
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'callHash') = translate(rtrim(encode(new.hash, 'base64'), '='), '+/', '-_')
         and a.state = 'done' and (select count(distinct s.role) from act_signature s where s.act_id = a.act_id) >= 2
         and (new.meeting_id is not null
              or (select count(distinct s.role) from act_signature s where s.act_id = a.act_id and s.role in ('street', 'regulator')) = 2)) then
    perform fund_refuse('fund_top_up_call_is_signed', 'a call is signed by two officers of two roles, one by the rule of the city by street office and regulator');
  end if;
  if (said ->> 'community', said ->> 'call', said ->> 'meeting', said ->> 'proposal', said ->> 'seq', said ->> 'dueOn', said ->> 'documentHash' = '')
     is distinct from (new.community_id::text, new.call_id::text, coalesce(new.meeting_id, ''), coalesce(new.proposal_id, ''),
                       new.seq::text, to_char(new.due_on, 'YYYY-MM-DD'), new.meeting_id is not null) then
    perform fund_refuse('fund_top_up_call_is_its_record', 'a call is what its record says, by a resolution or a rule of the city, not by both');
  end if;
  if (said ->> 'former') is distinct from coalesce((select c.call_id::text from fund_top_up_call c
       where c.community_id = new.community_id order by c.entry_id desc limit 1), '') then
    perform fund_refuse('fund_top_up_call_follows', 'a call names the one before it');
  end if;
  if new.meeting_id is not null then
    select p -> 'scope' into decided
      from resolution r join meeting m on m.community_id = r.community_id and m.meeting_id = r.meeting_id,
           jsonb_array_elements(convert_from(m.definition, 'UTF8')::jsonb -> 'proposals') p
     where r.community_id = new.community_id and r.meeting_id = new.meeting_id and r.proposal_id = new.proposal_id
       and r.outcome = 'ADOPTED' and p ->> 'proposal' = new.proposal_id and p -> 'classes' @> '["M6"]'
       and not exists (select from resolution_annulment x where x.community_id = new.community_id
         and x.meeting_id = new.meeting_id and x.proposal_id = new.proposal_id);
    if decided is null then
      perform fund_refuse('fund_top_up_call_is_decided', 'a call needs an adopted resolution that raises the fund and stands');
    end if;
  end if;
  if not exists (select from fund_entry e where e.community_id = new.community_id and e.seq = new.seq)
     or not exists (select from jsonb_array_elements(said -> 'units') u where u ->> 'dueFen' <> '0')
     or (select count(distinct u ->> 'unit') <> count(*) from jsonb_array_elements(said -> 'units') u)
     or ((said ->> 'targetPercent')::integer between 30 and 100) is not true
     or exists (
       with had as (
         select a.unit_id, -sum(p.amount_fen) as fen
           from fund_account a
           join fund_posting p on p.community_id = a.community_id and p.account_id = a.account_id
           join fund_entry e on e.community_id = p.community_id and e.entry_id = p.entry_id and e.seq <= new.seq
          where a.community_id = new.community_id and a.kind in ('unit_available', 'unit_held')
          group by a.unit_id),
       line as (
         select u ->> 'unit' as unit, (u ->> 'firstFen')::numeric as first, (u ->> 'balanceFen')::numeric as balance, (u ->> 'dueFen')::numeric as due
           from jsonb_array_elements(said -> 'units') u)
       select from line left join had on had.unit_id = line.unit
        where line.balance is distinct from had.fen
           or line.due is distinct from case when line.balance * 100 < line.first * 30
                then ceil(line.first * (said ->> 'targetPercent')::numeric / 100) - line.balance else 0 end
           or not exists (select from unit w join community c on c.community_id = w.community_id and c.register_id = w.register_id
                where w.community_id = new.community_id and w.unit_id = line.unit
                  and (decided is null or decided ->> 'kind' = 'community'
                       or decided -> 'members' ? case decided ->> 'kind' when 'units' then w.unit_id::text else w.building end))) then
    perform fund_refuse('fund_top_up_call_is_true', 'a call asks each home of its scope for what the book and the file of first deposits make it');
  end if;
  new.head := said - '{v,kind,units,nonce}'::text[];
  select count(*), sum((u ->> 'dueFen')::numeric) into new.homes, new.due_fen
    from jsonb_array_elements(said -> 'units') u where u ->> 'dueFen' <> '0';
  return new;
end $$;
comment on function fund_check_top_up_call() is 'two signatures, a decision that stands, the call before it, and figures that the book has';
create trigger fund_top_up_call_100_check before insert on fund_top_up_call for each row execute function fund_check_top_up_call();

create function fund_copy_top_up_lines() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into fund_top_up_line (community_id, call_id, unit_id, first_fen, balance_fen, due_fen)
    select new.community_id, new.call_id, u ->> 'unit', (u ->> 'firstFen')::bigint, (u ->> 'balanceFen')::bigint, (u ->> 'dueFen')::bigint
      from jsonb_array_elements(convert_from(new.record, 'UTF8')::jsonb -> 'units') u where u ->> 'dueFen' <> '0';
  return null;
end $$;
comment on function fund_copy_top_up_lines() is 'the homes that a call asks, as rows that pages find by unit';
create trigger fund_top_up_call_200_lines after insert on fund_top_up_call for each row execute function fund_copy_top_up_lines();

create table fund_top_up_withdrawal (
  community_id random_id not null,
  call_id random_id not null,
  document_hash hash32 not null,
  entry_id bigint not null,
  constraint fund_top_up_withdrawal_pk primary key (community_id, call_id),
  constraint fund_top_up_withdrawal_call_fk foreign key (community_id, call_id) references fund_top_up_call (community_id, call_id),
  constraint fund_top_up_withdrawal_entry_key unique (entry_id),
  constraint fund_top_up_withdrawal_entry_fk foreign key (entry_id) references log_entry (id)
);
comment on table fund_top_up_withdrawal is 'calls to top up that two officers took back (SPEC 8.6)';
comment on column fund_top_up_withdrawal.document_hash is 'SHA-256 of the document that says why';
create trigger fund_top_up_withdrawal_900_append_only before update or delete or truncate on fund_top_up_withdrawal
  for each statement execute function append_only();
grant select, insert on fund_top_up_withdrawal to :"app";

create function fund_check_top_up_withdrawal() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform from fund_book b where b.community_id = new.community_id for update;
  if not exists (select from log_entry l join act a on a.entry_id = l.id
       where l.id = new.entry_id and l.kind = 'topup.withdrawn' and l.community_id = new.community_id
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'call') = new.call_id
         and (convert_from(l.data, 'UTF8')::jsonb ->> 'documentHash') = translate(rtrim(encode(new.document_hash, 'base64'), '='), '+/', '-_')
         and a.state = 'done' and (select count(distinct s.role) from act_signature s where s.act_id = a.act_id) >= 2) then
    perform fund_refuse('fund_top_up_withdrawal_is_signed', 'a withdrawal is signed by two officers of two roles');
  end if;
  if new.call_id is distinct from (select c.call_id from fund_top_up_call c
       where c.community_id = new.community_id order by c.entry_id desc limit 1)
     or exists (select from fund_top_up_call c join resolution_annulment x
         on x.community_id = c.community_id and x.meeting_id = c.meeting_id and x.proposal_id = c.proposal_id
       where c.community_id = new.community_id and c.call_id = new.call_id) then
    perform fund_refuse('fund_top_up_withdrawal_in_force', 'only the call in force is withdrawn');
  end if;
  return new;
end $$;
comment on function fund_check_top_up_withdrawal() is 'two officers who signed it';
create trigger fund_top_up_withdrawal_100_check before insert on fund_top_up_withdrawal
  for each row execute function fund_check_top_up_withdrawal();
