"""Runs the reading alone, without a database, and scores it as the sample set's own ``score.py`` does."""

import importlib.util
import json
from datetime import date
from pathlib import Path
from types import ModuleType

from shelter.imports.reading.reader import read_file
from shelter.imports.reading.types import Reading
from shelter.imports.reading.understanding import understand

CORPUS = Path(__file__).parents[1] / "corpus"
TODAY = date(2026, 11, 21)
PARTS = ("coverage", "records", "fields", "persons", "errors")  # what reading alone can be scored on


def score_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", CORPUS / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(path: Path, name: str | None = None) -> Reading:
    return understand(read_file(path, name=name or path.name), today=TODAY)


def as_output(name: str, reading: Reading) -> dict:
    """The reading in the format that ``score.py`` reads; every record of an empty house is new."""
    rows = [
        {
            "sheet": row.sheet,
            "row": row.row,
            "status": "new" if row.status == "data" else row.status,
            "reason": "; ".join(map(str, row.reasons)) or None,
            "records": [{"kind": record.kind, "fields": record.fields} for record in row.records],
        }
        for row in reading.rows
    ]
    persons = [
        {
            "id": number,
            "rows": sorted({(reading.rows[m.row_index].sheet, reading.rows[m.row_index].row) for m in cluster.members}),
        }
        for number, cluster in enumerate(reading.people.clusters)
    ]
    return {"workbook": name, "rows": rows, "persons": persons}


def score(truth: dict, reading: Reading, folder: Path) -> dict:
    """All numbers of ``score.py`` for one workbook, and ``reading``: the weighted mean of what reading decides, of 100."""
    module = score_module()
    name = truth["workbook"]
    (folder / f"{name}.json").write_text(json.dumps(as_output(name, reading)), encoding="utf-8")
    result = module.evaluate([truth], folder, [])
    weights = {part: module.WEIGHTS[part] for part in PARTS}
    result["reading"] = 100 * sum(weights[p] * result[p] for p in PARTS) / sum(weights.values()) - result["penalty"]
    return result


def truths() -> list[dict]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((CORPUS / "truth").glob("*.json"))]
