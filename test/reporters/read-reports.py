"""Reads the .xml and .ndjson reports of a folder with readers of others, and prints what they say as JSON, by file.

Its Python is that of .ci/install-report-readers, which has the JUnit schema in its folder.
"""

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator
from junitparser import Error, Failure, JUnitXml, Skipped
from lxml import etree
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding

junit_schema = etree.XMLSchema(etree.parse(Path(sys.prefix) / "junit-10.xsd"))
ocsf_schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version="1.5.0"))
compliance_finding = Draft202012Validator(ocsf_schema.get_class_schema("compliance_finding", ["cloud"]))


def read_junit(path):
    if not junit_schema.validate(etree.parse(path)):
        return {"problems": [error.message for error in junit_schema.error_log]}
    cases = [case for suite in JUnitXml.fromfile(str(path)) for case in suite]
    results = [result for case in cases for result in case.result]

    def amount(kind):
        return sum(isinstance(result, kind) for result in results)

    return {
        "problems": [],
        "tests": len(cases),
        "failures": amount(Failure),
        "errors": amount(Error),
        "skipped": amount(Skipped),
    }


def read_ocsf(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    problems = [
        f"{error.json_path}: {error.message}"
        for line in lines
        for error in compliance_finding.iter_errors(json.loads(line))
    ]
    if problems:
        return {"problems": problems}
    events = [ComplianceFinding.model_validate_json(line) for line in lines]
    return {
        "problems": [],
        "events": [
            {
                "uid": event.finding_info.uid,
                "result": event.compliance.status_id.name,
                "status": event.status_id.name,
                "subscriptions": [resource.namespace for resource in event.resources or []],
            }
            for event in events
        ],
    }


readers = {".xml": read_junit, ".ndjson": read_ocsf}
files = sorted(path for path in Path(sys.argv[1]).iterdir() if path.suffix in readers)
json.dump({path.name: readers[path.suffix](path) for path in files}, sys.stdout)
