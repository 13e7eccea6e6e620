"""ADBC's PostgreSQL driver: Arrow over binary COPY."""
import os
import adbc_driver_postgresql.dbapi as adbc
from check import check

with adbc.connect(f"postgresql://ann@127.0.0.1:{os.environ['PLUMB_PG_PORT']}/test") as connection:
    with connection.cursor() as cursor:
        cursor.execute("select region, measure(revenue) as r from orders group by 1 order by 1")
        table = cursor.fetch_arrow_table()
        check("metrics as arrow", table.to_pydict() == {"region": ["north", "south", "west"], "r": [1000.0, 940.0, 980.0]})
        cursor.execute("select order_id, ordered_at, channel from main.orders")
        check("rows as arrow", cursor.fetch_arrow_table().num_rows == 60)
    objects = connection.adbc_get_objects(depth="tables").read_all().to_pylist()
    schemas = {s["db_schema_name"]: s for c in objects for s in c["catalog_db_schemas"] or []}
    check("objects", "orders" in [t["table_name"] for t in schemas["metrics"]["db_schema_tables"]])
    check("schema", connection.adbc_get_table_schema("orders", db_schema_filter="metrics").field("revenue").type == "double")
