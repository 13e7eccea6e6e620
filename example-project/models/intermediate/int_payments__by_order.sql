{%- set methods = ['card', 'bank_transfer', 'wallet', 'gift_card'] -%}

select
    order_id,
    {%- for method in methods %}
    sum(case when payment_method = '{{ method }}' then amount else 0 end) as {{ method }}_amount,
    {%- endfor %}
    sum(amount) as paid_amount,
    min(paid_at) as first_paid_at
from {{ ref('stg_shop__payments') }}
where payment_status = 'succeeded'
group by order_id
