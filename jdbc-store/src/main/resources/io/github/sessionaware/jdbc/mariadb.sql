-- Sessions of session-aware-jwt, schema version 1, for MariaDB 10.6 or later.
-- utf8mb4_nopad_bin compares identities byte by byte. With plain utf8mb4_bin, 'bob' and 'bob ' would be equal.
-- Times are milliseconds since 1970-01-01T00:00:00Z.
-- Attributes are a JSON object. It holds at most 2048 characters, and JSON may write each of them as two.

create table if not exists jwt_sessions (
    user_id                varchar(255) not null,
    session_id             varchar(64) not null,
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
    primary key (user_id, session_id),
    index by_expires_at (expires_at)
) engine = InnoDB, character set utf8mb4, collate utf8mb4_nopad_bin;

-- If sessions per user are limited, logins of one user wait for each other at one of these rows. Their number is fixed.
create table if not exists jwt_sessions_locks (
    bucket integer not null primary key,
    turns  bigint default 0 not null
) engine = InnoDB;

insert ignore into jwt_sessions_locks (bucket) values
    (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15),
    (16), (17), (18), (19), (20), (21), (22), (23), (24), (25), (26), (27), (28), (29), (30), (31),
    (32), (33), (34), (35), (36), (37), (38), (39), (40), (41), (42), (43), (44), (45), (46), (47),
    (48), (49), (50), (51), (52), (53), (54), (55), (56), (57), (58), (59), (60), (61), (62), (63);

create table if not exists jwt_sessions_schema (
    version integer not null primary key
) engine = InnoDB;

insert into jwt_sessions_schema (version)
select 1 from dual where not exists (select version from jwt_sessions_schema);
