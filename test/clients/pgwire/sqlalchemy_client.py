"""SQLAlchemy 1.4 and 2: reflection, and queries of tables that were reflected."""
import sqlalchemy as sa
from check import check, url

engine = sa.create_engine(url("psycopg2"))
inspector = sa.inspect(engine)
check("schemas", {"metrics", "main"} <= set(inspector.get_schema_names()))
check("tables", "orders" in inspector.get_table_names(schema="metrics") and "customers" in inspector.get_table_names(schema="main"))
columns = {column["name"]: column["type"] for column in inspector.get_columns("orders", schema="metrics")}
check("columns", isinstance(columns["revenue"], sa.Float) and isinstance(columns["metric_time"], sa.DateTime))
check("keys", inspector.get_pk_constraint("customers", schema="main")["constrained_columns"] == ["customer_id"])
check("indexes, foreign keys", inspector.get_foreign_keys("orders", schema="main") == [] and isinstance(inspector.get_indexes("customers", schema="main"), list))
check("comments", inspector.get_table_comment("customers", schema="main")["text"] == "People who bought something")
check("views", isinstance(inspector.get_view_names(schema="main"), list))
metadata = sa.MetaData()
orders = sa.Table("orders", metadata, schema="metrics", autoload_with=engine)
with engine.connect() as connection:
    query = sa.select(orders.c.channel, sa.func.sum(orders.c.revenue)).group_by(orders.c.channel).order_by(orders.c.channel)
    check("reflected query", connection.execute(query).fetchall() == [("shop", 2172.5), ("web", 747.5)])
    month = sa.func.date_trunc("month", orders.c.ordered_at).label("month")
    query = sa.select(month, sa.func.measure(orders.c.order_value).label("v")).where(orders.c.ordered_at >= "2024-02-01").group_by(month).order_by(sa.desc("v"))
    check("date_trunc, where, order", len(connection.execute(query).fetchall()) == 2)
    inner = sa.select(orders.c.channel, orders.c.revenue).subquery("virtual_table")
    query = sa.select(inner.c.channel, sa.func.sum(inner.c.revenue).label("r")).group_by(inner.c.channel).order_by(sa.desc("r")).limit(1000)
    check("virtual table", connection.execute(query).fetchall()[0] == ("shop", 2172.5))
print(sa.__version__)
