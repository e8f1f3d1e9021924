-- The first migration of ${{ values.name }}.
CREATE TABLE IF NOT EXISTS schema_note (
    id      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    note    text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);
