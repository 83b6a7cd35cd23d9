-- Appointment books of any number of practices, and of any number of copies of a world.
-- Created on first use. What is kept here can be thrown away: there are no migrations.
-- Text is compared byte by byte ("C"), as Python compares it.

CREATE TABLE books (
    book   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    world  bigint NOT NULL,
    ods    text NOT NULL,
    set_up integer NOT NULL DEFAULT 0,  -- counts the changes of its options: schedules stay as they are between two
    UNIQUE (world, ods)
);

-- Each set of options once. A class never changes: a process may remember what it stands for.
CREATE TABLE book_options (
    book   integer NOT NULL REFERENCES books ON DELETE CASCADE,
    class  integer NOT NULL,
    access text NOT NULL,
    PRIMARY KEY (book, class),
    UNIQUE (book, access)
);

CREATE TABLE schedules (
    book            integer NOT NULL REFERENCES books ON DELETE CASCADE,
    id              text COLLATE "C" NOT NULL,
    session         text NOT NULL,
    location_id     text NOT NULL,
    practitioner_id text,
    class           integer NOT NULL,
    starts          timestamptz NOT NULL,
    ends            timestamptz NOT NULL,
    version         integer NOT NULL,
    PRIMARY KEY (book, id)
);

-- `fragment` is the slot as the wire shows it; `holder` the appointment that has it, or the desk.
-- `number` changes with every change of the slot but not with its holder: who has seen it need not read it again.
CREATE SEQUENCE slot_numbers;
CREATE TABLE slots (
    book        integer NOT NULL REFERENCES books ON DELETE CASCADE,
    id          text COLLATE "C" NOT NULL,
    schedule_id text COLLATE "C" NOT NULL,
    starts      timestamptz NOT NULL,
    ends        timestamptz NOT NULL,
    slot_type   text NOT NULL,
    class       integer NOT NULL,
    version     integer NOT NULL,
    fragment    bytea NOT NULL,
    holder      text,
    number      bigint NOT NULL DEFAULT nextval('slot_numbers'),
    PRIMARY KEY (book, id)
) WITH (fillfactor = 90);  -- room for a claim to write its row beside the old one
-- No index knows the holder: a claim then changes the row alone, and a search passes over what is taken.
CREATE INDEX slots_in_time ON slots (book, starts, id);

-- `appointment` is kept whole, as `json` and not `jsonb`: that takes any text and changes none of it.
CREATE TABLE appointments (
    book        integer NOT NULL REFERENCES books ON DELETE CASCADE,
    id          text COLLATE "C" NOT NULL,
    patient_id  text NOT NULL,
    schedule_id text COLLATE "C" NOT NULL,
    slot_ids    text[] NOT NULL,
    booker_ods  text,  -- null where the practice booked for itself
    starts      timestamptz NOT NULL,
    ends        timestamptz NOT NULL,
    status      text NOT NULL,
    version     integer NOT NULL,
    appointment json NOT NULL,
    PRIMARY KEY (book, id)
);
CREATE INDEX appointments_of_patient ON appointments (book, patient_id, starts, id);
CREATE INDEX appointments_in_time ON appointments (book, starts, id);
CREATE INDEX appointments_booked ON appointments (book, schedule_id)
    WHERE booker_ods IS NOT NULL AND status <> 'cancelled';

CREATE FUNCTION booked_in(the_book integer, the_schedule text, by_ods text) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(cardinality(slot_ids)), 0) FROM appointments
    WHERE book = the_book AND schedule_id = the_schedule AND status <> 'cancelled'
        AND booker_ods IS NOT NULL AND (by_ods IS NULL OR booker_ods = by_ods)
$$;

-- Takes all of the slots or none; tells what stands in the way, or nothing.
-- Everyone locks the schedule first and then slots in order of id, so that no two wait for each other.
CREATE FUNCTION take_slots(
    the_book integer, ids text[], new_holder text, most integer, the_schedule text, by_ods text,
    OUT obstacle text, OUT slot text
) LANGUAGE plpgsql AS $$
DECLARE
    wanted integer := (SELECT count(DISTINCT each) FROM unnest(ids) AS each);
    had integer;
BEGIN
    IF most IS NOT NULL THEN
        PERFORM 1 FROM schedules WHERE book = the_book AND id = the_schedule FOR UPDATE;
    END IF;
    PERFORM 1 FROM slots WHERE book = the_book AND id = ANY (ids) ORDER BY id FOR UPDATE;
    GET DIAGNOSTICS had = ROW_COUNT;
    IF had < wanted THEN
        obstacle := 'unknown';
        RETURN;
    END IF;
    SELECT slots.id INTO slot FROM unnest(ids) WITH ORDINALITY AS asked (id, place)
        JOIN slots ON slots.book = the_book AND slots.id = asked.id
        WHERE holder IS NOT NULL ORDER BY place LIMIT 1;
    IF FOUND THEN
        obstacle := 'taken';
        RETURN;
    END IF;
    IF most IS NOT NULL AND booked_in(the_book, the_schedule, by_ods) + wanted > most THEN
        obstacle := 'limit';
        RETURN;
    END IF;
    UPDATE slots SET holder = new_holder WHERE book = the_book AND id = ANY (ids) AND holder IS NULL;
    GET DIAGNOSTICS had = ROW_COUNT;
    ASSERT had = wanted, 'slots that were locked and free are not free';
END $$;

-- Gives back those of the slots that this holder has.
CREATE FUNCTION give_back(the_book integer, ids text[], the_holder text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM slots WHERE book = the_book AND id = ANY (ids) ORDER BY id FOR UPDATE;
    UPDATE slots SET holder = NULL WHERE book = the_book AND id = ANY (ids) AND holder = the_holder;
END $$;

-- Replaces version `was`; tells the version that stands there instead, 0 where there is no appointment.
CREATE FUNCTION change_appointment(
    the_book integer, the_id text, was integer, new_version integer, new_status text, new_text json
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    stored appointments;
BEGIN
    SELECT * INTO stored FROM appointments WHERE book = the_book AND id = the_id FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    IF stored.version <> was THEN
        RETURN stored.version;
    END IF;
    IF new_status = 'cancelled' AND stored.status <> 'cancelled' THEN
        PERFORM give_back(the_book, stored.slot_ids, the_id);
    END IF;
    UPDATE appointments SET version = new_version, status = new_status, appointment = new_text
        WHERE book = the_book AND id = the_id;
    RETURN NULL;
END $$;
