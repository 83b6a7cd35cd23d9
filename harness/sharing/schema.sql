-- The worlds that are served together; one row for each copy (`/n/NAME`), the main one under the empty name.
-- `world` changes with every reset: whoever still serves the one before sees that by its number.

CREATE TABLE worlds (
    name   text PRIMARY KEY,
    world  bigint GENERATED ALWAYS AS IDENTITY,
    before bigint,
    made_of text NOT NULL,
    starts timestamptz NOT NULL,  -- the moment at which the world began, by its own clock
    began  timestamptz NOT NULL   -- and by that of the database
);

-- What one process changed and the others must know before they answer: the latest state of each key.
CREATE TABLE changes (
    world   bigint NOT NULL,
    kind    text NOT NULL,
    key     text NOT NULL,
    version integer NOT NULL,
    turn    bigint NOT NULL,
    state   bytea NOT NULL,
    PRIMARY KEY (world, kind, key)
);
CREATE INDEX changes_in_turn ON changes (world, turn);
CREATE SEQUENCE turns;

-- Writes changes that are each the next version of their key; tells how many of them were.
-- One writer of a world at a time: nobody can have seen turn 6 who was not shown turn 5.
CREATE FUNCTION publish(the_world bigint, kinds text[], keys text[], versions integer[], states bytea[])
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    kept bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('crossbook changes'), the_world::integer);
    INSERT INTO changes
        SELECT the_world, new.kind, new.key, new.version, nextval('turns'), new.state
        FROM unnest(kinds, keys, versions, states) AS new (kind, key, version, state)
    ON CONFLICT (world, kind, key) DO UPDATE
        SET version = excluded.version, turn = excluded.turn, state = excluded.state
        WHERE changes.version = excluded.version - 1;
    GET DIAGNOSTICS kept = ROW_COUNT;
    RETURN kept;
END $$;

CREATE SEQUENCE workers;  -- a number for each process that ever served: what it makes up bears it

CREATE TABLE signing_key (
    is_alone boolean PRIMARY KEY DEFAULT true CHECK (is_alone),
    pem      text NOT NULL
);
