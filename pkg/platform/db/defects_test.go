package db_test

import "slices"

// defect is one way to break the schema, and the rule that must name it.
type defect struct{ rule, object, name, plant string }

const tidText = `(tenant_id = (select app.tid()))`

// fenced is a sound table beside which one thing is then done wrong.
const fenced = `create table app.t (tenant_id uuid not null default app.tid(), id uuid not null, primary key (tenant_id, id));
	alter table app.t owner to lyhord_owner;
	call sec.fence('app.t', 'lyhord_api'); `

const definer = `create function app.f() returns int language sql security definer set search_path = pg_catalog, pg_temp as 'select 1';
	revoke execute on function app.f() from public; alter function app.f() owner to lyhord_auth; `

var defects = slices.Concat(tableDefects, policyDefects, keyDefects, functionDefects, roleDefects)

var tableDefects = []defect{
	{"rls-off", "app.t", "a new table nobody fenced", `create table app.t (tenant_id uuid not null default app.tid(), id uuid not null, primary key (tenant_id, id))`},
	{"rls-off", "app.cases", "row level security switched off", `alter table app.cases disable row level security`},
	{"rls-off", "app.units", "the owner not bound", `alter table app.units no force row level security`},
	{"rls-off", "public.t", "a table in a schema nobody thinks of", `create table public.t (tenant_id uuid not null)`},
	{"tenant-id", "app.t", "no tenant_id at all", `create table app.t (id uuid primary key)`},
	{"tenant-id", "app.t", "a tenant_id that may be null", fenced + `alter table app.t drop constraint t_pkey; alter table app.t alter column tenant_id drop not null`},
	{"tenant-id", "app.t", "a tenant_id of text", `create table app.t (tenant_id text not null)`},
	{"tenant-default", "app.people", "a default taken away", `alter table app.people alter column tenant_id drop default`},
	{"tenant-writable", "app.cases lyhord_api", "the right to move a row to another tenant", `grant update (tenant_id) on app.cases to lyhord_api`},
	{"tenant-writable", "app.cases lyhord_worker", "the right to insert whole rows", `grant insert on app.cases to lyhord_worker`},
	{"partition-grant", "app.t_1", "a grant on a partition", `create table app.t (tenant_id uuid not null default app.tid(), at date) partition by range (at);
		create table app.t_1 partition of app.t for values from ('2026-01-01') to ('2027-01-01'); grant select on app.t_1 to lyhord_api`},
	{"partition-grant", "app.t", "a grant on a child by inheritance", `create table app.t () inherits (app.cases); grant select (id) on app.t to lyhord_api`},
	{"view-invoker", "app.v", "a view with its owner's rights", `create view app.v as select id from app.cases`},
	{"view-invoker", "app.v", "an option lost by replacing the view", `create view app.v with (security_invoker = true) as select id from app.cases;
		create or replace view app.v as select id from app.cases`},
	{"view-invoker", "app.v", "an option that says no", `create view app.v with (security_invoker = off) as select id from app.cases`},
	{"matview", "app.m", "a materialized view", `create materialized view app.m as select tenant_id, count(*) from app.cases group by 1`},
	{"foreign-table", "app.ft", "a foreign table", `create foreign data wrapper w; create server s foreign data wrapper w; create foreign table app.ft (id int) server s`},
	{"unlogged", "app.t", "an unlogged table", fenced + `alter table app.t set unlogged`},
	{"grant-dangerous", "app.cases", "the right to empty a table", `grant truncate on app.cases to lyhord_api`},
	{"grant-dangerous", "app.cases", "the right to probe by foreign keys", `grant references (id) on app.cases to lyhord_api`},
	{"grant-dangerous", "app.cases", "the right to make triggers", `grant trigger on app.cases to lyhord_worker`},
	{"grant-public", "app.cases", "a table for everybody", `grant select on app.cases to public`},
	{"grant-public", "app.tenants", "a column for everybody", `grant select (name) on app.tenants to public`},
	{"grant-stranger", "app.cases", "a grant to a role nobody knows", `create role stranger; grant select on app.cases to stranger`},
	{"grant-sec", "sec.sessions", "a right to the sessions", `grant select on sec.sessions to lyhord_api`},
	{"grant-sec", "sec.proof_key", "a right to the secret of the proofs", `grant select (inner_pad) on sec.proof_key to lyhord_api`},
	{"grant-sec", "sec.accounts", "a right to one column of the accounts", `grant select (login) on sec.accounts to lyhord_worker`},
	{"grant-login", "app.tenants", "a table for the door of logins", `grant select on app.tenants to lyhord_login`},
	{"grant-insight", "insight.facts", "a right to the facts past the functions", `grant select on insight.facts to lyhord_insight`},
	{"grant-directory", "app.tenants", "the right to rename tenants", `grant update (name) on app.tenants to lyhord_api`},
	{"sequence", "app.t_no_seq", "a counter of all tenants that may be read", fenced + `alter table app.t add column no int generated always as identity; grant select on sequence app.t_no_seq to lyhord_api`},
	{"append-only", "app.audit_log", "the right to change the trail", `grant update (action) on app.audit_log to lyhord_api`},
	{"append-only", "app.case_events", "the right to delete events", `grant delete on app.case_events to lyhord_worker`},
	{"append-only", "app.reports", "the refusal dropped", `drop trigger append_only on app.reports`},
	{"append-only", "app.messages", "a refusal of half of it", `drop trigger append_only on app.messages;
		create trigger append_only before delete on app.messages for each row execute function app.refuse_change()`},
	{"append-only", "app.feedbacks", "a refusal under a condition", `drop trigger append_only on app.feedbacks;
		create trigger append_only before update or delete on app.feedbacks for each row when (old.method = 'BREV') execute function app.refuse_change()`},
	{"trigger-disabled", "app.cases", "a law switched off", `alter table app.cases disable trigger cases_keep_law`},
	{"trigger-disabled", "app.measures", "foreign keys switched off", `alter table app.measures disable trigger all`},
	{"rewrite-rule", "app.units", "a rule that swallows writes", `create rule quiet as on insert to app.units do instead nothing`},
	{"owner", "app.t", "a table left with the migrator", fenced + `alter table app.t owner to lyhord_migrator`},
	{"version-table", "public.goose_db_version", "the version told to the api", `grant select on public.goose_db_version to lyhord_api`},
}

var policyDefects = []defect{
	{"fence-missing", "app.cases", "no fence", `drop policy fence on app.cases`},
	{"fence-missing", "app.cases", "a permissive fence", `drop policy fence on app.cases; create policy fence on app.cases for all to public using ` + tidText + ` with check ` + tidText},
	{"fence-missing", "app.cases", "a fence for reading only", `drop policy fence on app.cases; create policy fence on app.cases as restrictive for select to public using ` + tidText},
	{"fence-missing", "app.cases", "a fence for one role only", `alter policy fence on app.cases to lyhord_api`},
	{"fence-missing", "jobs.outbox", "a role with rights left out of the jobs' fence", `alter policy fence on jobs.outbox to lyhord_api, lyhord_intake, lyhord_dialogue`},
	{"fence-weakened", "app.cases", "a fence with a gate", `alter policy fence on app.cases using (tenant_id = (select app.tid()) or access_label = 'NORMAL')`},
	{"fence-weakened", "app.units", "a fence that lets anything be written", `alter policy fence on app.units with check (true)`},
	{"fence-weakened", "jobs.timers", "a weak fence on the jobs", `alter policy fence on jobs.timers using (true)`},
	{"fence-weakened", "app.cases", "a fence that opens without a tenant", `alter policy fence on app.cases using ((select app.tid()) is null or tenant_id = (select app.tid()))`},
	{"sight-missing", "app.messages", "the words of a case seen without the case", `drop policy sight on app.messages`},
	{"sight-missing", "app.reports", "a sight that always holds", `alter policy sight on app.reports using (exists (select 1 from app.cases c where c.id = c.id))`},
	{"policy-always-true", "app.cases everything", "everything for everybody", `create policy everything on app.cases for select to public using (true)`},
	{"policy-always-true", "app.cases write", "anything may be written", `create policy write on app.cases for update to lyhord_api using ` + tidText + ` with check (true)`},
	{"policy-always-true", "app.cases own", "whom a fence let in, without the fence", `drop policy fence on app.cases`},
	{"policy-always-true", "app.cases own", "the same behind a fence with a gate", `alter policy fence on app.cases using (tenant_id = (select app.tid()) or anonymous)`},
	{"policy-always-true", "app.cases own", "everybody let in", `alter policy own on app.cases to public`},
	{"policy-always-true", "jobs.outbox own", "the same on the jobs, whose fence does not hold everybody", `alter policy own on jobs.outbox using (true) with check (true)`},
	{"policy-beside-tenant", "app.cases coordinators", "an OR beside the tenant", `create policy coordinators on app.cases for select to lyhord_api using (current_setting('app.role', true) = 'samordnare')`},
	{"policy-beside-tenant", "app.cases shared", "an insert policy that says something else", `create policy shared on app.cases for insert to lyhord_api with check (channel = 'X')`},
	{"policy-check", "app.drafts mine", "no word about what may be written", `drop policy mine on app.drafts;
		create policy mine on app.drafts as restrictive for all to lyhord_api using (person_id = (select app.pid()))`},
	{"policy-per-row", "app.drafts mine", "a function for every row", `alter policy mine on app.drafts using (person_id = app.pid())`},
	{"policy-per-row", "app.cases sight", "an array function for every row", `alter policy sight on app.cases using (unit_id = any (app.units_in_sight()))`},
}

var keyDefects = []defect{
	{"unique-without-tenant", "app.units_slug", "a unique name over all tenants", `create unique index units_slug on app.units (slug)`},
	{"unique-without-tenant", "app.units_slug", "the tenant last in the key", `create unique index units_slug on app.units (slug, tenant_id)`},
	{"exclusion-without-tenant", "one_per_day on app.t", "an exclusion over all tenants", fenced + `alter table app.t add column valid daterange; alter table app.t add constraint one_per_day exclude using gist (valid with &&)`},
	{"foreign-key-without-tenant", "t_parent_fkey on app.t", "a reference by id alone", `create table app.p (tenant_id uuid not null, id uuid primary key); ` + fenced +
		`alter table app.t add column parent uuid; alter table app.t add constraint t_parent_fkey foreign key (parent) references app.p (id)`},
	{"foreign-key-without-tenant", "t_cross on app.t", "a tenant that points at something else", `create table app.p (tenant_id uuid not null, id uuid not null, unique (id, tenant_id)); ` + fenced +
		`alter table app.t add constraint t_cross foreign key (tenant_id, id) references app.p (id, tenant_id)`},
	{"foreign-key-reaches-in", "codes_unit on app.codes", "the directory pointing into a tenant", `alter table app.codes add column t uuid, add column u uuid;
		alter table app.codes add constraint codes_unit foreign key (t, u) references app.units (tenant_id, id)`},
	{"foreign-key-action", "t_units on app.t", "a deletion that runs on by itself", fenced + `alter table app.t add constraint t_units foreign key (tenant_id, id) references app.units (tenant_id, id) on delete cascade`},
	{"foreign-key-action", "t_units on app.t", "a deletion that empties tenant_id", fenced + `alter table app.t add constraint t_units foreign key (tenant_id, id) references app.units (tenant_id, id) on delete set null`},
	{"not-validated", "t_units on app.t", "a key never checked", fenced + `alter table app.t add constraint t_units foreign key (tenant_id, id) references app.units (tenant_id, id) not valid`},
	{"not-validated", "short on app.units", "a check never made", `alter table app.units add constraint short check (char_length(name) < 100) not valid`},
	{"index-invalid", "app.units_pkey", "an index broken off", `update pg_index set indisvalid = false where indexrelid = 'app.units_pkey'::regclass`},
}

var functionDefects = []defect{
	{"definer-search-path", "app.f()", "no search path", definer + `alter function app.f() reset search_path`},
	{"definer-search-path", "app.f()", "temporary tables first", definer + `alter function app.f() set search_path = pg_catalog, app`},
	{"definer-owner", "app.f()", "a superuser's function", definer + `alter function app.f() owner to current_user`},
	{"definer-owner", "app.f()", "the migrator's function", definer + `alter function app.f() owner to lyhord_migrator`},
	{"definer-owner", "app.f()", "a function of a role that logs in", definer + `alter function app.f() owner to lyhord_api`},
	{"definer-owns-tables", "lyhord_owner", "a function with the rights of the tables' owner", definer + `alter function app.f() owner to lyhord_owner`},
	{"owner", "app.f()", "a function left with who made it", definer + `alter function app.f() security invoker; alter function app.f() owner to current_user`},
	{"execute-public", "app.f()", "the default that everybody may call", `create function app.f() returns int language sql as 'select 1'`},
	{"execute-public", "app.tid()", "everybody may ask for the tenant", `grant execute on function app.tid() to public`},
	{"execute-stranger", "app.tid()", "a role nobody knows may call", `create role stranger; grant execute on function app.tid() to stranger`},
	{"execute-sec", "sec.open_session(uuid,uuid,text)", "sessions opened by the api", `grant execute on function sec.open_session(uuid, uuid, text) to lyhord_api`},
	{"execute-sec", "sec.switch_tenant(text,text,uuid)", "more than a login needs", `grant execute on function sec.switch_tenant(text, text, uuid) to lyhord_login`},
	{"immutable-reads-context", "app.f()", "a setting behind a constant", `create function app.f() returns uuid language sql immutable as $$ select current_setting('app.tenant', true)::uuid $$`},
	{"immutable-reads-context", "app.f()", "the tenant behind a constant", `create function app.f() returns uuid language plpgsql immutable as $$ begin return app.tid(); end $$`},
	{"leakproof", "app.f(text)", "a function said to be leakproof", `create function app.f(text) returns boolean language sql leakproof as 'select true'`},
	{"language", "app.f()", "a function in C", `create function app.f() returns int language internal as 'pg_backend_pid'`},
	{"language", "plother", "another language", `create language plother handler plpgsql_call_handler`},
	{"extension", "other", "another extension", `insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
		select 4294900000, 'other', 10, 'public'::regnamespace, false, '1'`},
	{"definer-trusts-setting", "app.f()", "a function that switches the fences", definer + `alter function app.f() set row_security = off`},
	{"immutable-reads-context", "app.f()", "the proof behind a constant", `create function app.f() returns text language plpgsql immutable as $$ begin return sec.proven(); end $$`},
	{"proof", "sec.mac(text)", "proofs made by the api", `grant execute on function sec.mac(text) to lyhord_api`},
	{"proof", "app.enter(text,text)", "a door more into a tenant", `grant execute on function app.enter(text, text) to lyhord_login`},
	{"proof", "sec.proven()", "what was proved in other hands", `alter function sec.proven() owner to lyhord_owner`},
	{"context-function", "app.tid()", "the context in a parallel worker", `alter function app.tid() parallel safe`},
	{"context-function", "app.pid()", "the context with the caller's rights", `alter function app.pid() security invoker`},
	{"context-function", "app.tid()", "the context as a constant", `alter function app.tid() immutable`},
}

var roleDefects = []defect{
	{"role-missing", "lyhord_stats", "a role gone", `alter role lyhord_stats rename to gone`},
	{"role-power", "lyhord_api", "a superuser", `alter role lyhord_api superuser`},
	{"role-power", "lyhord_worker", "past the fences", `alter role lyhord_worker bypassrls`},
	{"role-power", "lyhord_owner", "an owner past the fences", `alter role lyhord_owner bypassrls`},
	{"role-power", "lyhord_api", "a maker of roles", `alter role lyhord_api createrole`},
	{"role-power", "lyhord_api", "a maker of databases", `alter role lyhord_api createdb`},
	{"role-power", "lyhord_relay", "a replica", `alter role lyhord_relay replication`},
	{"role-login", "lyhord_auth", "a login for who owns the sessions", `alter role lyhord_auth login`},
	{"role-member", "lyhord_api", "a member of the owner", `grant lyhord_owner to lyhord_api`},
	{"role-member", "lyhord_insight", "a reader of everything", `grant pg_read_all_data to lyhord_insight`},
	{"role-member", "stranger", "a stranger in the owner's place", `create role stranger login; grant lyhord_owner to stranger`},
	{"role-owns", "lyhord_api", "a table of its own", `grant create on schema app to lyhord_api; create table app.t (id int); alter table app.t owner to lyhord_api`},
	{"role-timeouts", "lyhord_api", "no limit for a statement", `alter role lyhord_api reset statement_timeout`},
	{"role-timeouts", "lyhord_worker", "a limit of nothing", `alter role lyhord_worker set lock_timeout = 0`},
	{"role-timeouts", "lyhord_intake", "no limit for an idle transaction", `alter role lyhord_intake reset idle_in_transaction_session_timeout`},
	{"role-setting", "lyhord_api", "fences switched off from the start", `alter role lyhord_api set row_security = off`},
	{"role-setting", "lyhord_worker", "triggers switched off from the start", `alter role lyhord_worker set session_replication_role = replica`},
	{"role-setting", "lyhord_api", "a tenant from the start", `alter role lyhord_api set app.tenant = '00000000-0000-0000-0000-000000000001'`},
	{"role-setting", "database", "a setting for everybody", `do $$ begin execute format('alter database %I set row_security = off', current_database()); end $$`},
	{"schema-create", "app", "things made beside ours", `grant create on schema app to lyhord_api`},
	{"schema-create", "public", "things made in public", `grant create on schema public to public`},
	{"schema-create", "app", "a door left open after a hand-over", `grant create on schema app to lyhord_dialogue`},
	{"schema-public", "app", "a schema for everybody", `grant usage on schema app to public`},
	{"database-rights", "@database", "temporary tables", `do $$ begin execute format('grant temporary on database %I to lyhord_api', current_database()); end $$`},
	{"database-rights", "@database", "everybody comes in", `do $$ begin execute format('grant connect on database %I to public', current_database()); end $$`},
	{"default-rights", "app", "rights on what does not exist yet", `alter default privileges in schema app grant select on tables to lyhord_api`},
	{"default-rights", "every schema", "rights on every new thing", `alter default privileges for role lyhord_migrator grant select on tables to lyhord_worker`},
	{"publication", "leak", "rows handed out", `create publication leak for table app.cases`},
	{"large-object", "424242", "a large object", `select lo_create(424242)`},
	{"large-object", "lo_creat(integer)", "large objects for everybody", `grant execute on function lo_creat(integer) to public`},
	{"event-trigger", "e", "something that runs by itself", `create function app.e() returns event_trigger language plpgsql as $$ begin end $$; create event trigger e on ddl_command_end execute function app.e()`},
}
