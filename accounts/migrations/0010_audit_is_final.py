"""The database itself keeps audit lines as they were written.

SQLite makes a table anew when a later migration alters it, and its triggers go with the old one: such
a migration ends with these operations again. A test on both databases would notice.
"""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION accounts_auditentry_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    purge_before text := NULLIF(current_setting('lms.audit_purge_before', true), '');
BEGIN
    IF TG_OP = 'DELETE' AND purge_before IS NOT NULL AND OLD.at < purge_before::timestamptz THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'An audit entry is final.' USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER accounts_auditentry_final BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION accounts_auditentry_final();
"""
POSTGRESQL_BACK = """
DROP TRIGGER IF EXISTS accounts_auditentry_final ON accounts_auditentry;
DROP FUNCTION IF EXISTS accounts_auditentry_final();
"""
SQLITE = """
CREATE TRIGGER accounts_auditentry_final BEFORE UPDATE ON accounts_auditentry
BEGIN
    SELECT RAISE(ABORT, 'An audit entry is final.');
END;
"""
SQLITE_BACK = "DROP TRIGGER IF EXISTS accounts_auditentry_final;"


def _run(schema_editor, **statements):
    statement = statements.get(schema_editor.connection.vendor)
    if statement:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(statement)


def add(apps, schema_editor):
    _run(schema_editor, postgresql=POSTGRESQL, sqlite=SQLITE)


def remove(apps, schema_editor):
    _run(schema_editor, postgresql=POSTGRESQL_BACK, sqlite=SQLITE_BACK)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_audit_subjects_found")]
    operations = [migrations.RunPython(add, remove)]
