"""Reads requests of OTLP, one a line, as strictly as the published messages of OTLP have them, and prints their samples in JSON, named as
Prometheus names them.

usage: parse.py < requests
"""
import json
import math
import sys

from google.protobuf import json_format
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import AGGREGATION_TEMPORALITY_CUMULATIVE, DataPointFlags

ENDED = DataPointFlags.Value("DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK")


def samples(metric):
    kind = metric.WhichOneof("data")
    data = getattr(metric, kind)
    if kind != "gauge":
        assert data.aggregation_temporality == AGGREGATION_TEMPORALITY_CUMULATIVE, metric.name
    if kind == "sum":
        assert data.is_monotonic, metric.name
    for point in data.data_points:
        assert point.time_unix_nano >= point.start_time_unix_nano > 1_000_000_000 * 10**9, metric.name
        labels = {each.key: each.value.string_value for each in point.attributes}
        value = "ended" if point.flags & ENDED else None
        if kind == "histogram":
            assert len(point.bucket_counts) == len(point.explicit_bounds) + 1, metric.name
            total = 0
            for bound, count in zip([*point.explicit_bounds, "+Inf"], point.bucket_counts):
                total += count
                yield f"{metric.name}_bucket", {**labels, "le": str(bound)}, value or float(total)
            assert point.count == total, metric.name
            yield f"{metric.name}_sum", labels, value or point.sum
            yield f"{metric.name}_count", labels, value or float(total)
        else:
            suffix = "_total" if kind == "sum" else ""
            yield metric.name + suffix, labels, value or (point.as_double if math.isfinite(point.as_double) else str(point.as_double))


for line in sys.stdin:
    request = json_format.Parse(line, ExportMetricsServiceRequest())
    [resource] = request.resource_metrics
    [scope] = resource.scope_metrics
    names = [metric.name for metric in scope.metrics]
    assert len(set(names)) == len(names), "a metric is in the request twice"
    print(
        json.dumps(
            {
                "resource": {each.key: each.value.string_value for each in resource.resource.attributes},
                "samples": [sample for metric in scope.metrics for sample in samples(metric)],
            }
        )
    )
