"""How the clients say what worked: one line of JSON for each check."""
import json
import os


def dsn():
    return f"host=127.0.0.1 port={os.environ['PLUMB_PG_PORT']} user=ann dbname=test"


def url(driver):
    return f"postgresql+{driver}://ann@127.0.0.1:{os.environ['PLUMB_PG_PORT']}/test"


def check(name, holds):
    print(json.dumps({"check": name, "ok": bool(holds)}), flush=True)
