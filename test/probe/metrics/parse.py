"""Reads a page of metrics as strictly as the client library of Prometheus can, and prints its samples in JSON.

usage: parse.py text|openmetrics < page
"""
import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as text

parse = {"openmetrics": openmetrics, "text": text}[sys.argv[1]]
json.dump(
    [
        [sample.name, sample.labels, str(sample.value)]
        for family in parse(sys.stdin.read())
        for sample in family.samples
    ],
    sys.stdout,
)
