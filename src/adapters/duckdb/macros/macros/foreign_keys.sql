{#
  Foreign keys. DuckDB neither renames nor drops a table that a foreign key refers to, and the referring table keeps
  the name it was made under (duckdb/duckdb#24648). So a table with foreign keys is made under its final name, and
  the tables that refer to one are taken away while it is replaced: each is copied, dropped, and comes back as a copy
  without its constraints until its own model rebuilds it later in the run.
#}

{# Types of constraints in the contract of this node. #}
{% macro enforced_constraint_types() -%}
  {%- set types = [] -%}
  {%- if config.get('contract').enforced -%}
    {%- for owner in [model] + model.get('columns', {}).values() | list -%}
      {%- for constraint in owner.get('constraints', []) -%}
        {%- do types.append(constraint.type) -%}
      {%- endfor -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(types) }}
{%- endmacro %}

{% macro existing_constraint_types(relation) -%}
  {{ return(adapter.existing_key_constraint_types(relation) if relation is not none and relation.is_table else []) }}
{%- endmacro %}

{# Whether the table that is or the one that is to be refers to another. #}
{% macro has_foreign_key_constraints(relation=none) -%}
  {{ return(
    adapter.catalog_supports_foreign_keys(this.database)
    and ('foreign_key' in enforced_constraint_types() or 'foreign_key' in existing_constraint_types(relation))
  ) }}
{%- endmacro %}

{# Only a table with a primary key or a unique constraint can be referred to. #}
{% macro may_be_foreign_key_target(relation=none) -%}
  {%- if not adapter.catalog_supports_foreign_keys(this.database) -%}
    {{ return(false) }}
  {%- endif -%}
  {%- set types = enforced_constraint_types() + existing_constraint_types(relation) -%}
  {{ return('primary_key' in types or 'unique' in types) }}
{%- endmacro %}

{# Drops a relation that is about to be made again under its name; a transaction brings it back if that fails. #}
{% macro drop_relation_for_rebuild(relation) -%}
  {%- do adapter.ensure_transaction() -%}
  {%- set dropped = drop_foreign_key_dependents(relation) if relation.is_table and may_be_foreign_key_target(relation) else [] -%}
  {%- do adapter.drop_relation(relation) -%}
  {{ return(dropped) }}
{%- endmacro %}

{# Takes the tables away that refer to the relation, farthest first: a list of {relation, backup} for the way back. #}
{% macro drop_foreign_key_dependents(relation) -%}
  {%- set references = duckdb__foreign_key_references(relation) -%}
  {%- if not references -%}
    {{ return([]) }}
  {%- endif -%}
  {%- do duckdb__check_foreign_key_dependents(relation, references) -%}
  {%- set dropped = [] -%}
  {%- for table in references -%}
    {%- set dependent = api.Relation.create(database=relation.database, schema=relation.schema, identifier=table, type='table') -%}
    {%- set backup = dependent.incorporate(path={'identifier': table ~ '__dbt_fk_backup'}, type='table') -%}
    {%- do adapter.drop_relation(backup) -%}
    {% call statement('backup_foreign_key_dependent_' ~ loop.index) -%}
      create table {{ backup }} as select * from {{ dependent }}
    {%- endcall %}
    {%- do log('Dropping ' ~ dependent ~ ' because it references ' ~ relation ~ ' through a foreign key; it is rebuilt later in this run', info=True) -%}
    {%- do adapter.drop_relation(dependent) -%}
    {%- do dropped.append({'relation': dependent, 'backup': backup}) -%}
  {%- endfor -%}
  {{ return(dropped) }}
{%- endmacro %}

{% macro restore_foreign_key_dependents(dropped) -%}
  {%- for item in dropped | reverse -%}
    {%- do log('Restoring data for ' ~ item['relation'] ~ '; its constraints are rebuilt later in this run', info=True) -%}
    {%- do adapter.rename_relation(item['backup'], item['relation']) -%}
  {%- endfor -%}
{%- endmacro %}

{#
  Every table that refers to the relation, itself or through others, with the names (in lower case) of the tables
  that it refers to; farthest first, the order to drop them in. Foreign keys stay within a schema.
#}
{% macro duckdb__foreign_key_references(relation) -%}
  {%- call statement('get_foreign_key_dependents', fetch_result=True) %}
    with recursive foreign_keys as (
      select distinct table_name, lower(referenced_table) as referenced
      from duckdb_constraints()
      where constraint_type = 'FOREIGN KEY'
        and lower(database_name) = lower('{{ adapter.escape_sql_string(relation.database) }}')
        and lower(schema_name) = lower('{{ adapter.escape_sql_string(relation.schema) }}')
        and lower(table_name) <> lower(referenced_table)
    ),
    reached(table_name, distance) as (
      select table_name, 1
      from foreign_keys
      where referenced = lower('{{ adapter.escape_sql_string(relation.identifier) }}')
      union
      select foreign_keys.table_name, reached.distance + 1
      from reached
      join foreign_keys on foreign_keys.referenced = lower(reached.table_name)
    )
    select table_name, foreign_keys.referenced
    from (select table_name, max(distance) as distance from reached group by table_name) as dependents
    join foreign_keys using (table_name)
    order by dependents.distance desc, table_name, foreign_keys.referenced
  {%- endcall -%}
  {%- set references = {} -%}
  {%- for table, referenced in load_result('get_foreign_key_dependents').table -%}
    {%- do references.setdefault(table, []).append(referenced) -%}
  {%- endfor -%}
  {{ return(references) }}
{%- endmacro %}

{# Raises unless every dependent table is made from scratch, later in this run, by a model that waits for this one. #}
{% macro duckdb__check_foreign_key_dependents(relation, references) -%}
  {%- set nodes, ids = {}, {relation.identifier | lower: model.unique_id} -%}
  {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.schema | lower == relation.schema | lower -%}
    {%- set name = (node.alias or node.name) | lower -%}
    {%- if (node.database or '') | lower == (relation.database or '') | lower and name in references | map('lower') | list -%}
      {%- do nodes.update({name: node}) -%}
      {%- do ids.update({name: node.unique_id}) -%}
    {%- endif -%}
  {%- endfor -%}

  {%- set problems = [] -%}
  {%- for table, referenced in references.items() -%}
    {%- set node = nodes.get(table | lower) -%}
    {%- set parents = [] -%}
    {%- for name in referenced if name in ids -%}
      {%- do parents.append(ids[name]) -%}
    {%- endfor -%}
    {%- if node is none -%}
      {%- do problems.append(table ~ ' (not built by a dbt model in this project)') -%}
    {%- elif node.unique_id not in selected_resources -%}
      {%- do problems.append(table ~ ' (model ' ~ node.name ~ ' is not selected in this run)') -%}
    {%- elif not parents | select('in', node.depends_on.nodes) | list -%}
      {%- do problems.append(table ~ ' (model ' ~ node.name ~ ' does not ref() the table its foreign key points at, so dbt may not rebuild it afterwards; use `to: ref(...)` in the constraint)') -%}
    {%- else -%}
      {%- set full_refresh = flags.FULL_REFRESH if node.config.full_refresh is none else node.config.full_refresh -%}
      {%- if node.config.materialized != 'table' and not (node.config.materialized == 'incremental' and full_refresh) -%}
        {%- do problems.append(table ~ ' (model ' ~ node.name ~ ' is materialized as ' ~ node.config.materialized ~ ' and would lose its data; run with --full-refresh)') -%}
      {%- endif -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if problems -%}
    {%- do exceptions.raise_compiler_error(
      'Cannot replace ' ~ relation ~ ' because DuckDB does not allow replacing a table that a foreign key references, '
      ~ 'and only referencing tables that this run will rebuild can be dropped. Problem tables: ' ~ problems | join('; ')
    ) -%}
  {%- endif -%}
{%- endmacro %}

{# Without a transaction of its own: this also runs after the commit, where one would be rolled back. #}
{% macro drop_indexes_on_relation(relation) -%}
  {%- call statement('get_indexes_on_relation', fetch_result=True, auto_begin=False) %}
    select index_name
    from duckdb_indexes()
    where database_name = '{{ relation.database }}' and schema_name = '{{ relation.schema }}' and table_name = '{{ relation.identifier }}'
  {%- endcall -%}
  {%- for row in load_result('get_indexes_on_relation').table -%}
    {%- call statement('drop_index_' ~ loop.index, auto_begin=false) -%}
      drop index "{{ relation.database }}"."{{ relation.schema }}"."{{ row[0] }}"
    {%- endcall -%}
  {%- endfor -%}
{%- endmacro %}
