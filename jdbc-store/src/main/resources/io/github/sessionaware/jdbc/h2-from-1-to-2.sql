-- Sessions of session-aware-jwt, from schema version 1 to version 2, for H2 2.x. Keeps every session.

alter table jwt_sessions add (
    label                  varchar(128),
    authenticated_at       bigint,
    authentication_methods varchar(255),
    idle_timeout           bigint,
    absolute_timeout       bigint,
    refresh_state          varchar(255)
);

-- Logins wait for each other here where sessions per user are limited. The rows stay as many.
create table if not exists jwt_sessions_locks (
    bucket integer not null primary key,
    turns  bigint  not null default 0
);

merge into jwt_sessions_locks (bucket) key (bucket)
select x from system_range(0, 63);

update jwt_sessions_schema set version = 2;
