-- Sessions of session-aware-jwt, schema version 1, for PostgreSQL 9.5 or later.
-- The database's encoding must be UTF8.
-- Collation "C" compares identities byte by byte, and its indexes do not depend on the operating system's locales.
-- Times are milliseconds since 1970-01-01T00:00:00Z.
-- Attributes are a JSON object. It holds at most 2048 characters, and JSON may write each of them as two.

create table if not exists jwt_sessions (
    user_id                varchar(255) collate "C" not null,
    session_id             varchar(64) collate "C" not null,
    version                bigint not null,
    generation             integer not null,
    category               varchar(32) not null,
    device                 varchar(128),
    user_agent             varchar(512),
    ip_address             varchar(64),
    location               varchar(128),
    label                  varchar(128),
    attributes             varchar(4200),
    created_at             bigint not null,
    last_active_at         bigint not null,
    expires_at             bigint not null,
    authenticated_at       bigint not null,
    authentication_methods varchar(255),
    idle_timeout           bigint,
    absolute_timeout       bigint,
    refresh_state          varchar(255),
    device_key             varchar(1024),
    login_device           varchar(128),
    login_network          varchar(64),
    primary key (user_id, session_id)
);

create index if not exists jwt_sessions_expires_at on jwt_sessions (expires_at);

-- If sessions per user are limited, logins of one user wait for each other at one of these rows. Their number is fixed.
create table if not exists jwt_sessions_locks (
    bucket integer not null primary key,
    turns  bigint default 0 not null
);

insert into jwt_sessions_locks (bucket)
select bucket from generate_series(0, 63) bucket
on conflict do nothing;

create table if not exists jwt_sessions_schema (
    version integer not null primary key
);

insert into jwt_sessions_schema (version)
select 1 where not exists (select version from jwt_sessions_schema);
