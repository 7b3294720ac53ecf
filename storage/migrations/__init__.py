"""Alembic migrations, run from code: there is no ini file.

A new table or column: change the model, then write the next revision in versions/ and set storage.schema.HEAD;
tests/storage/test_migrations.py says when model and migrations differ.
"""
