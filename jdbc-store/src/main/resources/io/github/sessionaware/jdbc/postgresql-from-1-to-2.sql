-- Sessions of session-aware-jwt, from schema version 1 to version 2, for PostgreSQL. Keeps every session.

alter table jwt_sessions
    add column label                  varchar(128),
    add column authenticated_at       bigint,
    add column authentication_methods varchar(255),
    add column idle_timeout           bigint,
    add column absolute_timeout       bigint,
    add column refresh_state          varchar(255);

-- Logins wait for each other here where sessions per user are limited. The rows stay as many.
create table if not exists jwt_sessions_locks (
    bucket integer not null primary key,
    turns  bigint  not null default 0
);

insert into jwt_sessions_locks (bucket)
select bucket from generate_series(0, 63) bucket
on conflict do nothing;

update jwt_sessions_schema set version = 2;
