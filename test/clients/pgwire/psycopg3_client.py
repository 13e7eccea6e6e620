"""psycopg 3: text and binary results, parameters, server-side cursors, COPY, transactions."""
import psycopg
from check import check, dsn

with psycopg.connect(dsn(), autocommit=True) as connection:
    rows = connection.execute("select region, measure(revenue) from orders group by 1 order by 1").fetchall()
    check("metrics", [r[0] for r in rows] == ["north", "south", "west"] and rows[0][1] == 1000.0)
    rows = connection.execute("select count(*) from main.orders where ordered_at >= %s and amount > %s", ("2024-02-01", 10)).fetchall()
    check("parameters", rows[0][0] > 0)
    with connection.cursor(binary=True) as cursor:
        cursor.execute("select order_id, ordered_at, amount from main.orders where order_id = %s", (7,), prepare=True)
        row = cursor.fetchone()
        check("binary, prepared", row[0] == 7 and row[1].year == 2024 and isinstance(row[2], float))
    with connection.cursor() as cursor:
        with cursor.copy("copy (select order_id, channel from main.orders order by 1) to stdout") as copy:
            check("copy text", len(list(copy.rows())) == 60)
        with cursor.copy("copy (select order_id, channel from main.orders order by 1) to stdout (format binary)") as copy:
            copy.set_types(["int4", "text"])
            check("copy binary", list(copy.rows())[0][0] == 1)
    try:
        connection.execute("select * from nowhere")
        check("errors", False)
    except psycopg.errors.UndefinedTable:
        check("errors", True)

with psycopg.connect(dsn()) as connection:
    with connection.cursor(name="named") as cursor:
        cursor.execute("select order_id from main.orders order by 1")
        first = cursor.fetchmany(10)
        check("named cursor", len(first) == 10 and len(cursor.fetchall()) == 50)
    with connection.transaction():
        check("transaction", connection.execute("select 1").fetchone() == (1,))
