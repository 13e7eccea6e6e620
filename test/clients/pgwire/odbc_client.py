"""psqlODBC by pyodbc: catalogue functions and queries."""
import os
import pyodbc
from check import check

driver = next(name for name in pyodbc.drivers() if "PostgreSQL" in name and "Unicode" in name)
connection = pyodbc.connect(f"DRIVER={{{driver}}};SERVER=127.0.0.1;PORT={os.environ['PLUMB_PG_PORT']};DATABASE=test;UID=ann", autocommit=True)
cursor = connection.cursor()
check("SQLTables", "orders" in [row.table_name for row in cursor.tables(schema="metrics")])
check("SQLColumns", "revenue" in [row.column_name for row in cursor.columns(table="orders", schema="metrics")])
check("SQLPrimaryKeys", [row.column_name for row in cursor.primaryKeys("customers", schema="main")] == ["customer_id"])
cursor.execute("select channel, sum(revenue) from metrics.orders group by channel order by 1")
check("metrics", [tuple(row) for row in cursor.fetchall()] == [("shop", 2172.5), ("web", 747.5)])
cursor.execute("select count(*) from main.orders where channel = ? and order_id > ?", "web", 3)
check("parameters", int(cursor.fetchone()[0]) > 5)
