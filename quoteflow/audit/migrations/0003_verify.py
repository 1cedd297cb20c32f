"""One function that finds the first broken link of every story, and a trigger that runs as the owner."""

from django.db import migrations

# A fault is read off the first event, by number, that does not follow from the one before it.
FORWARD = """
CREATE FUNCTION audit_verify() RETURNS TABLE (stream text, seq bigint, fault text) LANGUAGE sql STABLE AS $$
  WITH events AS (
    SELECT e.stream, e.seq, e.hash, e.previous,
           row_number() OVER story AS place,
           lag(e.hash, 1, '') OVER story AS link,
           encode(sha256(convert_to(audit_event_text(e), 'UTF8')), 'hex') AS computed
    FROM audit_auditevent e WINDOW story AS (PARTITION BY e.stream ORDER BY e.seq)
  ), broken AS (
    SELECT DISTINCT ON (e.stream) e.* FROM events e
    WHERE e.seq <> e.place OR e.previous <> e.link OR e.hash <> e.computed
    ORDER BY e.stream, e.seq
  ), ends AS (
    SELECT DISTINCT ON (e.stream) e.stream, e.seq, e.hash FROM events e ORDER BY e.stream, e.seq DESC
  )
  SELECT b.stream, b.seq,
         CASE
           WHEN b.seq > b.place THEN 'deleted'
           WHEN b.seq < b.place THEN 'inserted'
           WHEN b.previous = b.link THEN 'edited'
           WHEN EXISTS (SELECT FROM events o WHERE o.stream = b.stream AND o.previous = b.previous AND o.seq <> b.seq)
             THEN 'inserted'
           WHEN EXISTS (SELECT FROM events o WHERE o.stream = b.stream AND o.hash = b.previous) THEN 'moved'
           ELSE 'edited'
         END
  FROM broken b
  UNION ALL
  SELECT COALESCE(h.stream, t.stream), COALESCE(h.seq, t.seq),
         CASE
           WHEN t.seq IS NULL OR t.seq < h.seq THEN 'cut'
           WHEN h.seq IS NULL OR t.seq > h.seq THEN 'inserted'
           ELSE 'head'
         END
  FROM audit_audithead h FULL JOIN ends t ON t.stream = h.stream
  WHERE (h.seq, h.hash) IS DISTINCT FROM (t.seq, t.hash)
    AND NOT EXISTS (SELECT FROM broken b WHERE b.stream = COALESCE(h.stream, t.stream))
  ORDER BY 1, 2
$$;
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION audit_event_chain() SECURITY DEFINER SET search_path = %I, pg_temp', current_schema());
END $$;
"""
BACKWARD = """
ALTER FUNCTION audit_event_chain() SECURITY INVOKER;
ALTER FUNCTION audit_event_chain() RESET search_path;
DROP FUNCTION audit_verify();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_chain")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
