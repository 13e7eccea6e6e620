{{ config(post_hook=log_it('posted', this)) }}
select {{ cents('amount') }}, {{ configs.cents('b') }}, {{ dbt.current_timestamp() }}, {{ adapter.dispatch('thing', 'configs')() }}
from {{ ref('plain') }}
