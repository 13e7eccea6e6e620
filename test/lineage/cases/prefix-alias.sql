select total: sum(amount), who: customer_id from orders group by who
