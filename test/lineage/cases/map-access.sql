select map([status], [amount])[status] as x, items[1].sku as sku, items[1:2] as two from orders
