{#
  Python models. The code of the user is followed by a postfix that gives it `dbt`: what the model refers to was
  found when the project was parsed, so ref() and source() are look-ups in dictionaries of relation names.
#}

{# The relation's name inside of a Python string in double quotes. #}
{% macro resolve_model_name(input_model_name) %}
  {{ return(adapter.dispatch('resolve_model_name', 'dbt')(input_model_name)) }}
{% endmacro %}

{%- macro default__resolve_model_name(input_model_name) -%}
  {{ input_model_name | string | replace('"', '\"') }}
{%- endmacro -%}

{% macro build_ref_function(model) %}
{%- set names = {} -%}
{%- for reference in model.refs -%}
  {%- set path = [reference.package, reference.name] if reference.get('package') else [reference.name] -%}
  {%- set resolved = ref(*path, v=reference.get('version')) -%}
  {#- render() leaves out the limits of --empty and --sample; a project's own ref() may return plain text -#}
  {%- set resolved = resolved.render() if resolved.render is defined and resolved.render is callable else resolved -%}
  {%- set key = path | join('.') ~ ('.v' ~ reference.version if reference.get('version') else '') -%}
  {%- do names.update({key: resolve_model_name(resolved)}) -%}
{%- endfor %}
def ref(*args, **kwargs):
    relations = {{ names | tojson }}
    name = ".".join(args)
    version = kwargs.get("v") or kwargs.get("version")
    if version:
        name = f"{name}.v{version}"
    return kwargs["dbt_load_df_function"](relations[name])
{% endmacro %}

{% macro build_source_function(model) %}
{%- set names = {} -%}
{%- for path in model.sources -%}
  {%- do names.update({path | join('.'): resolve_model_name(source(*path))}) -%}
{%- endfor %}
def source(*args, dbt_load_df_function):
    relations = {{ names | tojson }}
    return dbt_load_df_function(relations[".".join(args)])
{% endmacro %}

{# The values of the configs that the code reads; keys and defaults were found when the project was parsed. #}
{% macro build_config_dict(model) %}
{%- set settings, meta = {}, {} -%}
{%- for key, default in zip(model.config.config_keys_used, model.config.config_keys_defaults) | list -%}
  {%- do settings.update({key: model.config.get(key, default)}) -%}
{%- endfor -%}
{%- if model.config.meta_keys_used -%}
  {%- for key, default in zip(model.config.meta_keys_used, model.config.meta_keys_defaults) | list -%}
    {%- do meta.update({key: (model.config.meta or {}).get(key, default)}) -%}
  {%- endfor -%}
{%- endif %}
config_dict = {{ settings }}
meta_dict = {{ meta }}
{% endmacro %}

{% macro py_script_postfix(model) %}
# ---- The model's own code ends here. What follows makes dbt.ref(), dbt.source() and dbt.config work. ----
# COMMAND ----------
{{ build_ref_function(model) }}
{{ build_source_function(model) }}
{{ build_config_dict(model) }}

class config:
    """dbt.config: the settings of the model"""

    def __init__(self, *args, **kwargs):
        pass

    @staticmethod
    def get(key, default=None):
        return config_dict.get(key, default)

    @staticmethod
    def meta_get(key, default=None):
        return meta_dict.get(key, default)


class this:
    """dbt.this: the relation that is being built"""

    database = "{{ this.database }}"
    schema = "{{ this.schema }}"
    identifier = "{{ this.identifier }}"

    def __repr__(self):
        return '{{ resolve_model_name(this) }}'


class dbtObj:
    """What the model function gets as its first argument"""

    def __init__(self, load_df_function) -> None:
        self.source = lambda *args: source(*args, dbt_load_df_function=load_df_function)
        self.ref = lambda *args, **kwargs: ref(*args, **kwargs, dbt_load_df_function=load_df_function)
        self.config = config
        self.this = this()
        self.is_incremental = {{ is_incremental() }}

# COMMAND ----------
{{ py_script_comment() }}
{% endmacro %}

{# How to run the code by hand; for adapters to fill in. #}
{% macro py_script_comment() %}
{% endmacro %}
