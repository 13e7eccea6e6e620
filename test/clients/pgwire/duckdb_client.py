"""DuckDB with the served database attached: metadata, COPY in binary, filters pushed down."""
import glob
import os
import duckdb
import duckdb_extension_postgres_scanner as extension
from check import check, dsn

[path] = glob.glob(os.path.join(os.path.dirname(extension.__file__), "**", "*.duckdb_extension"), recursive=True)
connection = duckdb.connect()
connection.execute(f"load '{path}'")
connection.execute(f"attach '{dsn()}' as served (type postgres, read_only)")


def rows(sql):
    return connection.execute(sql).fetchall()


tables = rows("select schema_name, table_name from duckdb_tables() where database_name = 'served'")
check("tables", ("main", "raw_orders") in tables and ("metrics", "orders") in tables)
check("aggregates", rows("select count(*), sum(amount) from served.main.raw_orders") == [(60, 2920.0)])
check("filters", len(rows("select * from served.main.raw_customers where region = 'north'")) == 4)
check("columns", ("ordered_at", "TIMESTAMP") in [row[:2] for row in rows("describe served.main.raw_orders")])
joined = "select count(*) from served.main.raw_orders o join served.main.raw_customers c using (customer_id)"
check("joins of attached tables", rows(joined) == [(60,)])
revenue = "select region, measure(revenue) as r from metrics.orders group by 1 order by 1"
check("metrics", rows(f"from postgres_query('served', '{revenue}')") == [("north", 1000.0), ("south", 940.0), ("west", 980.0)])
