"""The trigger that chains events, and the triggers that refuse to change them."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_event_text(e audit_auditevent) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object(
    'stream', e.stream, 'seq', e.seq, 'at', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    'actor', e.actor_id, 'on_behalf_of', e.on_behalf_of_id, 'verb', e.verb,
    'object_type', e.object_type, 'object_id', e.object_id,
    'before', e.before, 'after', e.after, 'request_id', e.request_id, 'previous', e.previous)::text
$$;
CREATE FUNCTION audit_event_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE head audit_audithead;
BEGIN
  INSERT INTO audit_audithead AS h (stream, seq, hash) VALUES (NEW.stream, 1, '')
    ON CONFLICT (stream) DO UPDATE SET seq = h.seq + 1
    RETURNING * INTO head;
  NEW.seq := head.seq;
  NEW.at := clock_timestamp();
  NEW.previous := head.hash;
  NEW.hash := encode(sha256(convert_to(audit_event_text(NEW), 'UTF8')), 'hex');
  UPDATE audit_audithead SET hash = NEW.hash WHERE stream = NEW.stream;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_event_chain BEFORE INSERT ON audit_auditevent
  FOR EACH ROW EXECUTE FUNCTION audit_event_chain();
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is append-only: % of % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_auditevent
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_auditevent
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""
BACKWARD = """
DROP TRIGGER audit_event_no_truncate ON audit_auditevent;
DROP TRIGGER audit_event_no_change ON audit_auditevent;
DROP TRIGGER audit_event_chain ON audit_auditevent;
DROP FUNCTION audit_refuse();
DROP FUNCTION audit_event_chain();
DROP FUNCTION audit_event_text(audit_auditevent);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
