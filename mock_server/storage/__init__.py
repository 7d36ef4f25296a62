"""Rows in, rows out: the only place with SQL. Decides nothing and knows no HTTP."""
