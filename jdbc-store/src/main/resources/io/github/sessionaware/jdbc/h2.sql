-- Sessions of session-aware-jwt, schema version 1, for H2 2.2 or later.
-- H2 counts UTF-16 units and the library counts code points, so these limits are twice the library's.
-- Times are milliseconds since 1970-01-01T00:00:00Z.
-- Attributes are a JSON object. It holds at most 2048 characters, each of which JSON may write as two.

create table if not exists jwt_sessions (
    user_id                varchar(510) not null,
    session_id             varchar(64) not null,
    version                bigint not null,
    generation             integer not null,
    category               varchar(32) not null,
    device                 varchar(256),
    user_agent             varchar(1024),
    ip_address             varchar(128),
    location               varchar(256),
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
    login_device           varchar(256),
    login_network          varchar(128),
    primary key (user_id, session_id)
);

create index if not exists jwt_sessions_expires_at on jwt_sessions (expires_at);

-- If sessions per user are limited, logins of one user wait for each other at one of these rows. Their number is fixed.
create table if not exists jwt_sessions_locks (
    bucket integer not null primary key,
    turns  bigint default 0 not null
);

merge into jwt_sessions_locks (bucket) key (bucket) values
    (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15),
    (16), (17), (18), (19), (20), (21), (22), (23), (24), (25), (26), (27), (28), (29), (30), (31),
    (32), (33), (34), (35), (36), (37), (38), (39), (40), (41), (42), (43), (44), (45), (46), (47),
    (48), (49), (50), (51), (52), (53), (54), (55), (56), (57), (58), (59), (60), (61), (62), (63);

create table if not exists jwt_sessions_schema (
    version integer not null primary key
);

insert into jwt_sessions_schema (version)
select 1 where not exists (select version from jwt_sessions_schema);
