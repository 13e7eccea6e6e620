def model(dbt, session):
    df = dbt.ref("py_one")
    return df
