-- dialect: tsql
select top 5 [o].[order_id], isnull([o].[status], 'x') as s from [orders] as [o] order by [o].[amount] desc
