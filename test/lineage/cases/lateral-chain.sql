select a.twice, b.four from orders o, lateral (select o.amount * 2 as twice) a, lateral (select a.twice * 2 as four) b
