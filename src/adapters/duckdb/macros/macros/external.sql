{#
  A model as a file (Parquet, CSV or JSON) with a view that reads it. The rows pass through a table; a result without
  rows is written as one row of nulls, so that the file has its columns, and the view leaves that row out.
#}
{% materialization external, adapter='duckdb', supported_languages=['sql', 'python'] %}

  {%- set location = render(config.get('location', default=external_location(this, config))) -%}
  {%- set write_options = render_write_options(config) -%}
  {#- adds to the options what the location tells: format, compression -#}
  {%- set rendered_write_options = adapter.external_write_options(location, write_options) -%}
  {%- set format = duckdb__external_format(config.get('format'), write_options) -%}
  {%- set language = model['language'] -%}

  {%- set existing_relation = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type='view') -%}
  {%- set temp_relation = make_intermediate_relation(this.incorporate(type='table'), suffix='__dbt_tmp') -%}
  {%- set intermediate_relation = make_intermediate_relation(target_relation, suffix='__dbt_int') -%}
  {%- set backup_relation = make_backup_relation(target_relation, 'table' if existing_relation is none else existing_relation.type) -%}
  {%- for relation in [intermediate_relation, temp_relation, backup_relation] -%}
    {%- do drop_relation_if_exists(load_cached_relation(relation)) -%}
  {%- endfor -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {% call statement('create_table', language=language) -%}
    {{ create_table_as(False, temp_relation, compiled_code, language) }}
  {%- endcall %}
  {%- set is_empty = run_query('select count(*) from ' ~ temp_relation)[0][0] == 0 -%}
  {%- set columns = get_columns_in_relation(temp_relation) if is_empty else [] -%}
  {%- if is_empty -%}
    {% call statement('add_row_of_nulls') -%}
      insert into {{ temp_relation }} values ({{ (['null'] * columns | length) | join(', ') }})
    {%- endcall %}
  {%- endif -%}
  {%- do write_to_file(temp_relation, location, rendered_write_options) -%}

  {%- set in_place = existing_relation is none or existing_relation.is_view -%}
  {% call statement('main', language='sql') -%}
    create or replace view {{ target_relation if in_place else intermediate_relation }} as (
      select * from {{ duckdb__external_reader(format, adapter.external_read_location(location, write_options), write_options) }}
      {%- for column in columns %}
      {{ 'where' if loop.first else 'and' }} {{ adapter.quote(column.column) }} is not null
      {%- endfor %}
    );
  {%- endcall %}
  {%- if not in_place -%}
    {%- do adapter.rename_relation(existing_relation, backup_relation) -%}
    {%- do adapter.rename_relation(intermediate_relation, target_relation) -%}
  {%- endif -%}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {%- set revoke = should_revoke(existing_relation, full_refresh_mode=True) -%}
  {%- do apply_grants(target_relation, config.get('grants'), should_revoke=revoke) -%}
  {%- do persist_docs(target_relation, model) -%}
  {%- do adapter.commit() -%}

  {%- if not in_place -%}
    {%- do adapter.drop_relation(backup_relation) -%}
  {%- endif -%}
  {%- do adapter.drop_relation(temp_relation) -%}

  {#- glue_register and glue_database are from before there were plugins -#}
  {%- set plugin = 'glue|' ~ config.get('glue_database', 'default') if config.get('glue_register', default=false) else config.get('plugin') -%}
  {%- if plugin is not none -%}
    {%- do store_relation(plugin, target_relation, location, format, config) -%}
  {%- endif -%}

  {{ run_hooks(post_hooks, inside_transaction=False) }}

  {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}

{# The format to read: the one of the config, or the one that is written if it is one of the three. #}
{% macro duckdb__external_format(configured, write_options) %}
  {%- set formats = ['csv', 'parquet', 'json'] -%}
  {%- if configured and configured not in formats -%}
    {%- do exceptions.raise_compiler_error('Invalid format: ' ~ configured ~ '. Allowed formats are: ' ~ formats | join(', ')) -%}
  {%- endif -%}
  {%- set written = write_options['format'] | lower -%}
  {{ return(configured or (written if written in formats else 'parquet')) }}
{% endmacro %}

{# read_parquet('...', option=value, ...); compression is passed on, since DuckDB guesses it from lower-case endings only. #}
{% macro duckdb__external_reader(format, location, write_options) -%}
  {%- set defaults = {'parquet': {'union_by_name': False}, 'json': {'auto_detect': True}, 'csv': {'auto_detect': True}} -%}
  {%- set options = dict(config.get(format ~ '_read_options', defaults[format])) -%}
  {%- if format != 'parquet' and write_options.get('compression') -%}
    {%- do options.setdefault('compression', write_options['compression']) -%}
  {%- endif -%}
  read_{{ format }}('{{ location }}'
  {%- for name, value in options.items() %}, {{ name }}={{ "'" ~ value ~ "'" if value is string else value }}{% endfor -%}
  )
{%- endmacro %}

{%- macro external_location(relation, config) -%}
  {{ adapter.external_root() }}/{{ relation.identifier }}
  {%- if config.get('options', {}).get('partition_by') is none -%}
    .{{ config.get('format', 'parquet') }}
  {%- endif -%}
{%- endmacro -%}

{# The options of COPY as a dictionary, with their templates rendered. `format` and `delimiter` may stand beside them. #}
{% macro render_write_options(config) -%}
  {%- set options = config.get('options', {}) -%}
  {%- if options is not mapping -%}
    {%- do exceptions.raise_compiler_error('The options argument must be a dictionary') -%}
  {%- endif -%}
  {%- for name in options -%}
    {%- do options.update({name: render(options[name])}) -%}
  {%- endfor -%}
  {%- for name in ['format', 'delimiter'] if config.get(name) -%}
    {%- do options.update({name: render(config.get(name))}) -%}
  {%- endfor -%}
  {{ return(options) }}
{%- endmacro %}

{% macro write_to_file(relation, location, options) -%}
  {%- call statement('write_to_file') -%}
    copy {{ relation }} to '{{ location }}' ({{ options }})
  {%- endcall -%}
{%- endmacro %}

{% macro location_exists(location) -%}
  {{ return(adapter.location_exists(location)) }}
{%- endmacro %}

{# Hands a relation over to a plugin, which writes it where it belongs. #}
{% macro store_relation(plugin, relation, location, format, config) -%}
  {%- do adapter.store_relation(plugin, relation, adapter.get_columns_in_relation(relation), location, format, config) -%}
{%- endmacro %}

{#
  Views over the files of external models that are not part of this run but are read by it: for databases that begin
  empty, such as :memory:. Meant for on-run-start.
#}
{%- macro register_upstream_external_models() -%}
  {%- set seen, schemas = [], [] -%}
  {%- for selected in selected_resources if execute and selected in graph['nodes'] -%}
    {%- for id in graph['nodes'][selected]['depends_on']['nodes'] if id not in seen and id not in selected_resources -%}
      {%- do seen.append(id) -%}
      {%- set node = graph['nodes'].get(id) -%}
      {%- if node and node.resource_type in ('model', 'seed') and node.config.materialized == 'external' -%}
        {%- set relation = api.Relation.create(database=node['database'], schema=node['schema'], identifier=node['alias']) -%}
        {%- set location = node.config.get('location', external_location(relation, node.config)) -%}
        {%- set read_location = adapter.external_read_location(location, render_write_options(node.config)) -%}
        {%- if relation.schema not in schemas -%}
          {%- do schemas.append(relation.schema) -%}
          {% call statement('main', language='sql') -%}
            create schema if not exists {{ relation.without_identifier() }}
          {%- endcall %}
        {%- endif -%}
        {% call statement('main', language='sql') -%}
          create or replace view {{ relation }} as (
            select * from '{{ read_location }}'
          );
        {%- endcall %}
      {%- endif -%}
    {%- endfor -%}
  {%- endfor -%}
  {%- if schemas -%}
    {%- do adapter.commit() -%}
  {%- endif -%}
{%- endmacro -%}
