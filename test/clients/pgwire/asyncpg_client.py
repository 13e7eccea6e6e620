"""asyncpg: binary only, types from the statement's description."""
import asyncio
import datetime
import os
import asyncpg
from check import check


async def main():
    connection = await asyncpg.connect(host="127.0.0.1", port=int(os.environ["PLUMB_PG_PORT"]), user="ann", database="test")
    rows = await connection.fetch("select region, measure(revenue) as r, orders as n from orders group by 1 order by 1")
    check("metrics", rows[0]["region"] == "north" and rows[0]["r"] == 1000.0 and int(rows[0]["n"]) == 20)
    row = await connection.fetchrow(
        "select order_id, ordered_at, amount, channel from main.orders where order_id = $1 and ordered_at > $2 and channel = $3",
        5, datetime.datetime(2024, 1, 1), "web")
    check("typed parameters", row["order_id"] == 5 and isinstance(row["ordered_at"], datetime.datetime))
    rows = await connection.fetch("select order_id from main.orders where order_id = any($1::int[]) limit $2", [1, 2, 3], 2)
    check("arrays, limit", len(rows) == 2)
    async with connection.transaction():
        count = 0
        async for _ in connection.cursor("select order_id from main.orders", prefetch=7):
            count += 1
    check("portals", count == 60)
    try:
        await connection.fetch("select sum(order_value) from orders")
    except asyncpg.exceptions.FeatureNotSupportedError as error:
        check("refusals with hints", "MEASURE" in error.hint)
    statement = await connection.prepare("select tier, email from main.customers where customer_id = $1")
    check("describe", [a.type.name for a in statement.get_attributes()] == ["text", "text"] and statement.get_parameters()[0].name == "int4")
    await connection.close()


asyncio.run(main())
