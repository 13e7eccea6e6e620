"""
Fills in what dbt's text block extractor makes of every case in ../blocks/cases.json:

    pip install dbt-core==1.11.16 && python test/unit/jinja/generate/blocks.py
"""

import json
import pathlib

from dbt_common.clients.jinja import extract_toplevel_blocks

CASES = pathlib.Path(__file__).parent.parent / "blocks" / "cases.json"


def evaluate(case):
    warnings = []
    try:
        blocks = extract_toplevel_blocks(
            case["source"],
            allowed_blocks=set(case["kinds"]),
            collect_raw_data=case.get("raw", False),
            warning_callback=lambda warning: warnings.append(warning.msg),
        )
    except Exception as error:
        return {"error": error.msg}
    found = [
        [block.block_type_name, getattr(block, "block_name", None) or "", block.full_block, block.contents]
        for block in blocks
    ]
    return {"blocks": found, "warnings": warnings}


cases = [{key: case[key] for key in ("source", "kinds", "raw") if key in case} for case in json.loads(CASES.read_text())]
lines = ["  " + json.dumps({**case, **evaluate(case)}, ensure_ascii=False) for case in cases]
CASES.write_text("[\n" + ",\n".join(lines) + "\n]\n")
print(len(lines))
