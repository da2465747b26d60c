-- Puts the tests' PostgreSQL database back to the seeded city in a few milliseconds: rows that a test wrote are
-- deleted (their xmin is newer than the last restore), rows that it removed or changed come back from the copy.
CREATE SCHEMA pristine;
CREATE TABLE pristine.mark (txid bigint NOT NULL);
CREATE TABLE pristine.tables (name text PRIMARY KEY, keyed boolean NOT NULL);
CREATE TABLE pristine.sequences (name text PRIMARY KEY, value bigint NOT NULL, called boolean NOT NULL);
CREATE TABLE pristine.kept_tables (number int NOT NULL, name text NOT NULL, copy text NOT NULL);
CREATE TABLE pristine.kept_sequences (number int NOT NULL, name text NOT NULL, value bigint, called boolean);

DO $$
DECLARE t text; s text;
BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE pristine.%I AS TABLE public.%I', 'copy_' || t, t);
    INSERT INTO pristine.tables SELECT t, EXISTS (
      SELECT FROM information_schema.columns WHERE table_schema = 'public' AND table_name = t AND column_name = 'id');
    IF (SELECT keyed FROM pristine.tables WHERE name = t) THEN
      EXECUTE format('CREATE UNIQUE INDEX ON pristine.%I (id)', 'copy_' || t);
    END IF;
  END LOOP;
  FOR s IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
    EXECUTE format('INSERT INTO pristine.sequences SELECT %L, last_value, is_called FROM public.%I', s, s);
  END LOOP;
  INSERT INTO pristine.mark VALUES (txid_current());
END $$;

CREATE FUNCTION pristine.restore() RETURNS void LANGUAGE plpgsql AS $$
DECLARE t record; last bigint := (SELECT txid FROM pristine.mark);
BEGIN
  PERFORM set_config('session_replication_role', 'replica', true);
  FOR t IN SELECT name, keyed FROM pristine.tables LOOP
    IF t.keyed THEN
      EXECUTE format('DELETE FROM public.%I WHERE xmin::text::bigint > %s', t.name, last);
      EXECUTE format('INSERT INTO public.%I SELECT * FROM pristine.%I c WHERE NOT EXISTS '
        '(SELECT FROM public.%I p WHERE p.id = c.id)', t.name, 'copy_' || t.name, t.name);
    ELSE
      EXECUTE format('DELETE FROM public.%I', t.name);
      EXECUTE format('INSERT INTO public.%I SELECT * FROM pristine.%I', t.name, 'copy_' || t.name);
    END IF;
  END LOOP;
  PERFORM setval(format('public.%I', name), value, called) FROM pristine.sequences;
  UPDATE pristine.mark SET txid = txid_current();
END $$;

-- What was written since the last restore, kept under a number.
CREATE FUNCTION pristine.keep(wanted int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE t record; s record; written boolean; copy text; last bigint := (SELECT txid FROM pristine.mark);
BEGIN
  FOR t IN SELECT name, keyed FROM pristine.tables LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I WHERE xmin::text::bigint > %s)', t.name, last) INTO written;
    CONTINUE WHEN NOT written;
    IF NOT t.keyed THEN
      RAISE EXCEPTION 'rows of %, which has no key, cannot be kept', t.name;
    END IF;
    copy := format('kept_%s_%s', wanted, t.name);
    EXECUTE format('CREATE TABLE pristine.%I AS SELECT * FROM public.%I WHERE xmin::text::bigint > %s',
      copy, t.name, last);
    INSERT INTO pristine.kept_tables VALUES (wanted, t.name, copy);
  END LOOP;
  FOR s IN SELECT name FROM pristine.sequences LOOP
    EXECUTE format('INSERT INTO pristine.kept_sequences SELECT %s, %L, last_value, is_called FROM public.%I',
      wanted, s.name, s.name);
  END LOOP;
END $$;

CREATE FUNCTION pristine.put_back(wanted int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE t record;
BEGIN
  PERFORM set_config('session_replication_role', 'replica', true);
  FOR t IN SELECT name, copy FROM pristine.kept_tables k WHERE k.number = wanted LOOP
    EXECUTE format('DELETE FROM public.%I WHERE id IN (SELECT id FROM pristine.%I)', t.name, t.copy);
    EXECUTE format('INSERT INTO public.%I SELECT * FROM pristine.%I', t.name, t.copy);
  END LOOP;
  PERFORM setval(format('public.%I', name), value, called) FROM pristine.kept_sequences k WHERE k.number = wanted;
END $$;
