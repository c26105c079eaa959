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

merge into jwt_sessions_locks (bucket) key (bucket) values
    (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15),
    (16), (17), (18), (19), (20), (21), (22), (23), (24), (25), (26), (27), (28), (29), (30), (31),
    (32), (33), (34), (35), (36), (37), (38), (39), (40), (41), (42), (43), (44), (45), (46), (47),
    (48), (49), (50), (51), (52), (53), (54), (55), (56), (57), (58), (59), (60), (61), (62), (63);

update jwt_sessions_schema set version = 2;
