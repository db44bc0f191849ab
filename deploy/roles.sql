-- Three log-ins on a PostgreSQL of your own (15 or later). Run once by its administrator:
--   psql -v owner=… -v app=… -v reader=… -f roles.sql
-- then set DATABASE_OWNER_URL, DATABASE_URL, DATABASE_READER_URL and run `yiwang migrate`.
CREATE ROLE yiwang_owner LOGIN PASSWORD :'owner';
CREATE ROLE yiwang_app LOGIN PASSWORD :'app';
CREATE ROLE yiwang_reader LOGIN PASSWORD :'reader';
CREATE DATABASE yiwang OWNER yiwang_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE yiwang FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE yiwang TO yiwang_app;
GRANT CONNECT ON DATABASE yiwang TO yiwang_reader;
