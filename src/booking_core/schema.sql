-- Created on first use. What is kept here can be thrown away: there are no migrations.
-- Values are kept whole, as `json` and not `jsonb`: that takes any text and changes none of it.

CREATE TABLE IF NOT EXISTS attempts (
    turn          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    attempt_id    text NOT NULL UNIQUE,
    invitation_id text NOT NULL,
    is_settled    boolean NOT NULL,
    attempt       json NOT NULL
);
CREATE INDEX IF NOT EXISTS attempts_of_invitation ON attempts (invitation_id, turn);
CREATE INDEX IF NOT EXISTS attempts_unsettled ON attempts (turn) WHERE NOT is_settled;

CREATE TABLE IF NOT EXISTS invitations (
    key           text PRIMARY KEY,
    invitation_id text NOT NULL UNIQUE,
    state         text NOT NULL,
    remind_at     timestamptz,
    invitation    json NOT NULL,
    shown         json NOT NULL  -- apart from the rest: it is by far the larger part, and seldom changes
);
CREATE INDEX IF NOT EXISTS invitations_in_state ON invitations (state);
CREATE INDEX IF NOT EXISTS invitations_to_remind ON invitations (remind_at) WHERE remind_at IS NOT NULL;
