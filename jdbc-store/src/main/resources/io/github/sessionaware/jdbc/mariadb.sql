-- Sessions of session-aware-jwt, schema version 2, for MariaDB.
-- utf8mb4_nopad_bin compares identities byte by byte; plain utf8mb4_bin would take 'bob' and 'bob ' for one user.
-- Times are milliseconds since 1970-01-01T00:00:00Z.

create table if not exists jwt_sessions (
    session_id     varchar(64)  not null primary key,
    user_id        varchar(255) not null,
    device         varchar(128),
    user_agent     varchar(512),
    ip_address     varchar(64),
    location       varchar(128),
    created_at     bigint       not null,
    last_active_at bigint       not null,
    expires_at     bigint       not null,
    refresh_state  varchar(255),
    index by_user_id (user_id),
    index by_expires_at (expires_at)
) engine = InnoDB, character set utf8mb4, collate utf8mb4_nopad_bin;

create table if not exists jwt_sessions_schema (
    version integer not null primary key
) engine = InnoDB;

insert into jwt_sessions_schema (version)
select 2 from dual where not exists (select version from jwt_sessions_schema);
