create table users (
    name     varchar(64) collate "C" not null primary key,
    password varchar(255) not null
);
