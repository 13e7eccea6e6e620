select "ORDER_ID" as a, Orders.Amount as b from ORDERS where Status = 'x'
