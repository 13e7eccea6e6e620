"""pandas, Polars and ConnectorX: what notebooks read with."""
import os
import connectorx
import pandas
import polars
import sqlalchemy
from check import check, url

REVENUE = "select region, measure(revenue) as revenue from metrics.orders group by 1 order by 1"
ROWS = [("north", 1000.0), ("south", 940.0), ("west", 980.0)]
plain = f"postgresql://ann@127.0.0.1:{os.environ['PLUMB_PG_PORT']}/test"

for driver in ("psycopg2", "psycopg"):
    engine = sqlalchemy.create_engine(url(driver))
    frame = pandas.read_sql(REVENUE, engine)
    check(f"pandas over {driver}", list(frame.itertuples(index=False, name=None)) == ROWS)
    check(f"pandas: a table over {driver}", pandas.read_sql_table("raw_orders", engine, schema="main").shape == (60, 5))
    few = pandas.read_sql(sqlalchemy.text("select * from main.raw_orders where order_id < :n"), engine, params={"n": 5})
    check(f"pandas: parameters over {driver}", len(few) == 4)
    with engine.connect().execution_options(stream_results=True) as connection:
        chunks = [len(c) for c in pandas.read_sql("select * from main.raw_orders", connection, chunksize=7)]
    check(f"pandas: chunks over {driver}", sum(chunks) == 60 and len(chunks) == 9)
    try:
        pandas.DataFrame({"a": [1]}).to_sql("written", engine)
        check(f"pandas: writing is refused over {driver}", False)
    except sqlalchemy.exc.DBAPIError as error:
        check(f"pandas: writing is refused over {driver}", "read-only" in str(error))

check("polars over SQLAlchemy", polars.read_database(REVENUE, engine).rows() == ROWS)
check("polars over ConnectorX", polars.read_database_uri(REVENUE, plain).rows() == ROWS)
check("polars over ADBC", polars.read_database_uri(REVENUE, plain, engine="adbc").rows() == ROWS)
parts = polars.read_database_uri("select * from main.raw_orders", plain, partition_on="order_id", partition_num=3)
check("polars in parts", parts.height == 60)
for protocol in ("binary", "csv", "cursor", "simple"):
    frame = connectorx.read_sql(plain, "select * from main.raw_orders", protocol=protocol)
    check(f"ConnectorX, {protocol}", frame.shape == (60, 5))
