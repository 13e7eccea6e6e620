import os
CONST = "x"

def helper(dbt):
    return dbt.ref("sql_one")

def model(dbt, session):
    dbt.config(
        materialized="incremental",
        packages=["numpy==1.0", 'pandas'],
        tags=["a"],
        meta={"k": [1, 2.0, None, True, {"d": (1, 2)}]},
        submission_method='x',
        timeout=120,
    )
    """docs with dbt.ref("not_me") inside"""
    # dbt.ref("commented")
    a = dbt.ref("sql_one")
    b = dbt.ref("python_models", "sql_one")
    c = dbt.source("src", "tab")
    v = dbt.config.get("materialized")
    w = dbt.config.get("nothing", 5)
    m = dbt.config.meta_get("k")
    f = f"{dbt.this} {v}"
    if dbt.is_incremental:
        a = a.filter("x")
    return a
