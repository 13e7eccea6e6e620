"""psycopg2: simple protocol, named cursors, COPY."""
import io
import psycopg2
from check import check, dsn

connection = psycopg2.connect(dsn())
with connection.cursor() as cursor:
    cursor.execute("select region, measure(revenue) from orders group by 1 order by 1")
    check("metrics", cursor.fetchall()[0] == ("north", 1000.0))
    cursor.execute("select count(*) from main.orders where channel = %s and order_id = any(%s)", ("web", [1, 5, 9]))
    check("parameters", cursor.fetchone() == (3,))
with connection.cursor("named") as cursor:
    cursor.itersize = 7
    cursor.execute("select order_id from main.orders order by 1")
    check("named cursor", len(list(cursor)) == 60)
with connection.cursor() as cursor:
    out = io.StringIO()
    cursor.copy_expert("copy (select order_id, channel from main.orders order by 1) to stdout csv header", out)
    check("copy csv", out.getvalue().splitlines()[0] == "order_id,channel" and len(out.getvalue().splitlines()) == 61)
    try:
        cursor.execute("select nothing from orders")
    except psycopg2.errors.UndefinedColumn:
        connection.rollback()
        cursor.execute("select 1")
        check("errors, rollback", cursor.fetchone() == (1,))
connection.rollback()
connection.set_session(readonly=True, autocommit=True)
with connection.cursor() as cursor:
    cursor.execute("select date_trunc('month', ordered_at)::date, revenue from orders group by 1 order by 1 limit 1")
    check("dates", str(cursor.fetchone()[0]) == "2024-01-01")
