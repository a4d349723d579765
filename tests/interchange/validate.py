"""Holds files of the packs for exchange to the validators that their fields use.

Usage: validate.py FOLDER, which holds bundle.stix.json, event.misp.json and findings.ocsf.jsonl. Every complaint is a line
on standard output; the exit code is 1 where there is one. The validators are those of requirements.txt beside this file.
"""

import json
import sys
import warnings
from pathlib import Path

from py_ocsf_models.events.findings.detection_finding import DetectionFinding
from pymisp import MISPEvent
from stix2validator import ValidationOptions, validate_file


def stix(path):
    """The STIX 2.1 schemas, with the rules that they can not express. That identifiers should be random is passed over (the
    same case is to have the same ones), and that traffic should have both ports (logs have one)."""
    results = validate_file(str(path), ValidationOptions(version="2.1", disabled=["uuid-check", "network-traffic-ports"]))
    objects = results.object_results if hasattr(results, "object_results") else [results]
    found = []
    for result in objects:
        for error in getattr(result, "errors", None) or []:
            found.append(f"error: {error}")
        for warning in getattr(result, "warnings", None) or []:
            found.append(f"warning: {warning}")
    if not results.is_valid and not found:
        found.append("error: not valid")
    ids = [one["id"] for one in json.loads(path.read_text())["objects"]]
    found += [f"error: {one} is there twice" for one in sorted({one for one in ids if ids.count(one) > 1})]
    refs = references(json.loads(path.read_text()))
    found += [f"error: {ref} is nowhere" for ref in sorted(refs - set(ids))]
    return found


def references(value):
    """What the objects of a bundle refer to."""
    found = set()
    if isinstance(value, dict):
        for key, inner in value.items():
            if key.endswith("_ref"):
                found.add(inner)
            elif key.endswith("_refs"):
                found.update(inner)
            else:
                found |= references(inner)
    elif isinstance(value, list):
        for inner in value:
            found |= references(inner)
    return found


def misp(path):
    """What the library of MISP takes in, and gives back unchanged."""
    event = MISPEvent(strict_validation=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        event.load_file(str(path))
    told = json.loads(path.read_text())["Event"]
    found = []
    if len(event.attributes) != len(told["Attribute"]):
        found.append(f"{len(event.attributes)} of {len(told['Attribute'])} attributes were taken in")
    for attribute, written in zip(event.attributes, told["Attribute"]):
        if (attribute.uuid, attribute.value) != (written["uuid"], written["value"]):
            found.append(f"attribute {written['uuid']} was changed")
    keys = [(one["type"], one["category"], one["value"]) for one in told["Attribute"]]
    found += [f"attribute {key} is there twice" for key in sorted({key for key in keys if keys.count(key) > 1})]
    return found


def ocsf(path):
    """The model of a Detection Finding, line by line."""
    found = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        try:
            finding = DetectionFinding.model_validate_json(line)
        except ValueError as error:
            found.append(f"line {number}: {error}")
            continue
        told = json.loads(line)
        if (finding.class_uid, finding.type_uid) != (2004, 200401) or finding.finding_info.uid != told["finding_info"]["uid"]:
            found.append(f"line {number}: was changed")
    return found


def main(folder):
    """Runs each validator on its file."""
    complaints = 0
    for name, check in (("bundle.stix.json", stix), ("event.misp.json", misp), ("findings.ocsf.jsonl", ocsf)):
        for complaint in check(folder / name):
            complaints += 1
            print(f"{name}: {complaint}")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
