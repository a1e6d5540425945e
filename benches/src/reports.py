"""Counts the columns that lie beside as CSV with DuckDB, and writes what came out and how long it took as JSON."""
import json
import sys
import time

import duckdb

connection = duckdb.connect()
connection.execute("create table interviews (position integer, month integer, outcome integer)")
connection.execute(f"copy interviews from '{sys.argv[1]}' (format csv, header false)")
QUERY = """select position, month, count(*) filter (outcome = 1), count(*) from interviews
           where outcome < 2 group by position, month order by position, month"""
times, cells = [], []
for _ in range(int(sys.argv[2])):
    begun = time.perf_counter()
    cells = connection.execute(QUERY).fetchall()
    times.append(time.perf_counter() - begun)
json.dump({"version": duckdb.__version__, "times": times, "cells": cells}, sys.stdout)
