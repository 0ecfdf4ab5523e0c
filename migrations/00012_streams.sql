-- +goose Up

-- A fix of one release of a distribution says nothing about the others: patches of
-- Debian 11 and Debian 12 are two. The release stream is part of what a patch is
-- about; it is empty where there is none, or nobody knows it.
ALTER TABLE patches ADD COLUMN stream TEXT NOT NULL DEFAULT '';

-- what the last report that names the operating system says the asset runs
ALTER TABLE assets ADD COLUMN stream TEXT NOT NULL DEFAULT '';

UPDATE patches SET stream = 'deb8' WHERE ecosystem = 'deb' AND (fixed_version LIKE '%+deb8u%' OR fixed_version LIKE '%~deb8u%');
UPDATE patches SET stream = 'deb9' WHERE ecosystem = 'deb' AND (fixed_version LIKE '%+deb9u%' OR fixed_version LIKE '%~deb9u%');
UPDATE patches SET stream = 'deb10' WHERE ecosystem = 'deb' AND (fixed_version LIKE '%+deb10u%' OR fixed_version LIKE '%~deb10u%');
UPDATE patches SET stream = 'deb11' WHERE ecosystem = 'deb' AND (fixed_version LIKE '%+deb11u%' OR fixed_version LIKE '%~deb11u%');
UPDATE patches SET stream = 'deb12' WHERE ecosystem = 'deb' AND (fixed_version LIKE '%+deb12u%' OR fixed_version LIKE '%~deb12u%');
UPDATE patches SET stream = 'deb13' WHERE ecosystem = 'deb' AND (fixed_version LIKE '%+deb13u%' OR fixed_version LIKE '%~deb13u%');
UPDATE patches SET stream = 'ubuntu16.04' WHERE ecosystem = 'deb' AND (fixed_version LIKE '%ubuntu0.16.04%' OR fixed_version LIKE '%~16.04.%');
UPDATE patches SET stream = 'ubuntu18.04' WHERE ecosystem = 'deb' AND (fixed_version LIKE '%ubuntu0.18.04%' OR fixed_version LIKE '%~18.04.%');
UPDATE patches SET stream = 'ubuntu20.04' WHERE ecosystem = 'deb' AND (fixed_version LIKE '%ubuntu0.20.04%' OR fixed_version LIKE '%~20.04.%');
UPDATE patches SET stream = 'ubuntu22.04' WHERE ecosystem = 'deb' AND (fixed_version LIKE '%ubuntu0.22.04%' OR fixed_version LIKE '%~22.04.%');
UPDATE patches SET stream = 'ubuntu24.04' WHERE ecosystem = 'deb' AND (fixed_version LIKE '%ubuntu0.24.04%' OR fixed_version LIKE '%~24.04.%');
UPDATE patches SET stream = 'el6' WHERE ecosystem = 'rpm' AND (fixed_version LIKE '%.el6' OR fixed_version LIKE '%.el6\_%' ESCAPE '\' OR fixed_version LIKE '%.el6.%');
UPDATE patches SET stream = 'el7' WHERE ecosystem = 'rpm' AND (fixed_version LIKE '%.el7' OR fixed_version LIKE '%.el7\_%' ESCAPE '\' OR fixed_version LIKE '%.el7.%');
UPDATE patches SET stream = 'el8' WHERE ecosystem = 'rpm' AND (fixed_version LIKE '%.el8' OR fixed_version LIKE '%.el8\_%' ESCAPE '\' OR fixed_version LIKE '%.el8.%');
UPDATE patches SET stream = 'el9' WHERE ecosystem = 'rpm' AND (fixed_version LIKE '%.el9' OR fixed_version LIKE '%.el9\_%' ESCAPE '\' OR fixed_version LIKE '%.el9.%');
UPDATE patches SET stream = 'el10' WHERE ecosystem = 'rpm' AND (fixed_version LIKE '%.el10' OR fixed_version LIKE '%.el10\_%' ESCAPE '\' OR fixed_version LIKE '%.el10.%');
UPDATE patches SET stream = 'amzn1' WHERE ecosystem = 'rpm' AND (fixed_version LIKE '%.amzn1' OR fixed_version LIKE '%.amzn1.%');
UPDATE patches SET stream = 'amzn2' WHERE ecosystem = 'rpm' AND (fixed_version LIKE '%.amzn2' OR fixed_version LIKE '%.amzn2.%');
UPDATE patches SET stream = 'amzn2023' WHERE ecosystem = 'rpm' AND (fixed_version LIKE '%.amzn2023' OR fixed_version LIKE '%.amzn2023.%');

DROP INDEX patches_one_open_per_component;
CREATE UNIQUE INDEX patches_one_open_per_component ON patches (team_id, component, stream) WHERE is_open AND component <> '' AND kind = 'patch';

-- +goose Down

DROP INDEX patches_one_open_per_component;
CREATE UNIQUE INDEX patches_one_open_per_component ON patches (team_id, component) WHERE is_open AND component <> '' AND kind = 'patch';
ALTER TABLE assets DROP COLUMN stream;
ALTER TABLE patches DROP COLUMN stream;
